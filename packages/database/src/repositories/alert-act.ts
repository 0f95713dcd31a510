import {
  type AlertState,
  type Answer,
  alertStateTitles,
  alertTransitions,
  deadlineTitles,
  GuanlanError,
  levelInFull,
  levelOfRank,
  type Outcome,
  outcomeTitles,
  type RecordedDeadline,
} from '@guanlan/domain';
import type { Db } from '../connect.ts';
import { inTransaction } from '../transaction.ts';
import type { AlertEntryKind } from './alert-entry.ts';
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
  const { department } = act;
  return move(db, id, 'assigned', act, { department }, async (tx) => {
    await tx.updateTable('alert').set({ department }).where('id', '=', id).execute();
  });
}

/** 回应: answered, handed over or clarified publicly; the case is still open. */
export function answerAlert(db: Db, id: number, act: AlertAct & { answer: Answer }): Promise<void> {
  const { answer } = act;
  return move(db, id, 'answered', act, { answer, title: outcomeTitles[answer] }, async (tx) => {
    await tx.updateTable('alert').set({ answer }).where('id', '=', id).execute();
  });
}

/** Records that what a clock asks for was done, or that it does not apply, which needs a reason in the note. */
export async function settleDeadline(
  db: Db,
  id: number,
  { deadline, waive, ...act }: AlertAct & { deadline: RecordedDeadline; waive: boolean },
): Promise<void> {
  if (waive && act.note === '') throw new GuanlanError('bad-input', '说明为什么这一时限不适用。');
  return note(db, id, waive ? 'waived' : 'met', act, { deadline, title: deadlineTitles[deadline] });
}

/** Stops the clocks of an acknowledged case until then, at most a week ahead, for the reason in the note. */
export async function pauseAlert(db: Db, id: number, { until, ...act }: AlertAct & { until: Date }): Promise<void> {
  if (act.note === '') throw new GuanlanError('bad-input', '暂停计时必须说明理由。');
  const ahead = until.getTime() - act.now.getTime();
  if (ahead <= 0 || ahead > 7 * 86_400_000) throw new GuanlanError('bad-input', '恢复计时的时间应在一周之内。');
  return note(db, id, 'paused', act, { until: until.toISOString() }, (state) => {
    if (state === 'firing') throw new GuanlanError('conflict', `预警 ${id} 还没有签收，不能暂停计时。`);
  });
}

/** Lets the clocks go on. */
export function resumeAlert(db: Db, id: number, act: AlertAct): Promise<void> {
  return note(db, id, 'resumed', act, {});
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
        note: `${levelInFull(levelOfRank(rank), true)}（${levelInFull(levelOfRank(alert.rank))}）${note === '' ? '' : `：${note}`}`,
        data: JSON.stringify({ rank, proposed: alert.rank }),
      })
      .execute();
  });
}

/** 办结. A false alarm also takes the event's items out of the yearly count, in the same transaction. */
export function closeAlert(db: Db, id: number, act: AlertAct & { outcome: Outcome }): Promise<void> {
  const { outcome, now } = act;
  return move(db, id, 'closed', act, { outcome, title: outcomeTitles[outcome] }, async (tx, eventId) => {
    await tx.updateTable('alert').set({ outcome, closed_at: now, check_at: null }).where('id', '=', id).execute();
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

/** A line in the timeline of an open case that leaves its state as it is; its clocks are looked at anew. */
async function note(
  db: Db,
  id: number,
  kind: AlertEntryKind,
  { actor, note: words, now }: AlertAct,
  data: Record<string, unknown>,
  check: (state: AlertState) => void = () => {},
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const alert = await tx.selectFrom('alert').select('state').where('id', '=', id).forNoKeyUpdate().executeTakeFirst();
    if (!alert) throw new GuanlanError('not-found', `没有编号为 ${id} 的预警。`);
    if (alert.state === 'closed') throw new GuanlanError('conflict', `预警 ${id} 已经办结。`);
    check(alert.state);
    await tx.updateTable('alert').set({ updated_at: now, check_at: now }).where('id', '=', id).execute();
    await tx
      .insertInto('alert_entry')
      .values({ alert_id: id, at: now, kind, actor, note: words, data: JSON.stringify(data) })
      .execute();
  });
}
