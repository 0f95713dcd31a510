import type { AuthorKind, PreparedItem } from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { noteRevisions } from './item-revision.ts';

export interface NewItem extends PreparedItem {
  sourceId: number;
}

export interface StoredItem {
  id: number;
  sourceId: number;
}

/** Rows of one statement; more than this gains nothing (measured: 500 rows per INSERT is the knee). */
export const itemBatch = 500;

/**
 * Stores what is new and notes it as pending, in one statement and one commit. An item whose key exists already is left
 * as it is; where its source says something else now, that is kept beside it. Returns the new rows only, so ringing for them rings once.
 *
 * Sorted by key, because two batches that insert the same keys in different orders would wait for each other.
 */
export async function insertItems(db: Db, items: readonly NewItem[], now: Date): Promise<StoredItem[]> {
  if (items.length === 0) return [];
  const sorted = items.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const { rows } = await sql<StoredItem>`
    with stored as (
      insert into item (${itemColumns}, collected_at)
      select ${itemColumns}, ${now}::timestamptz from unnest(${itemArrays(sorted)}) as new (${itemColumns})
      on conflict (key) do nothing
      returning id, source_id
    ), noted as (
      insert into item_pending (item_id, rung_at) select id, ${now}::timestamptz from stored
    )
    select id, source_id as "sourceId" from stored order by id`.execute(db);
  if (rows.length < items.length) await noteRevisions(db, items, now);
  return rows;
}

export const itemColumns = sql`key, fingerprint, source_id, author_kind, url, title, text, published_at`;

/** One array per column of {@link itemColumns}, to be unnested. */
export function itemArrays(items: readonly NewItem[]): RawBuilder<unknown> {
  return sql`
    ${items.map((i) => i.key)}::uuid[], ${items.map((i) => i.fingerprint)}::uuid[],
    ${items.map((i) => i.sourceId)}::bigint[], ${items.map((i) => i.authorKind)}::text[],
    ${items.map((i) => i.url)}::text[], ${items.map((i) => i.title)}::text[],
    ${items.map((i) => i.text)}::text[], ${items.map((i) => i.publishedAt)}::timestamptz[]`;
}

/** Which of these keys are stored already. */
export async function knownItemKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    select replace(key::text, '-', '') as key from item where key = any(${keys}::uuid[])`.execute(db);
  return new Set(rows.map((r) => r.key));
}

export interface PendingItem {
  id: number;
  fingerprint: string;
  title: string;
  text: string;
  authorKind: AuthorKind;
  sourceLocal: boolean;
}

/** The named items that still wait for an assessment, in the order of their ids. */
export async function loadPendingItems(db: Db, ids: readonly number[]): Promise<PendingItem[]> {
  const { rows } = await sql<PendingItem>`
    select i.id, i.fingerprint, i.title, i.text, i.author_kind as "authorKind", s.local as "sourceLocal"
    from item_pending p join item i on i.id = p.item_id join source s on s.id = i.source_id
    where p.item_id = any(${ids}::bigint[]) order by i.id`.execute(db);
  return rows;
}

/**
 * Items left behind: pending, and rung for longer ago than `staleMs`. Marks them as rung for again. The sweep's work.
 */
export async function claimLeftItems(db: Db, options: { now: Date; staleMs: number; limit: number }): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    update item_pending set rung_at = ${options.now}
    where item_id in (
      select item_id from item_pending where rung_at < ${new Date(options.now.getTime() - options.staleMs)}
      order by rung_at limit ${options.limit} for update skip locked)
    returning item_id as id`.execute(db);
  return rows.map((r) => r.id).sort((a, b) => a - b);
}

/** How many items wait for an assessment, and since when the oldest does; the canary is none of them. */
export async function pendingItems(db: Db): Promise<{ count: number; oldest: Date | null }> {
  const { rows } = await sql<{ count: number; oldest: Date | null }>`
    select count(*) as count, min(i.collected_at) as oldest from item_pending p join item i on i.id = p.item_id
    where i.source_id is distinct from (select source_id from canary)`.execute(db);
  return rows[0] ?? { count: 0, oldest: null };
}
