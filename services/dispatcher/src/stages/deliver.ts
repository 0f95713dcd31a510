import type { DecisionPlan } from '@guanlan/database';
import { type AlertMessage, categoryInfo, levelOfRank } from '@guanlan/domain';
import type { Candidate, Context, Stage } from '../candidate.ts';
import { reasonOf } from '../change.ts';

/** A message for every channel of every candidate that is left. Each has one key, however often it will be sent. */
export const deliver: Stage = (context) => ({
  ...context,
  plan: { ...context.plan, notifications: context.candidates.flatMap((candidate) => notifications(candidate, context)) },
});

function notifications(candidate: Candidate, context: Context): DecisionPlan['notifications'] {
  const { muted, alertId, change, decision, story } = candidate;
  if (muted !== null || alertId === null || change === null) return [];
  const reason = reasonOf(change, decision, story);
  return candidate.channels.map((channel) => {
    const idempotencyKey = `alert-${alertId}-${channel.id}-${change}-${decision.rank}`;
    const message: AlertMessage = {
      idempotencyKey,
      alertId,
      eventId: decision.eventId,
      level: levelOfRank(decision.rank),
      title: decision.title,
      reason,
      categories: story.categories,
      places: story.places,
      departments: [...new Set(story.categories.map((category) => categoryInfo(category).department))],
      itemCount: decision.itemCount,
      sourceCount: story.sourceCount,
      firstSeenAt: decision.firstSeenAt.toISOString(),
      evidence: story.evidence.map(({ rule, term, snippet }) => ({ rule, term, snippet })),
      items: story.items,
      link: context.publicUrl === null ? null : `${context.publicUrl}/alerts/${alertId}`,
    };
    return { alertId, channelId: channel.id, idempotencyKey, rank: decision.rank, reason, message };
  });
}
