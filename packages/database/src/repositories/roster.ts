import { GuanlanError, type ShiftPattern, type Swap } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface SwapRow extends Swap {
  reason: string;
  actor: string;
}

/** The weekly pattern as it stands, and the swaps that end after `since`, in the order they were made. */
export async function loadRoster(db: Db, since: Date): Promise<{ patterns: ShiftPattern[]; swaps: SwapRow[] }> {
  const shifts = await db
    .selectFrom('roster_shift')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('from_minute')
    .orderBy('id')
    .execute();
  const swaps = await db
    .selectFrom('roster_swap')
    .selectAll()
    .where('removed_at', 'is', null)
    .where('ends_at', '>', since)
    .orderBy('id')
    .execute();
  return {
    patterns: shifts.map((row) => ({
      id: row.id,
      name: row.name,
      weekdays: row.weekdays,
      days: row.days,
      fromMinute: row.from_minute,
      toMinute: row.to_minute,
      receiverIds: row.receiver_ids,
      leaderId: row.leader_id,
    })),
    swaps: swaps.map((row) => ({
      id: row.id,
      from: row.starts_at,
      to: row.ends_at,
      receiverId: row.receiver_id,
      byId: row.by_id,
      reason: row.reason,
      actor: row.actor,
    })),
  };
}

/** Throws `bad-input` for somebody who is no receiver. */
export async function addShift(db: Db, shift: Omit<ShiftPattern, 'id'>, now: Date): Promise<number> {
  await requireReceivers(db, [...shift.receiverIds, ...(shift.leaderId === null ? [] : [shift.leaderId])]);
  const { id } = await db
    .insertInto('roster_shift')
    .values({
      name: shift.name,
      weekdays: [...shift.weekdays],
      days: shift.days,
      from_minute: shift.fromMinute,
      to_minute: shift.toMinute,
      receiver_ids: [...shift.receiverIds],
      leader_id: shift.leaderId,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Throws `not-found` when there is no such shift in the pattern. */
export async function removeShift(db: Db, id: number, now: Date): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('roster_shift')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `值班表中没有编号为 ${id} 的班次。`);
}

/** Throws `bad-input` for somebody who is no receiver, or two who are the same. */
export async function addSwap(db: Db, swap: Omit<SwapRow, 'id'>, now: Date): Promise<number> {
  if (swap.receiverId === swap.byId) throw new GuanlanError('bad-input', '替班人与被替的人是同一位。');
  await requireReceivers(db, [swap.receiverId, swap.byId]);
  const { id } = await db
    .insertInto('roster_swap')
    .values({
      ...{ starts_at: swap.from, ends_at: swap.to, receiver_id: swap.receiverId, by_id: swap.byId },
      ...{ reason: swap.reason, actor: swap.actor, created_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Throws `not-found` when there is no such swap. */
export async function removeSwap(db: Db, id: number, now: Date): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('roster_swap')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的换班。`);
}

export interface Handover {
  id: number;
  at: Date;
  actor: string;
  shift: string;
  note: string;
  /** Cases that were open then. */
  openAlerts: number;
}

/** The note at a shift's end, with the number of open cases as it is now. Append-only. */
export async function addHandover(db: Db, { at, actor, shift, note }: Omit<Handover, 'id' | 'openAlerts'>): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into roster_handover (at, actor, shift, note, open_alerts)
    values (${at}, ${actor}, ${shift}, ${note}, (select count(*) from alert where closed_at is null and drill_id is null)) returning id`.execute(
    db,
  );
  return rows[0]?.id ?? 0;
}

/** Newest first. */
export async function listHandovers(db: Db, limit: number): Promise<Handover[]> {
  const rows = await db.selectFrom('roster_handover').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map(({ open_alerts, ...row }) => ({ ...row, openAlerts: open_alerts }));
}

async function requireReceivers(db: Db, ids: readonly number[]): Promise<void> {
  const known = await db
    .selectFrom('receiver')
    .select('id')
    .where('removed_at', 'is', null)
    .where('id', 'in', [0, ...ids])
    .execute();
  const missing = ids.filter((id) => !known.some((row) => row.id === id));
  if (missing.length > 0) throw new GuanlanError('bad-input', `没有编号为 ${missing.join('、')} 的接收人，请先添加。`);
}
