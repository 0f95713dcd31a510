import { type AlertMessage, type Level, levelOfRank, type NotificationState } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { type AlertEntryKind, systemActor } from './alert-entry.ts';

/** A notification in one dispatcher's hands, with what is needed to send it. */
export interface ClaimedNotification {
  id: number;
  /** Null: about no alert, but a notice. */
  alertId: number | null;
  idempotencyKey: string;
  /** This try included; a try that its process did not survive counts. */
  attempts: number;
  /** Names this claim: a result of an older one changes nothing. */
  claimedAt: Date;
  message: AlertMessage;
  channel: { id: number; kind: string; name: string; options: Record<string, unknown>; allowPrivate: boolean; removed: boolean };
}

/** Claims the most urgent of the notifications that are due, whoever rang for whichever. Null when none is. */
export async function claimNotification(db: Db, now: Date): Promise<ClaimedNotification | null> {
  const { rows } = await sql<ClaimedNotification>`
    update notification n set state = 'sending', claimed_at = ${now}, attempts = n.attempts + 1
    from channel c
    where c.id = n.channel_id and n.id = (
      select id from notification where state = 'pending' and due_at <= ${now}
      order by rank desc, id limit 1 for update skip locked)
    returning n.id, n.alert_id as "alertId", n.idempotency_key as "idempotencyKey", n.attempts, n.claimed_at as "claimedAt", n.message,
      json_build_object('id', c.id, 'kind', c.kind, 'name', c.name, 'options', c.options, 'allowPrivate', c.allow_private,
        'removed', c.removed_at is not null) as channel`.execute(db);
  return rows[0] ?? null;
}

export interface NotificationAttempt {
  notificationId: number;
  /** Of the claim. */
  claimedAt: Date;
  at: Date;
  ok: boolean;
  status: number | null;
  response: string;
  durationMs: number;
  /** What becomes of the notification: `delivered`, `dead`, or `pending` again at `dueAt`. */
  next: { state: 'delivered' | 'dead' } | { state: 'pending'; dueAt: Date };
  /** A line for the alert's timeline. */
  entry: { kind: AlertEntryKind; note: string } | null;
}

/**
 * Writes one try into the ledger and moves the notification on, in one statement. A delivery is true whoever reports it; a
 * failure of a claim that has meanwhile passed to another is only written down.
 */
export async function recordAttempt(db: Db, attempt: NotificationAttempt): Promise<void> {
  const { notificationId: id, at, next, entry } = attempt;
  const delivered = next.state === 'delivered';
  await sql`
    with tried as (
      insert into notification_attempt (notification_id, at, ok, status, response, duration_ms)
      values (${id}, ${at}, ${attempt.ok}, ${attempt.status}, ${attempt.response}, ${attempt.durationMs})
    ), moved as (
      update notification set state = ${next.state}, claimed_at = null, delivered_at = ${delivered ? at : null},
        due_at = coalesce(${next.state === 'pending' ? next.dueAt : null}, due_at)
      where id = ${id} and ${delivered ? sql`state <> 'delivered'` : sql`state = 'sending' and claimed_at = ${attempt.claimedAt}`}
      returning alert_id
    ), noted as (
      insert into alert_entry (alert_id, at, kind, actor, note, data)
      select alert_id, ${at}::timestamptz, ${entry?.kind ?? ''}, ${systemActor}, ${entry?.note ?? ''}, jsonb_build_object('notificationId', ${id}::bigint)
      from moved where ${entry !== null} and alert_id is not null
    )
    update alert set updated_at = ${at} from moved where alert.id = moved.alert_id and ${entry !== null}`.execute(db);
}

/** Gives a claim back whose outcome is not known: the process is stopping. */
export async function releaseNotification(db: Db, claim: Pick<ClaimedNotification, 'id' | 'claimedAt'>): Promise<void> {
  await sql`
    update notification set state = 'pending', claimed_at = null
    where id = ${claim.id} and state = 'sending' and claimed_at = ${claim.claimedAt}`.execute(db);
}

/**
 * Notifications left behind: due for longer than `staleMs`, or claimed longer ago than `claimStaleMs` (their sender died).
 * Marks them as due and rung for now; most urgent first. The sweep's work.
 */
export async function claimLeftNotifications(
  db: Db,
  options: { now: Date; staleMs: number; claimStaleMs: number; limit: number },
): Promise<number[]> {
  const before = (ms: number) => new Date(options.now.getTime() - ms);
  const { rows } = await sql<{ id: number; rank: number }>`
    update notification set state = 'pending', claimed_at = null, due_at = ${options.now}
    where id in (
      select id from notification
      where (state = 'pending' and due_at < ${before(options.staleMs)}) or (state = 'sending' and claimed_at < ${before(options.claimStaleMs)})
      order by rank desc, id limit ${options.limit} for update skip locked)
    returning id, rank`.execute(db);
  return rows.sort((a, b) => b.rank - a.rank || a.id - b.id).map((row) => row.id);
}

/** One line of the ledger. */
export interface NotificationRow {
  id: number;
  /** Null: about no alert, but a notice. */
  alertId: number | null;
  channel: { id: number; name: string; kind: string };
  level: Level;
  reason: string;
  state: NotificationState;
  attempts: number;
  idempotencyKey: string;
  createdAt: Date;
  dueAt: Date;
  deliveredAt: Date | null;
  /** Oldest first. */
  tries: { at: string; ok: boolean; status: number | null; response: string; durationMs: number }[];
}

/** Newest first. */
export async function listNotifications(
  db: Db,
  filter: { alertId?: number; state?: NotificationState; before?: number; limit: number },
): Promise<NotificationRow[]> {
  const conditions = [sql`true`];
  if (filter.alertId !== undefined) conditions.push(sql`n.alert_id = ${filter.alertId}`);
  if (filter.state !== undefined) conditions.push(sql`n.state = ${filter.state}`);
  if (filter.before !== undefined) conditions.push(sql`n.id < ${filter.before}`);
  const { rows } = await sql<Omit<NotificationRow, 'level'> & { rank: number }>`
    select n.id, n.alert_id as "alertId", json_build_object('id', c.id, 'name', c.name, 'kind', c.kind) as channel, n.rank, n.reason, n.state,
      n.attempts, n.idempotency_key as "idempotencyKey", n.created_at as "createdAt", n.due_at as "dueAt", n.delivered_at as "deliveredAt",
      coalesce((
        select json_agg(json_build_object('at', t.at, 'ok', t.ok, 'status', t.status, 'response', t.response, 'durationMs', t.duration_ms) order by t.id)
        from notification_attempt t where t.notification_id = n.id), '[]') as tries
    from notification n join channel c on c.id = n.channel_id
    where ${sql.join(conditions, sql` and `)} order by n.id desc limit ${filter.limit}`.execute(db);
  return rows.map(({ rank, ...row }) => ({ ...row, level: levelOfRank(rank) }));
}
