import { type AlertPolicy, admit, type Budget, type Carriage, type ChannelLane, carriageTitles, type Fold } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';
import { systemActor } from './alert-entry.ts';

/** Waiting messages of one channel that one round looks at. */
const roundLimit = 1_000;

export function lockDelivery(tx: Db): Promise<unknown> {
  return sql`select pg_advisory_xact_lock(${locks.admission})`.execute(tx);
}

/**
 * Lets waiting messages through: each goes out by itself, or is folded into the one carrier of its sort that is open on the
 * channel. Fallbacks that are due are written first. Idempotent by rows; a round that dies has done nothing. Returns what may
 * now be sent, most urgent first.
 */
export async function admitNotifications(
  db: Db,
  { now, storm, budgets = new Map() }: AdmissionOptions,
): Promise<{ id: number; dueAt: Date }[]> {
  return db.transaction().execute(async (tx) => {
    await lockDelivery(tx);
    const through = new Map<number, Admitted>();
    // What is folded on a channel that is down goes another way at once: a round more for each link of the chain.
    for (let more = true; more; ) {
      await fallBack(tx, now);
      const lanes = await openLanes(tx, { now, storm, budgets });
      for (const lane of lanes) for (const one of await admitLane(tx, lane, { now, storm })) through.set(one.id, one);
      more = lanes.some(({ down }) => down);
    }
    return [...through.values()].sort((a, b) => b.rank - a.rank || a.id - b.id);
  });
}

export interface AdmissionOptions {
  now: Date;
  storm: AlertPolicy['storm'];
  /** By kind of channel; none: no limits. */
  budgets?: ReadonlyMap<string, readonly Budget[]>;
}

interface Admitted {
  id: number;
  rank: number;
  dueAt: Date;
}

/** A channel on which something waits. */
type Lane = ChannelLane & { channelId: number };

async function openLanes(tx: Db, { now, storm, budgets }: Required<AdmissionOptions>): Promise<Lane[]> {
  const { rows } = await sql<Omit<Lane, 'budgets' | 'used'> & { kind: string; queued: number }>`
    select c.id as "channelId", c.kind, c.down_since is not null as down,
      exists (select 1 from notification k where k.channel_id = c.id and k.carries = 'storm' and k.sealed_at is null) as storming,
      coalesce(u.singles, 0) as singles, coalesce(u.urgent, 0) as urgent,
      (select count(*) from notification q
        where q.channel_id = c.id and q.state = 'pending' and q.admitted_at is not null and q.due_at <= ${now}) as queued
    from channel c left join lateral (
      select count(*) filter (where rank < 4) as singles, count(*) filter (where rank = 4) as urgent from notification
      where channel_id = c.id and carries is null and carrier_id is null
        and admitted_at > ${new Date(now.getTime() - storm.windowMinutes * 60_000)} and notice_id is null) u on true
    where c.id in (select distinct channel_id from notification where admitted_at is null) order by c.id`.execute(tx);
  const lanes: Lane[] = [];
  for (const { kind, queued, ...row } of rows) {
    const own = budgets.get(kind) ?? [];
    const queue = Array.from({ length: own.length === 0 ? 0 : queued }, () => now);
    lanes.push({ ...row, budgets: own, used: [...(await usedOf(tx, row.channelId, own, now)), ...queue] });
  }
  return lanes;
}

/** When a channel was used, as far back as its budgets look. */
async function usedOf(tx: Db, channelId: number, budgets: readonly Budget[], now: Date): Promise<Date[]> {
  if (budgets.length === 0) return [];
  const since = new Date(now.getTime() - Math.max(...budgets.map(({ windowMs }) => windowMs)));
  const rows = await tx.selectFrom('channel_use').select('at').where('channel_id', '=', channelId).where('at', '>', since).execute();
  return rows.map(({ at }) => at);
}

async function admitLane(tx: Db, lane: Lane, { now, storm }: { now: Date; storm: AlertPolicy['storm'] }): Promise<Admitted[]> {
  const { rows: waiting } = await sql<{ id: number; rank: number; hold: 'quiet' | 'digest' | null; dueAt: Date; notice: boolean }>`
    select id, rank, hold, due_at as "dueAt", notice_id is not null as notice from notification
    where channel_id = ${lane.channelId} and admitted_at is null order by rank desc, id limit ${roundLimit}`.execute(tx);
  // Words about the watching itself are few and say what a digest would hide.
  const notices = waiting.filter(({ notice }) => notice && !lane.down);
  const { singles, folds } = admit(
    waiting.filter((one) => !notices.includes(one)),
    lane,
    { now, storm },
  );
  const ids = new Set([...notices.map(({ id }) => id), ...singles]);
  await sql`update notification set admitted_at = ${now}, due_at = least(due_at, ${now}) where id = any(${[...ids]}::bigint[])`.execute(tx);
  const through: Admitted[] = waiting.filter(({ id }) => ids.has(id)).map(({ id, rank }) => ({ id, rank, dueAt: now }));
  for (const fold of folds) through.push(await foldInto(tx, lane.channelId, fold, now));
  return through;
}

/** Puts messages into the open carrier of their sort, made when there is none. Returns the carrier. */
export async function foldInto(tx: Db, channelId: number, fold: Fold, now: Date): Promise<{ id: number; rank: number; dueAt: Date }> {
  const carrierId = (await openCarrier(tx, channelId, fold)) ?? (await addCarrier(tx, channelId, fold, now));
  await sql`
    update notification set state = 'folded', carrier_id = ${carrierId}, admitted_at = coalesce(admitted_at, ${now}), claimed_at = null
    where id = any(${fold.ids}::bigint[])`.execute(tx);
  const { rows } = await sql<{ id: number; rank: number; dueAt: Date }>`
    update notification set due_at = least(due_at, ${fold.dueAt}),
      rank = greatest(rank, (select max(rank) from notification where id = any(${fold.ids}::bigint[])))
    where id = ${carrierId} returning id, rank, due_at as "dueAt"`.execute(tx);
  return rows[0] ?? { id: carrierId, rank: 0, dueAt: fold.dueAt };
}

async function openCarrier(tx: Db, channelId: number, { carriage, urgent }: Pick<Fold, 'carriage' | 'urgent'>): Promise<number | null> {
  const row = await tx
    .selectFrom('notification')
    .select('id')
    .where('channel_id', '=', channelId)
    .where('carries', '=', carriage)
    .where('urgent', '=', urgent)
    .where('sealed_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return row?.id ?? null;
}

async function addCarrier(tx: Db, channelId: number, { carriage, urgent, dueAt }: Fold, now: Date): Promise<number> {
  const title = carriageTitles[carriage satisfies Carriage];
  const { rows } = await sql<{ id: number }>`
    with noted as (
      insert into notice (key, kind, title, text, at) values ('digest-' || gen_random_uuid(), 'digest', ${title}, '', ${now}) returning id
    )
    insert into notification (notice_id, channel_id, idempotency_key, rank, reason, message, due_at, created_at, admitted_at, carries, urgent)
    select id, ${channelId}, 'digest-' || id || '-' || ${channelId}::bigint, 0, ${title}, '{}', ${dueAt}::timestamptz, ${now}::timestamptz,
      ${now}::timestamptz, ${carriage}, ${urgent}
    from noted returning id`.execute(tx);
  const [added] = rows;
  if (!added) throw new Error('an insert of one row returned none');
  return added.id;
}

/** Failed tries of one message after which the next channel is used as well; of level I the first. */
const patience = { usual: 3, urgent: 1 };

/**
 * Writes the message anew for the next channel of its chain where its own has failed: given up, tried in vain, or the channel is
 * down. Once for each link of the chain, by the key. The original is still tried, and says in its alert's timeline what became of it.
 */
async function fallBack(tx: Db, now: Date): Promise<void> {
  await sql`
    with failed as (
      select n.*, c.name as channel_name, f.name as fallback_name from notification n
      join channel c on c.id = n.channel_id join channel f on f.id = n.fallback_ids[1] left join notification k on k.id = n.carrier_id
      where n.fallback_ids <> '{}' and n.admitted_at is not null and (
        n.state = 'dead' or k.state = 'dead'
        or (n.state = 'pending' and n.attempts >= case when n.rank = 4 then ${patience.urgent}::integer else ${patience.usual}::integer end)
        or (c.down_since is not null and (n.state = 'pending' or (k.state = 'pending' and (k.carries = 'outage' or k.due_at <= ${now})))))
      order by n.rank desc, n.id limit ${roundLimit} for update of n
    ), marked as (
      update notification set fallback_ids = '{}' from failed where notification.id = failed.id
    ), noted as (
      insert into alert_entry (alert_id, at, kind, actor, note, data)
      select alert_id, ${now}::timestamptz, 'fell-back', ${systemActor}, '“' || channel_name || '”未能送达，改由“' || fallback_name || '”发送',
        jsonb_build_object('notificationId', id)
      from failed where alert_id is not null
    )
    insert into notification (alert_id, notice_id, channel_id, idempotency_key, rank, reason, message, receiver, fallback_ids, fallback_of, due_at, created_at)
    select alert_id, notice_id, fallback_ids[1], idempotency_key || '-f' || fallback_ids[1], rank, reason || '（“' || channel_name || '”未能送达，改由本渠道发送）',
      message || jsonb_build_object('idempotencyKey', idempotency_key || '-f' || fallback_ids[1],
        'reason', reason || '（“' || channel_name || '”未能送达，改由本渠道发送）'),
      receiver, fallback_ids[2:], id, ${now}::timestamptz, ${now}::timestamptz
    from failed on conflict (idempotency_key) do nothing`.execute(tx);
}
