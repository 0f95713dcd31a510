import {
  activeSilences,
  claimDecisions,
  type Db,
  type Decision,
  emptyStory,
  listChannels,
  listRoutes,
  loadInhibitors,
  loadStories,
  reserveAlertIds,
  saveDecisions,
} from '@guanlan/database';
import { type LevelThresholds, levelRank } from '@guanlan/domain';
import type { Candidate, Context } from './candidate.ts';
import { changeOf } from './change.ts';
import { propose } from './propose.ts';
import { dedup } from './stages/dedup.ts';
import { deliver } from './stages/deliver.ts';
import { group } from './stages/group.ts';
import { inhibit, inhibitedForMs, inhibitingRank } from './stages/inhibit.ts';
import { record } from './stages/record.ts';
import { route } from './stages/route.ts';
import { silence } from './stages/silence.ts';

/** The way of a decision; the order is this line. */
export const stages = [route, group, inhibit, silence, dedup, deliver, record] as const;

export interface DecideOptions {
  now: Date;
  publicUrl: string | null;
  /** By which spread and growth raise a level; without them the contents alone decide. */
  levels?: LevelThresholds | null;
}

/** Events of one transaction: enough to make its round trips cheap, few enough to hold their locks for milliseconds. */
const batch = 100;

/**
 * Decides on these events, as far as they wait for it and nobody else is at it. Returns the notifications to ring for, most
 * urgent first. Alert, timeline, ledger and the event's mark are one transaction: done twice, or by two, it is done once.
 */
export async function decide(db: Db, eventIds: readonly number[], options: DecideOptions): Promise<number[]> {
  const rung: number[] = [];
  for (let from = 0; from < eventIds.length; from += batch) {
    const ids = eventIds.slice(from, from + batch);
    rung.push(
      ...(await db.transaction().execute(async (tx) => {
        const decisions = await claimDecisions(tx, ids);
        if (decisions.length === 0) return [];
        const { plan } = runStages(await contextOf(tx, decisions, options));
        return saveDecisions(tx, plan, options.now);
      })),
    );
  }
  return rung;
}

export function runStages(context: Context): Context {
  return stages.reduce((now, stage) => stage(now), context);
}

async function contextOf(tx: Db, decisions: readonly Decision[], options: DecideOptions): Promise<Context> {
  const { now, publicUrl, levels = null } = options;
  const proposed = await propose(tx, decisions, levels, now);
  const changed = proposed.map((one) => ({ ...one, change: changeOf(one.decision) }));
  const news = changed.filter(({ change }) => change !== null).map(({ decision }) => decision);
  const plan = { decided: [], reported: [], opened: [], raised: [], entries: [], notifications: [] };
  const empty = { now, publicUrl, routes: [], channels: [], silences: [], inhibitors: [], plan };
  const ids = await reserveAlertIds(tx, news.filter((decision) => decision.alert === null).length);
  const stories = await loadStories(tx, idsOf(news), { items: 5 });
  const candidates = changed.map(({ decision, proposal, change }): Candidate => {
    const alertId = decision.alert?.id ?? (change === null ? null : (ids.shift() ?? null));
    const story = stories.get(decision.eventId) ?? emptyStory;
    return { decision, proposal, change, alertId, story, route: null, channels: [], muted: null };
  });
  if (news.length === 0) return { ...empty, candidates };
  return {
    ...empty,
    routes: await listRoutes(tx),
    channels: await listChannels(tx),
    silences: await activeSilences(tx, now),
    inhibitors: await inhibitorsOf(tx, candidates, now),
    candidates,
  };
}

/** Nothing mutes level I, so a batch of nothing else need not look. */
async function inhibitorsOf(tx: Db, candidates: readonly Candidate[], now: Date): Promise<Context['inhibitors']> {
  const lower = candidates.filter(({ change, decision }) => change !== null && decision.rank < levelRank('I'));
  return loadInhibitors(tx, {
    minRank: Math.max(inhibitingRank, 1 + Math.min(...lower.map(({ decision }) => decision.rank))),
    since: new Date(now.getTime() - inhibitedForMs),
    categories: [...new Set(lower.flatMap(({ story }) => story.categories))],
    places: [...new Set(lower.flatMap(({ story }) => story.places))],
  });
}

function idsOf(decisions: readonly Decision[]): number[] {
  return decisions.map((decision) => decision.eventId);
}
