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
      opened: candidates.flatMap((candidate) => {
        const { change, alertId, decision } = candidate;
        if (alertId === null || (change !== 'opened' && change !== 'reopened')) return [];
        return { alertId, eventId: decision.eventId, ...proposed(candidate) };
      }),
      raised: candidates.flatMap((candidate) => {
        const { change, alertId } = candidate;
        return alertId !== null && change === 'raised' ? { alertId, ...proposed(candidate) } : [];
      }),
      entries: candidates.flatMap(entries),
    },
  };
};

const kinds = { opened: 'opened', reopened: 'reopened', raised: 'level-raised' } as const satisfies Record<
  Exclude<Change, 'told-late'>,
  string
>;

function proposed({ decision: { rank }, proposal }: Candidate): ProposedRank {
  return { rank, raisedBy: proposal?.raisedBy ?? [], version: proposal?.version ?? null };
}

function entries({ change, alertId, decision, proposal, story, muted, route }: Candidate): DecisionPlan['entries'] {
  // The timeline has said already that nobody was told; the delivery will say that somebody was.
  if (change === null || change === 'told-late' || alertId === null) return [];
  const why = proposal?.raisedBy.map((one) => `；${one}`).join('') ?? '';
  const data = { rank: decision.rank, ...(proposal === null ? {} : { thresholds: proposal.version }) };
  const changed = { alertId, kind: kinds[change], note: `${reasonOf(change, decision, story)}${why}`, data };
  if (muted === null) return [changed];
  return [changed, { alertId, kind: muted.kind, note: muted.reason, data: { ...(route ? { routeId: route.id } : {}) } }];
}
