import type { DecisionPlan } from '@guanlan/database';
import { minuteOf } from '@guanlan/domain';
import type { Candidate, Stage } from '../candidate.ts';
import { type Change, opens, reasonOf } from '../change.ts';

/** What is to be written: alerts opened and raised, and the timeline's lines, with the reason why nobody is told where nobody is. */
export const record: Stage = (context) => {
  const { candidates, plan } = context;
  const held = new Map(plan.notifications.filter(({ hold }) => hold !== null).map((n) => [n.alertId, n]));
  return {
    ...context,
    plan: {
      ...plan,
      decided: candidates.map(({ decision }) => decision.eventId),
      opened: candidates.flatMap(({ change, alertId, decision: { eventId, rank, drillId } }) =>
        alertId !== null && opens(change) ? { alertId, eventId, rank, drillId } : [],
      ),
      raised: candidates.flatMap(({ change, alertId, decision: { rank } }) =>
        alertId !== null && change === 'raised' ? { alertId, rank } : [],
      ),
      told: candidates.flatMap(({ change, alertId, decision: { itemCount, groups } }) =>
        alertId !== null && change !== null ? { alertId, items: itemCount, groups } : [],
      ),
      entries: candidates.flatMap((candidate) => entries(candidate, held.get(candidate.alertId ?? 0))),
    },
  };
};

const kinds = {
  opened: 'opened',
  reopened: 'reopened',
  wave: 'reopened',
  raised: 'level-raised',
  spread: 'spread',
  surged: 'surged',
} as const satisfies Record<Exclude<Change, 'told-late'>, string>;

function entries(
  { change, alertId, decision, story, muted, route }: Candidate,
  held?: DecisionPlan['notifications'][number],
): DecisionPlan['entries'] {
  // The timeline has said already that nobody was told; the delivery will say that somebody was.
  if (change === null || change === 'told-late' || alertId === null) return [];
  const changed = { alertId, kind: kinds[change], note: reasonOf(change, decision, story), data: { rank: decision.rank } };
  if (muted !== null)
    return [changed, { alertId, kind: muted.kind, note: muted.reason, data: { ...(route ? { routeId: route.id } : {}) } }];
  if (held === undefined) return [changed];
  const why = held.hold === 'quiet' ? '静默时段' : '低级别定时汇总';
  return [changed, { alertId, kind: 'suppressed', note: `${why}，${minuteOf(held.dueAt)} 再发`, data: {} }];
}
