import {
  type AlertState,
  alertStateTitles,
  alertTransitions,
  GuanlanError,
  levelInfo,
  levelOfRank,
  type Outcome,
  outcomeTitles,
} from '@guanlan/domain';
import type { Db } from '../connect.ts';
import { strikeEvent } from './tally.ts';

/** Who did it, when, and what they have to say. */
export interface AlertAct {
  actor: string;
  note: string;
  now: Date;
}

// Each act throws `not-found` for an unknown alert and `conflict` where `alertTransitions` has no such step, and adds a line
// to the timeline in its own transaction, or in the caller's.

/** 签收 */
export function acknowledgeAlert(db: Db, id: number, act: AlertAct): Promise<void> {
  return move(db, id, 'acknowledged', act);
}

/** 核实 */
export function verifyAlert(db: Db, id: number, act: AlertAct): Promise<void> {
  return move(db, id, 'verified', act);
}

/** 交办 to a department, by its name. */
export function assignAlert(db: Db, id: number, act: AlertAct & { department: string }): Promise<void> {
  return move(db, id, 'assigned', act, { department: act.department });
}

/** 回应: the answer is out, the case is still open. */
export function answerAlert(db: Db, id: number, act: AlertAct): Promise<void> {
  return move(db, id, 'answered', act);
}

/** 核定级别: what was proposed becomes, or is replaced by, what a person says. An open case only; may be done again. */
export async function confirmLevel(db: Db, id: number, act: AlertAct & { rank: number }): Promise<void> {
  const { actor, note, now, rank } = act;
  await inTransaction(db, async (tx) => {
    const alert = await tx.selectFrom('alert').select(['state', 'rank']).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
    if (!alert) throw new GuanlanError('not-found', `没有编号为 ${id} 的预警。`);
    if (alert.state === 'closed') throw new GuanlanError('conflict', `预警 ${id} 已办结，不能再核定级别。`);
    await tx
      .updateTable('alert')
      .set({ confirmed_rank: rank, confirmed_by: actor, confirmed_at: now, updated_at: now })
      .where('id', '=', id)
      .execute();
    await tx
      .insertInto('alert_entry')
      .values({
        ...{ alert_id: id, at: now, kind: 'level-confirmed', actor },
        note: `${levelInfo[levelOfRank(rank)].title}（建议${levelInfo[levelOfRank(alert.rank)].title}）${note === '' ? '' : `：${note}`}`,
        data: JSON.stringify({ rank, proposed: alert.rank }),
      })
      .execute();
  });
}

/** 办结. A false alarm also takes the event's items out of the yearly count, in the same transaction. */
export function closeAlert(db: Db, id: number, act: AlertAct & { outcome: Outcome }): Promise<void> {
  const { outcome, now } = act;
  return move(db, id, 'closed', act, { outcome, title: outcomeTitles[outcome] }, async (tx, eventId) => {
    await tx.updateTable('alert').set({ outcome, closed_at: now }).where('id', '=', id).execute();
    if (outcome === 'false-alarm') await strikeEvent(tx, eventId, '误报', now);
  });
}

async function move(
  db: Db,
  id: number,
  to: AlertState,
  { actor, note, now }: AlertAct,
  data: Record<string, unknown> = {},
  andThen?: (tx: Db, eventId: number) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const alert = await tx.selectFrom('alert').select(['state', 'event_id']).where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
    if (!alert) throw new GuanlanError('not-found', `没有编号为 ${id} 的预警。`);
    if (!alertTransitions[alert.state].includes(to)) {
      const may = alertTransitions[alert.state].map((state) => `“${alertStateTitles[state]}”`).join('、') || '不能再变更';
      throw new GuanlanError(
        'conflict',
        `预警 ${id} 现在是“${alertStateTitles[alert.state]}”，不能改为“${alertStateTitles[to]}”；可以：${may}。`,
        {
          details: { alertId: id, from: alert.state, to },
        },
      );
    }
    await tx.updateTable('alert').set({ state: to, updated_at: now }).where('id', '=', id).execute();
    await andThen?.(tx, alert.event_id);
    await tx
      .insertInto('alert_entry')
      .values({ alert_id: id, at: now, kind: to, actor, note, data: JSON.stringify(data) })
      .execute();
  });
}

function inTransaction(db: Db, work: (tx: Db) => Promise<void>): Promise<void> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
