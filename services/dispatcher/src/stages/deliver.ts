import type { DecisionPlan } from '@guanlan/database';
import { holdOf } from '@guanlan/domain';
import type { Candidate, Context, Stage } from '../candidate.ts';
import { markOf, reasonOf } from '../change.ts';
import { messageOf } from '../message.ts';

/** A message for every target of every candidate that is left, held back where its route says so. Each has one key, however often it will be sent. */
export const deliver: Stage = (context) => ({
  ...context,
  plan: { ...context.plan, notifications: context.candidates.flatMap((candidate) => notifications(candidate, context)) },
});

function notifications(candidate: Candidate, { now, publicUrl }: Context): DecisionPlan['notifications'] {
  const { muted, alertId, change, decision, story, route } = candidate;
  if (muted !== null || alertId === null || change === null || route === null) return [];
  const hold = holdOf(route, decision.rank, now);
  return candidate.targets.map(({ channel, receiver, fallbackIds }) => {
    const idempotencyKey = `alert-${alertId}-${channel.id}-${change}-${decision.rank}${markOf(change, decision)}`;
    const message = messageOf(
      { ...decision, alertId, story, confirmedRank: decision.alert?.confirmedRank ?? null },
      { idempotencyKey, publicUrl, reason: reasonOf(change, decision, story) },
    );
    return {
      ...{ alertId, channelId: channel.id, idempotencyKey, rank: decision.rank, reason: message.reason, message },
      ...{ receiver, fallbackIds, hold: hold?.kind ?? null, dueAt: hold?.until ?? now },
    };
  });
}
