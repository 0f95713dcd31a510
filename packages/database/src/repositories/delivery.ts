import { type AlertMessage, type Budget, type Carriage, type DigestContent, levelOfRank, namedInDigest } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { foldInto, lockDelivery } from './admission.ts';
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
  /** When it was let through, or asked for again by a person. */
  admittedAt: Date;
  message: AlertMessage;
  /** Set on a carrier: its message is made of what is folded into it. */
  carries: Carriage | null;
  channel: { id: number; kind: string; name: string; options: Record<string, unknown>; allowPrivate: boolean; removed: boolean };
}

/** Failures in a row from which on a channel is down. */
const downAfter = 3;
const probe = { firstMs: 30_000, longestMs: 600_000 };
/** A probe whose process dies is followed by another. */
const probeHoldMs = 30_000;

/**
 * Claims the most urgent of the notifications that are due, whoever rang for whichever, of a channel that may be used now. Null when there is none.
 * `budgets` by kind of channel: a fifth of each, one message at least, is kept for level I. A channel that is down is tried with one message at a time.
 */
export function claimNotification(
  db: Db,
  now: Date,
  budgets: ReadonlyMap<string, readonly Budget[]> = new Map(),
): Promise<ClaimedNotification | null> {
  return db.transaction().execute(async (tx) => {
    await lockDelivery(tx);
    const spent = await spentChannels(tx, now, budgets);
    const { rows } = await sql<ClaimedNotification>`
      with chosen as (
        select n.id, n.channel_id, n.rank, n.carries is not null as folded from notification n join channel c on c.id = n.channel_id
        where n.state = 'pending' and n.admitted_at is not null and n.due_at <= ${now}
          and (c.retry_at is null or c.retry_at <= ${now} or c.removed_at is not null)
          and n.channel_id <> all(${spent.wholly}::bigint[]) and (n.rank = 4 or n.channel_id <> all(${spent.nearly}::bigint[]))
        order by case when c.down_since is null then 0 else n.attempts end, n.rank desc, n.id limit 1 for update of n skip locked
      ), probing as (
        update channel set retry_at = ${new Date(now.getTime() + probeHoldMs)}::timestamptz from chosen
        where channel.id = chosen.channel_id and down_since is not null
      ), used as (
        insert into channel_use (channel_id, at, rank, folded) select channel_id, ${now}::timestamptz, rank, folded from chosen
      )
      update notification n set state = 'sending', claimed_at = ${now}, attempts = n.attempts + 1,
        sealed_at = case when n.carries is null then null else coalesce(n.sealed_at, ${now}) end
      from chosen, channel c
      where n.id = chosen.id and c.id = n.channel_id
      returning n.id, n.alert_id as "alertId", n.idempotency_key as "idempotencyKey", n.attempts, n.claimed_at as "claimedAt",
        n.admitted_at as "admittedAt", n.message, n.carries,
        json_build_object('id', c.id, 'kind', c.kind, 'name', c.name, 'options', c.options, 'allowPrivate', c.allow_private,
          'removed', c.removed_at is not null) as channel`.execute(tx);
    return rows[0] ?? null;
  });
}

/** Channels whose budget is used up, for all or for all but level I. */
async function spentChannels(
  tx: Db,
  now: Date,
  budgets: ReadonlyMap<string, readonly Budget[]>,
): Promise<{ wholly: number[]; nearly: number[] }> {
  const wholly: number[] = [];
  const nearly: number[] = [];
  const limited = [...budgets].filter(([, list]) => list.length > 0);
  if (limited.length === 0) return { wholly, nearly };
  const { rows } = await sql<{ id: number; kind: string }>`
    select id, kind from channel c where kind = any(${limited.map(([kind]) => kind)}::text[]) and exists (
      select 1 from notification where channel_id = c.id and state = 'pending')`.execute(tx);
  for (const { id, kind } of rows) {
    for (const { limit, windowMs } of budgets.get(kind) ?? []) {
      const { rows: counted } = await sql<{ used: number }>`
        select count(*) as used from channel_use where channel_id = ${id} and at > ${new Date(now.getTime() - windowMs)}`.execute(tx);
      const used = counted[0]?.used ?? 0;
      if (used >= limit) wholly.push(id);
      else if (used >= limit - Math.max(1, Math.floor(limit / 5))) nearly.push(id);
    }
  }
  return { wholly, nearly };
}

/** What is folded into a carrier, as its message is made of it. The same each time, for nothing is folded into one that was sealed. */
export async function loadFolded(db: Db, carrierId: number): Promise<DigestContent> {
  const { rows: counts } = await sql<{ rank: number; alerts: number; total: number }>`
    select rank, count(*) filter (where latest) as alerts, count(*) as total from (
      select rank, row_number() over (partition by coalesce(alert_id, -id) order by rank desc, id desc) = 1 as latest
      from notification where carrier_id = ${carrierId}) n group by rank`.execute(db);
  const { rows } = await sql<{ message: AlertMessage }>`
    select message from notification where carrier_id = ${carrierId} order by rank desc, id limit ${namedInDigest}`.execute(db);
  return {
    messages: rows.map(({ message }) => message),
    alerts: Object.fromEntries(counts.filter(({ alerts }) => alerts > 0).map(({ rank, alerts }) => [levelOfRank(rank), alerts])),
    total: counts.reduce((sum, { total }) => sum + total, 0),
  };
}

export interface NotificationAttempt {
  notificationId: number;
  channelId: number;
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
  /** As it was sent, for the ledger of a carrier; null for one whose message is stored already. */
  message: AlertMessage | null;
  /** What this says of the channel: it answered, it asks to be left alone until then, it failed, or nothing. */
  channel: 'answered' | 'failed' | 'unknown' | { until: Date };
}

/**
 * Writes one try into the ledger, moves the notification on and notes how the channel stands, in one commit. A delivery is true
 * whoever reports it; a failure of a claim that has meanwhile passed to another is only written down. A channel that answers after it
 * was down gets what has gathered as one message. Returns the notifications to ring for.
 */
export function recordAttempt(db: Db, attempt: NotificationAttempt): Promise<number[]> {
  const { notificationId: id, at, next, entry, message } = attempt;
  const delivered = next.state === 'delivered';
  return db.transaction().execute(async (tx) => {
    await lockDelivery(tx);
    await sql`
      with tried as (
        insert into notification_attempt (notification_id, at, ok, status, response, duration_ms)
        values (${id}, ${at}, ${attempt.ok}, ${attempt.status}, ${attempt.response}, ${attempt.durationMs})
      ), moved as (
        update notification set state = ${next.state}, claimed_at = null, delivered_at = ${delivered ? at : null},
          due_at = coalesce(${next.state === 'pending' ? next.dueAt : null}, due_at),
          fallback_ids = case when ${delivered} then '{}' else fallback_ids end,
          message = coalesce(${message === null ? null : JSON.stringify(message)}::jsonb, message)
        where id = ${id} and ${delivered ? sql`state <> 'delivered'` : sql`state = 'sending' and claimed_at = ${attempt.claimedAt}`}
        returning id, alert_id
      ), told as (
        -- What a carrier brought is told as well.
        update notification set fallback_ids = '{}' from moved where ${delivered} and carrier_id = moved.id returning notification.id, notification.alert_id
      ), noted as (
        insert into alert_entry (alert_id, at, kind, actor, note, data)
        select alert_id, ${at}::timestamptz, ${entry?.kind ?? ''}, ${systemActor}, ${entry?.note ?? ''}, jsonb_build_object('notificationId', notification_id)
        from (
          select id as notification_id, alert_id from moved union all select id, alert_id from told where ${entry?.kind ?? ''} = 'notified'
          union all select n.id, n.alert_id from notification n join moved on n.carrier_id = moved.id where ${entry?.kind ?? ''} = 'undelivered') x
        where ${entry !== null} and alert_id is not null
      )
      update alert set updated_at = ${at} from moved where alert.id = moved.alert_id and ${entry !== null}`.execute(tx);
    return noteChannel(tx, attempt);
  });
}

async function noteChannel(tx: Db, { channel, channelId, at, notificationId }: NotificationAttempt): Promise<number[]> {
  if (channel === 'unknown') return [];
  if (channel === 'answered') {
    const { rows } = await sql<{ down: boolean }>`
      with before as (select id, down_since is not null as down from channel where id = ${channelId} for no key update)
      update channel set failures = 0, down_since = null, retry_at = null from before
      where channel.id = before.id and (failures > 0 or retry_at is not null or down_since is not null) returning before.down`.execute(tx);
    return rows[0]?.down ? gatherBacklog(tx, channelId, notificationId, at) : [];
  }
  if (typeof channel === 'object') {
    await sql`update channel set retry_at = greatest(retry_at, ${channel.until}) where id = ${channelId}`.execute(tx);
    return [];
  }
  await sql`
    update channel set failures = failures + 1,
      down_since = case when failures + 1 >= ${downAfter}::integer then coalesce(down_since, ${at}) else down_since end,
      retry_at = case when failures + 1 >= ${downAfter}::integer
        then ${at}::timestamptz + make_interval(secs => least(${probe.longestMs}::float8, ${probe.firstMs}::float8 * power(2, least(failures + 1 - ${downAfter}::integer, 10))) / 1000)
        else retry_at end
    where id = ${channelId}`.execute(tx);
  return [];
}

/** What waits on a channel that answers again, as one message: single ones, and what storms and this outage had gathered. */
async function gatherBacklog(tx: Db, channelId: number, exceptId: number, now: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number; carries: Carriage | null }>`
    select id, carries from notification
    where channel_id = ${channelId} and state = 'pending' and admitted_at is not null and id <> ${exceptId}
      and (carries is null or carries in ('storm', 'outage')) order by id for update`.execute(tx);
  const [only] = rows;
  if (!only) return [];
  if (rows.length === 1) {
    await sql`update notification set due_at = ${now} where id = ${only.id}`.execute(tx);
    return [only.id];
  }
  const carriers = rows.filter(({ carries }) => carries !== null).map(({ id }) => id);
  const singles = rows.filter(({ carries }) => carries === null).map(({ id }) => id);
  const { rows: carried } = await sql<{ id: number }>`
    select id from notification where carrier_id = any(${carriers}::bigint[])`.execute(tx);
  // The old carriers have nothing of their own to say: they are folded like what they carried, and count for nothing.
  await sql`update notification set sealed_at = coalesce(sealed_at, ${now}) where id = any(${carriers}::bigint[])`.execute(tx);
  const gathered = await foldInto(
    tx,
    channelId,
    { carriage: 'outage', urgent: false, dueAt: now, ids: [...singles, ...carried.map(({ id }) => id)] },
    now,
  );
  await sql`update notification set state = 'folded', carrier_id = null where id = any(${carriers}::bigint[])`.execute(tx);
  return [gathered.id];
}

/** Gives a claim back whose outcome is not known: the process is stopping. */
export async function releaseNotification(db: Db, claim: Pick<ClaimedNotification, 'id' | 'claimedAt'>): Promise<void> {
  await sql`
    update notification set state = 'pending', claimed_at = null
    where id = ${claim.id} and state = 'sending' and claimed_at = ${claim.claimedAt}`.execute(db);
}

/**
 * Takes back what was claimed longer ago than `claimStaleMs`: its sender died. Returns what is due now, most urgent first, at
 * most `limit`. The sweep's work; it also forgets tries older than any budget.
 */
export async function claimLeftNotifications(db: Db, options: { now: Date; claimStaleMs: number; limit: number }): Promise<number[]> {
  const { now, claimStaleMs, limit } = options;
  await sql`delete from channel_use where at < ${new Date(now.getTime() - 2 * 3_600_000)}`.execute(db);
  await sql`
    update notification set state = 'pending', claimed_at = null, due_at = ${now}
    where id in (
      select id from notification where state = 'sending' and claimed_at < ${new Date(now.getTime() - claimStaleMs)}
      order by rank desc, id limit ${limit} for update skip locked)`.execute(db);
  const { rows } = await sql<{ id: number }>`
    select n.id from notification n join channel c on c.id = n.channel_id
    where n.state = 'pending' and n.admitted_at is not null and n.due_at <= ${now} and (c.retry_at is null or c.retry_at <= ${now})
    order by n.rank desc, n.id limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}
