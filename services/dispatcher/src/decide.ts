import {
  activeInhibitions,
  activeSilences,
  claimDecisions,
  type Db,
  type Decision,
  emptyStory,
  loadInhibitors,
  loadStories,
  reserveAlertIds,
  saveDecisions,
} from '@guanlan/database';
import { type AlertPolicy, type DayKind, type LevelThresholds, levelRank } from '@guanlan/domain';
import { type Candidate, type Context, emptyPlan } from './candidate.ts';
import { changeOf } from './change.ts';
import { loadPeople } from './people.ts';
import { propose } from './propose.ts';
import { dedup } from './stages/dedup.ts';
import { deliver } from './stages/deliver.ts';
import { group } from './stages/group.ts';
import { inhibit } from './stages/inhibit.ts';
import { record } from './stages/record.ts';
import { route } from './stages/route.ts';
import { silence } from './stages/silence.ts';

/** The way of a decision; the order is this line. */
export const stages = [route, group, inhibit, silence, dedup, deliver, record] as const;

/** Events of one transaction: enough to make its round trips cheap, few enough to hold their locks for milliseconds. */
const batch = 100;

export interface DecideOptions {
  now: Date;
  publicUrl: string | null;
  /** In force, and its revision. */
  policy: AlertPolicy;
  policyId: number | null;
  dayKind: (at: Date) => DayKind;
  /** By which spread and growth raise a level; without them the contents alone decide. */
  levels?: LevelThresholds | null;
}

/**
 * Decides on these events, as far as they wait for it and nobody else is at it. Returns how many messages were written. Alert,
 * timeline, ledger and the event's mark are one transaction: done twice, or by two, it is done once.
 */
export async function decide(db: Db, eventIds: readonly number[], options: DecideOptions): Promise<number> {
  let written = 0;
  for (let from = 0; from < eventIds.length; from += batch) {
    const ids = eventIds.slice(from, from + batch);
    written += await db.transaction().execute(async (tx) => {
      const decisions = await claimDecisions(tx, ids);
      if (decisions.length === 0) return 0;
      const { plan } = runStages(await contextOf(tx, decisions, options));
      return saveDecisions(tx, plan, options);
    });
  }
  return written;
}

export function runStages(context: Context): Context {
  return stages.reduce((now, stage) => stage(now), context);
}

async function contextOf(tx: Db, decisions: readonly Decision[], options: DecideOptions): Promise<Context> {
  const { now, publicUrl, policy, dayKind, levels = null } = options;
  const proposed = await propose(tx, decisions, levels, now);
  const changed = proposed.map((one) => ({ ...one, change: changeOf(one.decision, policy) }));
  const news = changed.filter(({ change }) => change !== null).map(({ decision }) => decision);
  const nobody = { routes: [], channels: [], receivers: [], roster: { patterns: [], swaps: [], dayKind } };
  const empty = { now, publicUrl, policy, people: nobody, silences: [], inhibitions: [], inhibitors: [], plan: emptyPlan };
  const ids = await reserveAlertIds(tx, news.filter((decision) => decision.alert === null).length);
  const stories = await loadStories(tx, idsOf(news), { items: 5 });
  const candidates = changed.map(({ decision, proposal, change }): Candidate => {
    const alertId = decision.alert?.id ?? (change === null ? null : (ids.shift() ?? null));
    const story = stories.get(decision.eventId) ?? emptyStory;
    return { decision, proposal, change, alertId, story, route: null, targets: [], muted: null };
  });
  if (news.length === 0) return { ...empty, candidates };
  const inhibitions = await activeInhibitions(tx, now);
  return {
    ...empty,
    people: await loadPeople(tx, { now, dayKind }),
    silences: await activeSilences(tx, now),
    inhibitions,
    inhibitors: await inhibitorsOf(tx, candidates, inhibitions, now),
    candidates,
  };
}

/** Nothing mutes level I, so a batch of nothing else need not look. */
async function inhibitorsOf(
  tx: Db,
  candidates: readonly Candidate[],
  inhibitions: Context['inhibitions'],
  now: Date,
): Promise<Context['inhibitors']> {
  const lower = candidates.filter(({ change, decision }) => change !== null && decision.rank < levelRank('I'));
  if (lower.length === 0 || inhibitions.length === 0) return [];
  return loadInhibitors(tx, {
    minRank: Math.max(Math.min(...inhibitions.map((rule) => rule.minRank)), 1 + Math.min(...lower.map(({ decision }) => decision.rank))),
    since: new Date(now.getTime() - Math.max(...inhibitions.map((rule) => rule.minutes)) * 60_000),
    categories: [...new Set(lower.flatMap(({ story }) => story.categories))],
    places: [...new Set(lower.flatMap(({ story }) => story.places))],
  });
}

function idsOf(decisions: readonly Decision[]): number[] {
  return decisions.map((decision) => decision.eventId);
}
