import { type Db, type Decision, loadEventFacts } from '@guanlan/database';
import { type LevelProposal, type LevelThresholds, proposeLevel } from '@guanlan/domain';

export interface Proposed {
  decision: Decision;
  proposal: LevelProposal | null;
}

const hourMs = 3_600_000;

/**
 * Gives each decision the rank that content, spread and growth propose together. After a case was closed the contents alone
 * decide: that an answered story is copied on is no reason to call again.
 */
export async function propose(tx: Db, decisions: readonly Decision[], levels: LevelThresholds | null, now: Date): Promise<Proposed[]> {
  if (levels === null) return decisions.map((decision) => ({ decision, proposal: null }));
  const open = decisions.filter(({ rank, relevant, alert, closedRank }) => relevant && rank > 0 && (alert !== null || closedRank === 0));
  const ids = open.map(({ eventId }) => eventId);
  const facts = await loadEventFacts(tx, ids, { now, windowMs: levels.windowHours * hourMs });
  return decisions.map((decision) => {
    const known = facts.get(decision.eventId);
    if (known === undefined) return { decision, proposal: null };
    const proposal = proposeLevel({ ...known, rank: decision.rank }, levels);
    return { decision: { ...decision, rank: proposal.rank }, proposal };
  });
}
