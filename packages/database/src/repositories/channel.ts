import { GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface NewChannel {
  kind: string;
  name: string;
  /** As the kind's schema parsed them. */
  options: Record<string, unknown>;
  allowPrivate: boolean;
}

export interface ChannelRow extends NewChannel {
  id: number;
  createdAt: Date;
  /** Used when this one fails. */
  fallbackId: number | null;
  /** Since when it has failed; null while it answers. */
  downSince: Date | null;
}

/** A channel and how it fares. */
export interface ListedChannel extends ChannelRow {
  /** Of a message or a test; null: never yet. */
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  /** What the receiver said then; empty when it never failed. */
  lastFailure: string;
}

/**
 * Adds a channel. The first one is put on the default route (the last by position), so that somebody is told from the start;
 * open alerts that nobody could be told of until now are decided on again.
 * Throws `conflict` when the name is taken.
 */
export async function addChannel(db: Db, channel: NewChannel): Promise<{ id: number; onDefaultRoute: boolean }> {
  const { rows } = await sql<{ id: number; onDefaultRoute: boolean }>`
    with added as (
      insert into channel (kind, name, options, allow_private)
      values (${channel.kind}, ${channel.name}, ${JSON.stringify(channel.options)}, ${channel.allowPrivate})
      on conflict (name) where removed_at is null do nothing
      returning id
    ), routed as (
      update route set channel_ids = channel_ids || added.id from added
      where route.id = (select id from route where parent_id is null order by position desc limit 1)
        and not exists (select 1 from channel where removed_at is null)
      returning route.id
    ), untold as (
      -- Dated back, so that the sweep takes them at its next round.
      update event set decide_at = now() - interval '1 minute'
      where exists (select 1 from routed) and id in (
        select event_id from alert a where a.closed_at is null and not exists (select 1 from notification n where n.alert_id = a.id))
    )
    select id, exists (select 1 from routed) as "onDefaultRoute" from added`.execute(db);
  const [added] = rows;
  if (!added) throw new GuanlanError('conflict', `已有名为“${channel.name}”的渠道，请换一个名称，或先移除它。`);
  return added;
}

/** The channels in use, in the order they were added. */
export async function listChannels(db: Db): Promise<ListedChannel[]> {
  const rows = await db.selectFrom('channel').selectAll().where('removed_at', 'is', null).orderBy('id').execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    options: row.options,
    allowPrivate: row.allow_private,
    createdAt: row.created_at,
    lastSuccessAt: row.last_success_at,
    lastFailureAt: row.last_failure_at,
    lastFailure: row.last_failure,
    fallbackId: row.fallback_id,
    downSince: row.down_since,
  }));
}

/** One channel in use; null when there is none with this id. */
export async function getChannel(db: Db, id: number): Promise<ListedChannel | null> {
  return (await listChannels(db)).find((channel) => channel.id === id) ?? null;
}

/** Changes a channel in use; what is left out stays. Throws `conflict` when the name is taken, `not-found` when there is no such channel. */
export async function changeChannel(db: Db, id: number, change: Partial<Omit<NewChannel, 'kind'>>): Promise<void> {
  const { name, options, allowPrivate } = change;
  const { rows } = await sql<{ taken: boolean; found: boolean }>`
    with taken as (
      select 1 from channel where name = ${name ?? null} and id <> ${id} and removed_at is null
    ), changed as (
      update channel set name = coalesce(${name ?? null}, name), options = coalesce(${options ? JSON.stringify(options) : null}::jsonb, options),
        allow_private = coalesce(${allowPrivate ?? null}, allow_private)
      where id = ${id} and removed_at is null and not exists (select 1 from taken)
      returning id
    )
    select exists (select 1 from taken) as taken, exists (select 1 from changed) as found`.execute(db);
  if (rows[0]?.taken) throw new GuanlanError('conflict', `已有名为“${name}”的渠道，请换一个名称。`);
  if (!rows[0]?.found) throw new GuanlanError('not-found', `没有编号为 ${id} 的渠道。`);
}

/** Notes how a try through this channel went, be it a message or a test. */
export async function noteChannelTry(db: Db, id: number, tried: { at: Date; ok: boolean; response: string }): Promise<void> {
  const { at, ok, response } = tried;
  await db
    .updateTable('channel')
    .set(ok ? { last_success_at: at } : { last_failure_at: at, last_failure: response })
    .where('id', '=', id)
    .execute();
}

/** Which channel is used when this one fails; null: none. Throws `bad-input` for a chain that comes back to itself, `not-found`. */
export async function setFallback(db: Db, id: number, fallbackId: number | null): Promise<void> {
  const channels = await listChannels(db);
  for (const wanted of [id, ...(fallbackId === null ? [] : [fallbackId])]) {
    if (!channels.some((channel) => channel.id === wanted)) throw new GuanlanError('not-found', `没有编号为 ${wanted} 的渠道。`);
  }
  if (fallbackId !== null && fallbackChain(channels, fallbackId).includes(id)) {
    throw new GuanlanError('bad-input', '备用渠道不能绕回这个渠道自己。');
  }
  await db.updateTable('channel').set({ fallback_id: fallbackId }).where('id', '=', id).execute();
}

/** A channel and those that follow when it fails, of the ones in use. */
export function fallbackChain(channels: readonly ChannelRow[], id: number): number[] {
  const chain: number[] = [];
  let at = channels.find((channel) => channel.id === id);
  while (at && !chain.includes(at.id)) {
    chain.push(at.id);
    const next = at.fallbackId;
    at = channels.find((channel) => channel.id === next);
  }
  return chain;
}

/** Takes a channel out of use and off every route; its ledger stays. Returns whether there was such a channel. */
export async function removeChannel(db: Db, id: number, now: Date): Promise<boolean> {
  const { numAffectedRows } = await sql`
    with unrouted as (
      update route set channel_ids = array_remove(channel_ids, ${id}) where ${id} = any(channel_ids)
    ), unlinked as (
      update channel set fallback_id = null where fallback_id = ${id} and id <> ${id}
    ), untold as (
      update receiver set channel_ids = array_remove(channel_ids, ${id}) where ${id} = any(channel_ids)
    )
    update channel set removed_at = ${now} where id = ${id} and removed_at is null`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}
