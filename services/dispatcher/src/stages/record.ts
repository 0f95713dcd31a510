import type { DecisionPlan } from '@guanlan/database';
import type { Candidate, Stage } from '../candidate.ts';
import { type Change, reasonOf } from '../change.ts';

/** What is to be written: alerts opened and raised, and the timeline's lines, with the reason why nobody is told where nobody is. */
export const record: Stage = (context) => {
  const { candidates } = context;
  return {
    ...context,
    plan: {
      ...context.plan,
      decided: candidates.map(({ decision }) => decision.eventId),
      opened: candidates.flatMap(({ change, alertId, decision: { eventId, rank } }) =>
        alertId !== null && (change === 'opened' || change === 'reopened') ? { alertId, eventId, rank } : [],
      ),
      raised: candidates.flatMap(({ change, alertId, decision: { rank } }) =>
        alertId !== null && change === 'raised' ? { alertId, rank } : [],
      ),
      entries: candidates.flatMap(entries),
    },
  };
};

const kinds = { opened: 'opened', reopened: 'reopened', raised: 'level-raised' } as const satisfies Record<
  Exclude<Change, 'told-late'>,
  string
>;

function entries({ change, alertId, decision, story, muted, route }: Candidate): DecisionPlan['entries'] {
  // The timeline has said already that nobody was told; the delivery will say that somebody was.
  if (change === null || change === 'told-late' || alertId === null) return [];
  const changed = { alertId, kind: kinds[change], note: reasonOf(change, decision, story), data: { rank: decision.rank } };
  if (muted === null) return [changed];
  return [changed, { alertId, kind: muted.kind, note: muted.reason, data: { ...(route ? { routeId: route.id } : {}) } }];
}
