import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { assessing, type Judgement, judgementArrays, judgementColumns } from './assessment.ts';
import { itemArrays, itemColumns, type NewItem } from './item.ts';

/** A new item with what one revision says of it. */
export interface AssessedItem extends NewItem, Judgement {}

export interface StoredAssessed {
  /** New rows by source; a source without any is left out. */
  added: Map<number, number>;
  /** Events the dispatcher and the counter should look at. */
  eventIds: number[];
}

/**
 * Stores what is new together with its assessments and events: one statement, one commit, nothing pending in between. An
 * item whose key exists already is left as it is, and its judgement dropped.
 *
 * Sorted by key, as `insertItems` does and for the same reason; of items with one key the first.
 */
export async function insertAssessedItems(db: Db, revisionId: number, items: readonly AssessedItem[], now: Date): Promise<StoredAssessed> {
  const added = new Map<number, number>();
  const eventIds: number[] = [];
  if (items.length === 0) return { added, eventIds };
  const sorted = items
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter((item, index, all) => item.key !== all[index - 1]?.key);
  const { rows } = await sql<{ sourceId: number | null; added: number | null; eventId: number | null }>`
    with new as materialized (
      select * from unnest(${itemArrays(sorted)}, ${judgementArrays(sorted)}) as n (${itemColumns}, ${judgementColumns})
    ), stored as (
      insert into item (${itemColumns}, collected_at)
      select ${itemColumns}, ${now}::timestamptz from new
      on conflict (key) do nothing
      returning id, key, source_id
    ), input as (
      select stored.id as item_id, ${now}::timestamptz as collected_at, new.title, ${judgementColumns}
      from stored join new using (key)
    ), ${assessing(revisionId, now)}
    select source_id as "sourceId", count(*)::integer as added, null::bigint as "eventId" from stored group by source_id
    union all select null, null, id from upserted where relevant`.execute(db);
  for (const row of rows) {
    if (row.sourceId !== null && row.added !== null) added.set(row.sourceId, row.added);
    if (row.eventId !== null) eventIds.push(row.eventId);
  }
  return { added, eventIds: eventIds.sort((a, b) => a - b) };
}
