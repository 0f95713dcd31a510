import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';

/** An event of which nothing was collected for so long is history. */
export const livesMs = 7 * 86_400_000;

/**
 * What only judging anew makes a matter calls somebody for so long: what is older than the two days in which an answer is due
 * (国办发〔2016〕61号) is for the lists and the counts. Clocks that begin when a case is opened would run for what is long past.
 */
export const anewMs = 2 * 86_400_000;

/** Waits for its turn; held until the transaction ends. */
export async function lockGrouping(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.grouping})`.execute(tx);
}

/** An item whose event is to be found. */
export interface UngroupedItem {
  id: number;
  fingerprint: string;
  title: string;
  /** Its beginning, as much as was asked for. */
  text: string;
  /** When it was published or, where that is unknown, collected. */
  at: Date;
  /** Has a level, or was filed by a person: it begins an event where it joins none. */
  begins: boolean;
  /** Grouped already, and judged anew since. */
  eventId: number | null;
  /** Of a drill: it belongs to events of that drill only. */
  drillId: number | null;
}

/** Items that wait for their event, oldest first. */
export async function loadUngrouped(tx: Db, options: { limit: number; textLength: number }): Promise<UngroupedItem[]> {
  const { rows } = await sql<UngroupedItem>`
    select i.id, replace(i.fingerprint::text, '-', '') as fingerprint, i.title, left(i.text, ${options.textLength}) as text,
      coalesce(i.published_at, i.collected_at) as at,
      a.rank > 0 or exists (select 1 from direct_report r where r.item_id = i.id) as begins, ei.event_id as "eventId", ds.drill_id as "drillId"
    from (select item_id from event_pending order by item_id limit ${options.limit}) p
    join item i on i.id = p.item_id left join event_item ei on ei.item_id = i.id left join drill_step ds on ds.item_id = i.id
    cross join lateral (select rank, relevant from assessment where item_id = i.id order by revision_id desc limit 1) a
    order by i.id`.execute(tx);
  return rows;
}

/** The items of these drills, by drill. */
export async function loadDrillItems(tx: Db, drillIds: readonly number[]): Promise<Map<number, Set<number>>> {
  const items = new Map<number, Set<number>>(drillIds.map((id) => [id, new Set()]));
  if (items.size === 0) return items;
  const { rows } = await sql<{ drillId: number; itemId: number }>`
    select drill_id as "drillId", item_id as "itemId" from drill_step
    where drill_id = any(${[...items.keys()]}::bigint[]) and item_id is not null`.execute(tx);
  for (const { drillId, itemId } of rows) items.get(drillId)?.add(itemId);
  return items;
}

/** A member of an event, as a process's window knows it. */
export interface EventMember {
  itemId: number;
  eventId: number;
  seedId: number;
  at: Date;
  /** Null for a copy: its first of the same text is found instead. */
  signature: Uint8Array | null;
  seq: number;
}

/** Members placed or moved after `seq`, in that order. */
export async function loadMembersAfter(tx: Db, seq: number, limit: number): Promise<EventMember[]> {
  const { rows } = await sql<EventMember>`
    select item_id as "itemId", event_id as "eventId", seed_id as "seedId", at, signature, seq
    from event_item where seq > ${seq} order by seq limit ${limit}`.execute(tx);
  return rows;
}

/** The number of the newest placement; 0 when there is none. */
export async function lastMemberSeq(db: Db): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select coalesce(max(seq), 0) as seq from event_item`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** Of each of these texts (by fingerprint) that an event has, the first item with it. */
export async function findCopied(
  tx: Db,
  fingerprints: readonly string[],
): Promise<Map<string, Pick<EventMember, 'itemId' | 'eventId' | 'seedId'>>> {
  const { rows } = await sql<{ fingerprint: string; itemId: number; eventId: number; seedId: number }>`
    select distinct on (fingerprint) replace(fingerprint::text, '-', '') as fingerprint,
      item_id as "itemId", event_id as "eventId", seed_id as "seedId"
    from event_item where fingerprint = any(${fingerprints}::uuid[]) order by fingerprint, item_id`.execute(tx);
  return new Map(rows.map(({ fingerprint, ...member }) => [fingerprint, member]));
}

/** What items are compared by. */
export async function loadTexts(
  tx: Db,
  ids: readonly number[],
  textLength: number,
): Promise<{ id: number; title: string; text: string; at: Date }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: number; title: string; text: string; at: Date }>`
    select id, title, left(text, ${textLength}) as text, coalesce(published_at, collected_at) as at
    from item where id = any(${ids}::bigint[])`.execute(tx);
  return rows;
}

/** Ids for events about to begin. Unused ones are never given again. */
export async function reserveEventIds(tx: Db, count: number): Promise<number[]> {
  if (count === 0) return [];
  const { rows } = await sql<{ id: number }>`
    select nextval(pg_get_serial_sequence('event', 'id')) as id from generate_series(1, ${count}::integer)`.execute(tx);
  return rows.map((row) => row.id);
}

/** Where an item belongs. */
export interface PlacedItem {
  itemId: number;
  /** One that exists, or a reserved id. */
  eventId: number;
  seedId: number;
  copyOf: number | null;
  signature: Uint8Array | null;
}

/**
 * Writes where items belong, and what that makes of their events, whose rank, relevance and categories only grow here; `settled` items
 * wait no longer. One statement of the grouping's transaction. Returns the events the dispatcher and the counter should look at.
 *
 * A decision is asked for where there is news, in an event that lives: history that new rules grade anew calls nobody, and
 * nor does one that a person has closed. Where all the news is that items were judged anew, it lives for {@link anewMs} only.
 */
export async function savePlacements(
  tx: Db,
  placed: readonly PlacedItem[],
  { settled, now }: { settled: readonly number[]; now: Date },
): Promise<number[]> {
  const [livesSince, anewSince] = [livesMs, anewMs].map((ms) => new Date(now.getTime() - ms));
  const decide = (wanted: RawBuilder<unknown>, seen: RawBuilder<unknown>, fresh: RawBuilder<unknown>) =>
    sql`case when ${wanted} and ${seen} >= case when ${fresh} then ${livesSince}::timestamptz else ${anewSince}::timestamptz end
      then ${now}::timestamptz end`;
  const { rows } = await sql<{ id: number }>`
    with judged as materialized (
      select p.*, i.title, i.fingerprint, i.collected_at, coalesce(i.published_at, i.collected_at) as at,
        a.rank, a.score, a.relevant, a.categories,
        not exists (select 1 from assessment older where older.item_id = i.id and older.revision_id < a.revision_id) as fresh
      from unnest(
        ${placed.map((p) => p.itemId)}::bigint[], ${placed.map((p) => p.eventId)}::bigint[], ${placed.map((p) => p.seedId)}::bigint[],
        ${placed.map((p) => p.copyOf)}::bigint[], ${placed.map((p) => p.signature && Buffer.from(p.signature))}::bytea[]
      ) as p (item_id, event_id, seed_id, copy_of, signature)
      join item i on i.id = p.item_id
      cross join lateral (
        select rank, score, relevant, categories, revision_id from assessment where item_id = i.id order by revision_id desc limit 1) a
    ), linked as (
      insert into event_item (item_id, event_id, seed_id, copy_of, fingerprint, signature, at)
      select item_id, event_id, seed_id, copy_of, fingerprint, signature, at from judged order by item_id
      on conflict (item_id) do nothing
      returning item_id
    ), grouped as (
      select event_id, (array_agg(title order by rank desc, item_id))[1] as title, max(rank) as rank, max(score) as score,
        bool_or(relevant) as relevant, bool_or(fresh) as fresh, count(linked.item_id)::integer as items,
        min(collected_at) as first_seen, max(collected_at) as last_seen
      from judged left join linked using (item_id) group by event_id
    ), about as (
      select event_id, array_agg(distinct c.name) as categories from judged, unnest(judged.categories) as c (name) group by event_id
    ), upserted as (
      insert into event (id, title, rank, score, relevant, item_count, first_seen_at, last_seen_at, decide_at, categories)
      overriding system value
      select event_id, title, rank, score, relevant, items, first_seen, last_seen, ${decide(sql`relevant`, sql`last_seen`, sql`fresh`)},
        coalesce(categories, '{}')
      from grouped left join about using (event_id) order by event_id
      on conflict (id) do update set
        rank = greatest(event.rank, excluded.rank), score = greatest(event.score, excluded.score),
        relevant = event.relevant or excluded.relevant, item_count = event.item_count + excluded.item_count,
        first_seen_at = least(event.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(event.last_seen_at, excluded.last_seen_at),
        decide_at = coalesce(
          ${decide(
            sql`(event.relevant or excluded.relevant) and (excluded.item_count > 0 or not exists (
              select 1 from alert al where al.event_id = event.id and al.closed_at is not null))`,
            sql`greatest(event.last_seen_at, excluded.last_seen_at)`,
            sql`(select fresh from grouped g where g.event_id = event.id)`,
          )}, event.decide_at),
        categories = case when event.categories @> excluded.categories then event.categories
          else array(select distinct unnest(event.categories || excluded.categories)) end
      returning id, relevant
    ), done as (
      delete from event_pending where item_id = any(${settled}::bigint[])
    )
    select id from upserted where relevant order by id`.execute(tx);
  return rows.map((row) => row.id);
}
