import type { AlertMessage, CategoryId, Reason } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What an event's items say together. */
export interface Story {
  /** Those of the most severe item first. */
  categories: CategoryId[];
  places: string[];
  sourceCount: number;
  /** From the most severe item; at most five, each rule and term once. */
  evidence: Evidence[];
  /** The most severe first, at most as many as were asked for. */
  items: AlertMessage['items'];
}

/** A reason with a little of the text around it. `start`/`end` are UTF-16 offsets of the match within `snippet`. */
export interface Evidence {
  rule: string;
  category: CategoryId;
  term: string;
  snippet: string;
  start: number;
  end: number;
}

/** Of an event nobody has read, or whose items are gone. */
export const emptyStory: Story = { categories: [], places: [], sourceCount: 0, evidence: [], items: [] };

/** The stories of these events, by event id; two statements, however many. Of each item its latest assessment counts. */
export async function loadStories(db: Db, eventIds: readonly number[], options: { items: number }): Promise<Map<number, Story>> {
  if (eventIds.length === 0) return new Map();
  const { rows } = await sql<StoryRow>`
    with member as (
      select ei.event_id, i.id, i.source_id, a.categories, a.places,
        row_number() over (partition by ei.event_id order by a.relevant desc, a.rank desc, a.score desc, i.id) as turn
      from event_item ei join item i on i.id = ei.item_id
      cross join lateral (
        select relevant, rank, score, categories, places from assessment where item_id = i.id order by revision_id desc limit 1) a
      where ei.event_id = any(${eventIds}::bigint[])
    ), category as (
      select event_id, array_agg(name order by first) as names from (
        select event_id, c.name, min(turn * 100 + c.n) as first from member, unnest(categories) with ordinality as c (name, n) group by 1, 2) x
      group by event_id
    ), place as (
      select event_id, array_agg(name order by first) as names from (
        select event_id, p.name, min(turn * 100 + p.n) as first from member, unnest(places) with ordinality as p (name, n) group by 1, 2) x
      group by event_id
    ), told as (
      select event_id, count(distinct source_id) as sources, array_agg(id order by turn) filter (where turn <= ${options.items}) as items,
        min(id) filter (where turn = 1) as first
      from member group by event_id
    )
    select t.event_id as "eventId", coalesce(c.names, '{}') as categories, coalesce(p.names, '{}') as places, t.sources as "sourceCount",
      coalesce(t.items, '{}') as "itemIds", i.title, left(i.text, ${readAhead}) as text,
      (select reasons from assessment a where a.item_id = i.id order by revision_id desc limit 1) as reasons
    from told t left join category c using (event_id) left join place p using (event_id) join item i on i.id = t.first`.execute(db);
  const items = await loadStoryItems(
    db,
    rows.flatMap((row) => row.itemIds),
  );
  return new Map(
    rows.map((row) => [
      row.eventId,
      {
        categories: row.categories,
        places: row.places,
        sourceCount: row.sourceCount,
        evidence: evidenceOf(row),
        items: row.itemIds.flatMap((id) => items.get(id) ?? []),
      },
    ]),
  );
}

interface StoryRow {
  eventId: number;
  categories: CategoryId[];
  places: string[];
  sourceCount: number;
  itemIds: number[];
  title: string;
  text: string;
  reasons: Reason[] | null;
}

/** Characters of a text that are read for evidence; a match further on is shown without what is around it. */
const readAhead = 4_000;
const around = 20;
const evidenceLimit = 5;

async function loadStoryItems(db: Db, ids: readonly number[]): Promise<Map<number, AlertMessage['items'][number]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; title: string; url: string | null; source: string; publishedAt: Date | null }>`
    select i.id, i.title, i.url, s.name as source, i.published_at as "publishedAt"
    from item i join source s on s.id = i.source_id where i.id = any(${ids}::bigint[])`.execute(db);
  return new Map(rows.map((row) => [row.id, { ...row, publishedAt: row.publishedAt?.toISOString() ?? null }]));
}

function evidenceOf(row: StoryRow): Evidence[] {
  const seen = new Set<string>();
  const evidence: Evidence[] = [];
  for (const reason of row.reasons ?? []) {
    const name = `${reason.rule}\n${reason.term}`;
    if (seen.has(name)) continue;
    seen.add(name);
    evidence.push({ rule: reason.rule, category: reason.category, term: reason.term, ...excerpt(row[reason.field], reason) });
    if (evidence.length === evidenceLimit) break;
  }
  return evidence;
}

function excerpt(text: string, { start, end, text: matched }: Reason): Pick<Evidence, 'snippet' | 'start' | 'end'> {
  if (text.slice(start, end) !== matched) return { snippet: matched, start: 0, end: matched.length };
  const from = Math.max(0, start - around);
  // A surrogate pair cut in half becomes one replacement character, of the same length.
  const snippet = text
    .slice(from, end + around)
    .toWellFormed()
    .replace(/\s/gu, ' ');
  return { snippet, start: start - from, end: end - from };
}
