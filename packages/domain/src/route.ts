import { clockText, dayStart, inDaySpan, minuteOfDay } from './calendar.ts';
import type { CategoryId } from './category.ts';
import { levelRank } from './level.ts';
import type { DayKind, DayRule } from './roster.ts';
import type { SourceGroup } from './source.ts';

/** One node of the routing tree. What is empty takes everything. */
export interface RouteNode {
  id: number;
  parentId: number | null;
  /** Among its siblings; the first that takes an alert wins. */
  position: number;
  name: string;
  minRank: number;
  categories: readonly CategoryId[];
  places: readonly string[];
  groups: readonly SourceGroup[];
  days: DayRule;
  /** Minutes after midnight in Shanghai; null: at any time. */
  fromMinute: number | null;
  toMinute: number | null;
  channelIds: readonly number[];
  receiverIds: readonly number[];
  /** Whoever is on duty is told as well. */
  onDuty: boolean;
  /** Null: as the node above. */
  quiet: Quiet | null;
  digest: Digest | null;
}

/** Below `floorRank` nobody is woken: messages wait for the end. Level I always passes. */
export interface Quiet {
  fromMinute: number;
  toMinute: number;
  floorRank: number;
}

/** Messages up to this level are gathered and sent at these minutes of the day. */
export interface Digest {
  maxRank: number;
  atMinutes: readonly number[];
}

/** What a route looks at. */
export interface RouteFacts {
  rank: number;
  categories: readonly CategoryId[];
  places: readonly string[];
  groups: readonly SourceGroup[];
  at: Date;
  dayKind: DayKind;
}

/**
 * The node that decides: the first at the top that takes the alert, then the first of its children that does, and so on. It
 * inherits what it leaves open (whom to tell, quiet hours, digest) from the nodes above. Null when none takes it.
 */
export function findRoute<Node extends RouteNode>(nodes: readonly Node[], facts: RouteFacts): Node | null {
  const below = (parentId: number | null) =>
    nodes
      .filter((node) => node.parentId === parentId)
      .sort((a, b) => a.position - b.position)
      .find((node) => takes(node, facts)) ?? null;
  const descend = (node: Node): Node => {
    const child = below(node.id);
    return child === null ? node : descend(inherit(child, node));
  };
  const top = below(null);
  return top === null ? null : descend(top);
}

function takes(node: RouteNode, { rank, categories, places, groups, at, dayKind }: RouteFacts): boolean {
  const any = <T>(wanted: readonly T[], has: readonly T[]) => wanted.length === 0 || wanted.some((one) => has.includes(one));
  if (rank < node.minRank || (node.days !== 'any' && node.days !== dayKind)) return false;
  if (node.fromMinute !== null && node.toMinute !== null && !inDaySpan(minuteOfDay(at), node.fromMinute, node.toMinute)) return false;
  return any(node.categories, categories) && any(node.places, places) && any(node.groups, groups);
}

function inherit<Node extends RouteNode>(node: Node, above: Node): Node {
  const told = node.channelIds.length > 0 || node.receiverIds.length > 0 || node.onDuty;
  return {
    ...node,
    ...(told ? {} : { channelIds: above.channelIds, receiverIds: above.receiverIds, onDuty: above.onDuty }),
    quiet: node.quiet ?? above.quiet,
    digest: node.digest ?? above.digest,
  };
}

/** Why a message does not go out at once, and until when. */
export interface Hold {
  kind: 'quiet' | 'digest';
  until: Date;
}

/** Null: it goes at once. Of both, the one that ends later. */
export function holdOf({ quiet, digest }: Pick<RouteNode, 'quiet' | 'digest'>, rank: number, at: Date): Hold | null {
  if (rank >= levelRank('I')) return null;
  const holds: Hold[] = [];
  if (quiet !== null && rank < quiet.floorRank && inDaySpan(minuteOfDay(at), quiet.fromMinute, quiet.toMinute)) {
    holds.push({ kind: 'quiet', until: nextMinuteOfDay([quiet.toMinute], at) });
  }
  if (digest !== null && rank <= digest.maxRank && digest.atMinutes.length > 0) {
    holds.push({ kind: 'digest', until: nextMinuteOfDay(digest.atMinutes, at) });
  }
  return holds.reduce<Hold | null>((a, b) => (a === null || b.until > a.until ? b : a), null);
}

export function quietText({ fromMinute, toMinute }: Pick<Quiet, 'fromMinute' | 'toMinute'>): string {
  return `${clockText(fromMinute)}–${clockText(toMinute)}`;
}

/** The first of these minutes of the day, in Shanghai, that comes after a moment. */
function nextMinuteOfDay(minutes: readonly number[], at: Date): Date {
  const moments = [0, 1].flatMap((days) => minutes.map((minute) => dayStart(at, days).getTime() + minute * 60_000));
  return new Date(Math.min(...moments.filter((moment) => moment > at.getTime())));
}
