import { GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A colleague who is told. */
export interface Receiver {
  id: number;
  name: string;
  leader: boolean;
  /** The first is used; the next ones when it fails. */
  channelIds: number[];
}

/** Those in use, in the order they were added. */
export async function listReceivers(db: Db): Promise<Receiver[]> {
  const rows = await db.selectFrom('receiver').selectAll().where('removed_at', 'is', null).orderBy('id').execute();
  return rows.map((row) => ({ id: row.id, name: row.name, leader: row.leader, channelIds: row.channel_ids }));
}

/** Throws `conflict` when the name is taken. */
export async function addReceiver(db: Db, receiver: Omit<Receiver, 'id'>, now: Date): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into receiver (name, leader, channel_ids, created_at) values (${receiver.name}, ${receiver.leader}, ${receiver.channelIds}, ${now})
    on conflict (name) where removed_at is null do nothing returning id`.execute(db);
  const [added] = rows;
  if (!added) throw new GuanlanError('conflict', `已有名为“${receiver.name}”的接收人。`);
  return added.id;
}

/** Throws `not-found` for a receiver that is not in use. */
export async function changeReceiver(db: Db, { id, ...receiver }: Receiver): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable('receiver')
    .set({ name: receiver.name, leader: receiver.leader, channel_ids: receiver.channelIds })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的接收人。`);
}

/** Takes a receiver out of use. Throws `conflict` while a shift still names them, `not-found` when there is none. */
export async function removeReceiver(db: Db, id: number, now: Date): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select name from roster_shift where removed_at is null and (${id} = any(receiver_ids) or leader_id = ${id}) limit 1`.execute(db);
  if (rows[0]) throw new GuanlanError('conflict', `班次“${rows[0].name}”还有这位接收人，请先改值班表。`);
  const { numUpdatedRows } = await db
    .updateTable('receiver')
    .set({ removed_at: now })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的接收人。`);
  await sql`update route set receiver_ids = array_remove(receiver_ids, ${id}::bigint) where ${id} = any(receiver_ids)`.execute(db);
}
