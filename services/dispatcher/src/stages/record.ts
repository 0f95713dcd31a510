import type { DecisionPlan, ProposedRank } from '@guanlan/database';
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
      reported: candidates.flatMap(({ decision }) => decision.reports.map(({ reportId }) => reportId)),
      opened: candidates.flatMap((candidate) => {
        const { change, alertId, decision } = candidate;
        if (alertId === null || !opens(change)) return [];
        return { alertId, eventId: decision.eventId, drillId: decision.drillId, ...proposed(candidate) };
      }),
      raised: candidates.flatMap((candidate) => {
        const { change, alertId, decision } = candidate;
        if (alertId === null || opens(change)) return [];
        return change === 'raised' || decision.reports.length > 0 ? { alertId, ...proposed(candidate) } : [];
      }),
      told: candidates.flatMap(({ change, alertId, decision: { itemCount, groups } }) =>
        alertId !== null && change !== null && change !== 'reported' ? { alertId, items: itemCount, groups } : [],
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
} as const satisfies Record<Exclude<Change, 'told-late' | 'reported'>, string>;

function proposed({ decision: { rank }, proposal }: Candidate): ProposedRank {
  return { rank, raisedBy: proposal?.raisedBy ?? [], version: proposal?.version ?? null };
}

function entries(
  { change, alertId, decision, proposal, story, muted, route }: Candidate,
  held?: DecisionPlan['notifications'][number],
): DecisionPlan['entries'] {
  if (alertId === null) return [];
  const reported = decision.reports.map(({ receipt, unit }) => ({
    ...{ alertId, kind: 'reported' as const, note: `${unit}，回执 ${receipt}`, data: { receipt } },
  }));
  // The timeline has said already that nobody was told; the delivery will say that somebody was.
  if (change === null || change === 'told-late' || change === 'reported') return reported;
  const raisedBy = proposal?.raisedBy.map((one) => `；${one}`).join('') ?? '';
  const data = { rank: decision.rank, ...(proposal === null ? {} : { thresholds: proposal.version }) };
  const changed = { alertId, kind: kinds[change], note: `${reasonOf(change, decision, story)}${raisedBy}`, data };
  if (muted !== null)
    return [changed, ...reported, { alertId, kind: muted.kind, note: muted.reason, data: { ...(route ? { routeId: route.id } : {}) } }];
  if (held === undefined) return [changed, ...reported];
  const why = held.hold === 'quiet' ? '静默时段' : '低级别定时汇总';
  return [changed, ...reported, { alertId, kind: 'suppressed', note: `${why}，${minuteOf(held.dueAt)} 再发`, data: {} }];
}
