import type { AlertView } from '@guanlan/contracts';
import { type AlertRow, currentAlertPolicy } from '@guanlan/database';
import { type AlertPolicy, categoryInfo, type Deadline, deadlinesOf, deadlineTitles, drillMark } from '@guanlan/domain';
import { loadAlertPolicy } from '@guanlan/runtime';
import type { ApiContext } from './context.ts';

/** What a case's clocks are read with: the rules for cases that were opened without any, and the time. */
export interface Force {
  policy: AlertPolicy;
  now: Date;
}

export async function inForce({ db, clock }: Pick<ApiContext, 'db' | 'clock'>): Promise<Force> {
  return { policy: (await currentAlertPolicy(db))?.policy ?? (await loadAlertPolicy()), now: clock.now() };
}

/** An alert as lists and the stream show it. */
export function alertViewOf({ policy, now }: Force): (row: AlertRow) => AlertView {
  return (row) => ({
    id: row.id,
    eventId: row.eventId,
    state: row.state,
    level: row.level,
    proposal: row.proposal,
    confirmed: row.confirmed && { by: row.confirmed.by, at: row.confirmed.at.toISOString() },
    title: row.drillId === null ? row.title : `${drillMark}${row.title}`,
    categories: row.categories,
    places: row.places,
    evidence: row.evidence,
    departments: [...new Set(row.categories.map((category) => categoryInfo(category).department))],
    outcome: row.outcome,
    itemCount: row.itemCount,
    sourceCount: row.sourceCount,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    openedAt: row.openedAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    department: row.department,
    answer: row.answer,
    deadlines: deadlinesOf({ ...row.clocks.history, categories: row.categories }, (row.clocks.policy ?? policy).deadlines, now).map(
      deadlineViewOf,
    ),
    pausedUntil: row.clocks.history.pauses.find(({ from, to }) => from <= now && now < to)?.to.toISOString() ?? null,
    drill: row.drillId !== null,
  });
}

function deadlineViewOf({ kind, basis, startedAt, warnAt, dueAt, endedAt, state }: Deadline): AlertView['deadlines'][number] {
  return {
    ...{ kind, title: deadlineTitles[kind], basis, state },
    startedAt: startedAt.toISOString(),
    warnAt: warnAt.toISOString(),
    dueAt: dueAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
