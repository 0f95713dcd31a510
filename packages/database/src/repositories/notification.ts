import { type Carriage, GuanlanError, type Level, levelOfRank, type NotificationState } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { inTransaction } from '../transaction.ts';

/** One line of the ledger. */
export interface NotificationRow {
  id: number;
  /** Null: about no alert, but a notice. */
  alertId: number | null;
  channel: { id: number; name: string; kind: string };
  /** The colleague it was meant for; null for a group. */
  receiver: string | null;
  level: Level;
  /** What a person had confirmed when it was written; null where nobody had. */
  confirmedLevel: Level | null;
  title: string;
  reason: string;
  state: NotificationState;
  attempts: number;
  idempotencyKey: string;
  createdAt: Date;
  dueAt: Date;
  deliveredAt: Date | null;
  /** Set on one that another message tells of; that one's state is then its own. */
  carrier: { id: number; state: NotificationState; deliveredAt: string | null; dueAt: string } | null;
  /** Set on a message that tells of others: why, and of how many. */
  carries: Carriage | null;
  folded: number;
  /** The notification whose channel failed. */
  fallbackOf: number | null;
  /** Oldest first. */
  tries: { at: string; ok: boolean; status: number | null; response: string; durationMs: number }[];
}

/** Newest first. Carriers whose messages have passed to another are left out: they were never sent. */
export async function listNotifications(
  db: Db,
  filter: { alertId?: number; state?: NotificationState | undefined; before?: number | undefined; limit: number },
): Promise<NotificationRow[]> {
  const conditions = [sql`not (n.state = 'folded' and n.carries is not null)`];
  if (filter.alertId !== undefined) conditions.push(sql`n.alert_id = ${filter.alertId}`);
  if (filter.state !== undefined) conditions.push(sql`n.state = ${filter.state}`);
  if (filter.before !== undefined) conditions.push(sql`n.id < ${filter.before}`);
  const { rows } = await sql<Omit<NotificationRow, 'level'> & { rank: number }>`
    select n.id, n.alert_id as "alertId", json_build_object('id', c.id, 'name', c.name, 'kind', c.kind) as channel, n.receiver, n.rank,
      n.message->>'confirmedLevel' as "confirmedLevel", coalesce(n.message->>'title', n.reason) as title, n.reason, n.state, n.attempts, n.idempotency_key as "idempotencyKey",
      n.created_at as "createdAt", n.due_at as "dueAt", n.delivered_at as "deliveredAt", n.carries, n.fallback_of as "fallbackOf",
      case when k.id is not null then json_build_object('id', k.id, 'state', k.state, 'deliveredAt', k.delivered_at, 'dueAt', k.due_at) end as carrier,
      (select count(*) from notification f where n.carries is not null and f.carrier_id = n.id) as folded,
      coalesce((
        select json_agg(json_build_object('at', t.at, 'ok', t.ok, 'status', t.status, 'response', t.response, 'durationMs', t.duration_ms) order by t.id)
        from notification_attempt t where t.notification_id = n.id), '[]') as tries
    from notification n join channel c on c.id = n.channel_id left join notification k on k.id = n.carrier_id
    where ${sql.join(conditions, sql` and `)} order by n.id desc limit ${filter.limit}`.execute(db);
  return rows.map(({ rank, ...row }) => ({ ...row, level: levelOfRank(rank) }));
}

/**
 * Puts a dead letter back, to be tried from the start under its old key, with a line in its alert's timeline. Throws `not-found`,
 * and `conflict` for one that is not dead.
 */
export function resendNotification(db: Db, id: number, { actor, now }: { actor: string; now: Date }): Promise<void> {
  return inTransaction(db, async (tx) => {
    const row = await tx
      .updateTable('notification')
      .set({ state: 'pending', attempts: 0, due_at: now, admitted_at: now, claimed_at: null })
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .returning(['alert_id', 'channel_id'])
      .executeTakeFirst();
    if (!row) {
      const known = await tx.selectFrom('notification').select('state').where('id', '=', id).executeTakeFirst();
      if (!known) throw new GuanlanError('not-found', `没有编号为 ${id} 的通知。`);
      throw new GuanlanError('conflict', `通知 ${id} 不是未送达的通知，无需重发。`);
    }
    // A person has looked: the channel is tried at once, whatever it did before.
    await tx.updateTable('channel').set({ retry_at: null }).where('id', '=', row.channel_id).execute();
    if (row.alert_id === null) return;
    await tx
      .insertInto('alert_entry')
      .values({ alert_id: row.alert_id, at: now, kind: 'resent', actor, note: '', data: JSON.stringify({ notificationId: id }) })
      .execute();
    await tx.updateTable('alert').set({ updated_at: now }).where('id', '=', row.alert_id).execute();
  });
}

/** Whether every message that was ever written is accounted for, and how many are where. */
export async function sumLedger(db: Db): Promise<{ total: number; delivered: number; carried: number; waiting: number; dead: number }> {
  const { rows } = await sql<{ total: number; delivered: number; carried: number; waiting: number; dead: number }>`
    select count(*) as total,
      count(*) filter (where coalesce(k.state, n.state) = 'delivered' and n.carrier_id is null) as delivered,
      count(*) filter (where k.state = 'delivered') as carried,
      count(*) filter (where coalesce(k.state, n.state) in ('pending', 'sending')) as waiting,
      count(*) filter (where coalesce(k.state, n.state) = 'dead') as dead
    from notification n left join notification k on k.id = n.carrier_id where n.carries is null`.execute(db);
  const [sums] = rows;
  if (!sums) throw new Error('a query without group by answers one row');
  return sums;
}
