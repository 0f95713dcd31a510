import type { DecisionPlan, ProposedRank } from '@guanlan/database';
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
      reported: candidates.flatMap(({ decision }) => decision.reports.map(({ reportId }) => reportId)),
      opened: candidates.flatMap((candidate) => {
        const { change, alertId, decision } = candidate;
        if (alertId === null || (change !== 'opened' && change !== 'reopened')) return [];
        return { alertId, eventId: decision.eventId, ...proposed(candidate) };
      }),
      raised: candidates.flatMap((candidate) => {
        const { change, alertId, decision } = candidate;
        return alertId !== null && (change === 'raised' || decision.reports.length > 0) ? { alertId, ...proposed(candidate) } : [];
      }),
      entries: candidates.flatMap(entries),
    },
  };
};

const kinds = { opened: 'opened', reopened: 'reopened', raised: 'level-raised' } as const satisfies Record<
  Exclude<Change, 'told-late' | 'reported'>,
  string
>;

function proposed({ decision: { rank }, proposal }: Candidate): ProposedRank {
  return { rank, raisedBy: proposal?.raisedBy ?? [], version: proposal?.version ?? null };
}

function entries({ change, alertId, decision, proposal, story, muted, route }: Candidate): DecisionPlan['entries'] {
  if (alertId === null) return [];
  const reported = decision.reports.map(({ receipt, unit }) => ({
    ...{ alertId, kind: 'reported' as const, note: `${unit}，回执 ${receipt}`, data: { receipt } },
  }));
  // The timeline has said already that nobody was told; the delivery will say that somebody was.
  if (change === null || change === 'told-late' || change === 'reported') return reported;
  const why = proposal?.raisedBy.map((one) => `；${one}`).join('') ?? '';
  const data = { rank: decision.rank, ...(proposal === null ? {} : { thresholds: proposal.version }) };
  const changed = { alertId, kind: kinds[change], note: `${reasonOf(change, decision, story)}${why}`, data };
  if (muted === null) return [changed, ...reported];
  return [changed, ...reported, { alertId, kind: muted.kind, note: muted.reason, data: { ...(route ? { routeId: route.id } : {}) } }];
}
