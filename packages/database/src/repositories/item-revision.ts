import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { NewItem } from './item.ts';

/** Kept of one item: a text that counts its own readers would fill the table. */
const keptOfOne = 10;

/**
 * Keeps what known items say now where their own source says something else than before. Each text is kept once; the item itself, its
 * judgement and what it counts stay as they are. Returns how many were kept.
 */
export async function noteRevisions(db: Db, known: readonly NewItem[], now: Date): Promise<number> {
  if (known.length === 0) return 0;
  // Digests first: of what a feed tells again, almost nothing has changed.
  const { rows: changed } = await sql<{ itemId: number; turn: number }>`
    select i.id as "itemId", n.turn
    from unnest(${known.map((i) => i.key)}::uuid[], ${known.map((i) => i.fingerprint)}::uuid[], ${known.map((i) => i.sourceId)}::bigint[])
      with ordinality as n (key, fingerprint, source_id, turn)
    join item i on i.key = n.key
    where i.source_id = n.source_id and i.fingerprint <> n.fingerprint
      and (select count(*) from item_revision r where r.item_id = i.id) < ${keptOfOne}`.execute(db);
  const revisions = changed.flatMap(({ itemId, turn }) => {
    const item = known[turn - 1];
    // A source that gives only the title today has not emptied the article.
    return item === undefined || item.text === ''
      ? []
      : { item_id: itemId, fingerprint: item.fingerprint, at: now, title: item.title, text: item.text };
  });
  if (revisions.length === 0) return 0;
  const result = await db
    .insertInto('item_revision')
    .values(revisions)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0n);
}

export interface ItemRevision {
  at: Date;
  title: string;
  text: string;
}

/** What an item said later, oldest first. */
export async function listRevisions(db: Db, itemId: number): Promise<ItemRevision[]> {
  return db.selectFrom('item_revision').select(['at', 'title', 'text']).where('item_id', '=', itemId).orderBy('at').execute();
}
