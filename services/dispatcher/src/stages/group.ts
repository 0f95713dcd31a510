import type { Stage } from '../candidate.ts';

/** One event is one group, and the most urgent group goes first: into the ledger, and before the ones it may inhibit. */
export const group: Stage = (context) => ({
  ...context,
  candidates: context.candidates.toSorted((a, b) => b.decision.rank - a.decision.rank || a.decision.eventId - b.decision.eventId),
});
