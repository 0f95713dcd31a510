import { type AuthorKind, type CategoryId, canaryKind, type Reason, type Suppressed } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import type { TallyState } from '../schema/tally.ts';

const snippetLength = 200;

export interface ItemRow {
  id: number;
  title: string;
  snippet: string;
  url: string | null;
  sourceId: number;
  sourceName: string;
  sourceKind: string;
  authorKind: AuthorKind;
  publishedAt: Date | null;
  collectedAt: Date;
  eventId: number | null;
  /** Null while the item waits for the classifier. Of several revisions' assessments, the newest. */
  assessment: { rank: number; score: number; categories: CategoryId[]; places: string[]; local: boolean; relevant: boolean } | null;
}

export interface ItemFilter {
  before?: number | undefined;
  limit: number;
  minRank?: number | undefined;
  category?: CategoryId | undefined;
  relevant?: boolean | undefined;
  sourceId?: number | undefined;
}

/** Items, newest first; a canary in flight is none. */
export async function listItems(db: Db, filter: ItemFilter): Promise<ItemRow[]> {
  const { before = Number.MAX_SAFE_INTEGER, limit, minRank = 0, category, relevant, sourceId } = filter;
  const conditions = [sql`i.id < ${before}`, sql`s.kind <> ${canaryKind}`];
  if (sourceId !== undefined) conditions.push(sql`i.source_id = ${sourceId}`);
  if (minRank > 0) conditions.push(sql`a.rank >= ${minRank}`);
  if (category !== undefined) conditions.push(sql`${category} = any(a.categories)`);
  if (relevant === true) conditions.push(sql`a.relevant`);
  if (relevant === false) conditions.push(sql`a.relevant is not true`);
  // A few judged items among many: walk the assessments (the relevant ones have an index of their own), not the items.
  const judged = relevant === true || (relevant === undefined && (minRank > 0 || category !== undefined));
  const { rows } = await sql<ItemRow>`
    select ${columns}
    from ${judged ? judgedItems(before) : items}
    where ${sql.join(conditions, sql` and `)}
    order by ${judged ? sql`a.item_id` : sql`i.id`} desc limit ${limit}`.execute(db);
  return rows;
}

export interface ItemDetailRow extends ItemRow {
  text: string;
  judged: { revisionId: number; assessedAt: Date; reasons: Reason[] | null; suppressed: Suppressed[] | null } | null;
  alertIds: number[];
  tally: { year: number; state: TallyState; note: string } | null;
}

/** One item with its evidence, or null. */
export async function getItem(db: Db, id: number): Promise<ItemDetailRow | null> {
  const { rows } = await sql<
    Omit<ItemDetailRow, 'judged'> & {
      judged: { revisionId: number; assessedAt: string } | null;
      reasons: Reason[] | null;
      suppressed: Suppressed[] | null;
    }
  >`
    select ${columns}, i.text, a.reasons, a.suppressed,
      case when a.item_id is not null then json_build_object('revisionId', a.revision_id, 'assessedAt', a.assessed_at) end as judged,
      array(select al.id from alert al where al.event_id = ei.event_id order by al.id desc) as "alertIds",
      (select json_build_object('year', t.year, 'state', t.state, 'note', t.note) from tally t where t.item_id = i.id) as tally
    from ${items}
    where i.id = ${id}`.execute(db);
  const row = rows[0];
  if (!row) return null;
  const { reasons, suppressed, judged, ...item } = row;
  return { ...item, judged: judged && { revisionId: judged.revisionId, assessedAt: new Date(judged.assessedAt), reasons, suppressed } };
}

/** The ids of stored items by their keys (32 hex digits); keys that are not stored are left out. */
export async function findItemIds(db: Db, keys: readonly string[]): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: string; id: number }>`
    select replace(key::text, '-', '') as key, id from item where key = any(${keys}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.key, row.id]));
}

const columns = sql`
  i.id, i.title, left(i.text, ${sql.lit(snippetLength)}) as snippet, i.url, i.author_kind as "authorKind",
  i.source_id as "sourceId", s.name as "sourceName", s.kind as "sourceKind",
  i.published_at as "publishedAt", i.collected_at as "collectedAt", ei.event_id as "eventId",
  case when a.item_id is not null then json_build_object('rank', a.rank, 'score', a.score, 'categories', a.categories,
    'places', a.places, 'local', a.local, 'relevant', a.relevant) end as assessment`;

const sourceAndEvent = sql`join source s on s.id = i.source_id left join event_item ei on ei.item_id = i.id`;

/** Every item; of several assessments the one of the newest revision. */
const items = sql`
  item i ${sourceAndEvent}
  left join lateral (select * from assessment x where x.item_id = i.id order by x.revision_id desc limit 1) a on true`;

/** The same, of assessed items only. */
function judgedItems(before: number) {
  return sql`
    (select * from assessment x where x.item_id < ${before}
      and not exists (select 1 from assessment newer where newer.item_id = x.item_id and newer.revision_id > x.revision_id)) a
    join item i on i.id = a.item_id ${sourceAndEvent}`;
}
