import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { assessing, type Judgement, judgementArrays, judgementColumns } from './assessment.ts';
import { itemArrays, itemColumns, type NewItem } from './item.ts';

/** A new item with what one revision says of it. */
export interface AssessedItem extends NewItem, Judgement {}

export interface StoredAssessed {
  /** New rows by source; a source without any is left out. */
  added: Map<number, number>;
  /** Items that now wait for their event. */
  waiting: number;
}

/**
 * Stores what is new together with its assessments: one statement, one commit, nothing to be assessed in between. An
 * item whose key exists already is left as it is, and its judgement dropped.
 *
 * Sorted by key, as `insertItems` does and for the same reason; of items with one key the first.
 */
export async function insertAssessedItems(db: Db, revisionId: number, items: readonly AssessedItem[], now: Date): Promise<StoredAssessed> {
  const added = new Map<number, number>();
  if (items.length === 0) return { added, waiting: 0 };
  const sorted = items
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .filter((item, index, all) => item.key !== all[index - 1]?.key);
  const { rows } = await sql<{ sourceId: number | null; count: number }>`
    with new as materialized (
      select * from unnest(${itemArrays(sorted)}, ${judgementArrays(sorted)}) as n (${itemColumns}, ${judgementColumns})
    ), stored as (
      insert into item (${itemColumns}, collected_at)
      select ${itemColumns}, ${now}::timestamptz from new
      on conflict (key) do nothing
      returning id, key, source_id
    ), input as (
      select stored.id as item_id, ${judgementColumns} from stored join new using (key)
    ), ${assessing(revisionId, now)}
    select source_id as "sourceId", count(*)::integer as count from stored group by source_id
    union all select null, count(*)::integer from waiting`.execute(db);
  let waiting = 0;
  for (const { sourceId, count } of rows) {
    if (sourceId === null) waiting = count;
    else added.set(sourceId, count);
  }
  return { added, waiting };
}
