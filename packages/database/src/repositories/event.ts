import {
  type AlertState,
  type AuthorKind,
  type CategoryId,
  type EventEntryKind,
  eventLimits,
  type Level,
  levelOfRank,
  type Outcome,
} from '@guanlan/domain';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../connect.ts';
import { type EventResponse, findResponse } from './event-response.ts';

/** One event as a list shows it. */
export interface EventRow {
  id: number;
  title: string;
  /** What its items say. */
  level: Level;
  relevant: boolean;
  categories: CategoryId[];
  itemCount: number;
  firstSeenAt: Date;
  lastSeenAt: Date;
  /** The newest one, with the level a person confirmed, else the one that is proposed or that the items say since. */
  alert: { id: number; state: AlertState; outcome: Outcome | null; level: Level; confirmed: boolean } | null;
  /** Where its items are now, when a person has merged it. */
  mergedInto: number | null;
  /** Its place in the list, to read on from. */
  cursor: string;
}

export interface EventFilter {
  minRank?: number | undefined;
  category?: CategoryId | undefined;
  relevant?: boolean | undefined;
  /** Something of it was collected at or after this moment, and its first before `until`. */
  since?: Date | undefined;
  until?: Date | undefined;
  /** Part of the title, or an id. */
  text?: string | undefined;
  /** `cursor` of the last row of the page before. */
  before?: string | undefined;
  limit: number;
}

/** Newest activity first; merged ones are left out. */
export async function listEvents(db: Db, filter: EventFilter): Promise<EventRow[]> {
  const { minRank = 0, category, relevant, since, until, text, before, limit } = filter;
  const conditions = [sql`e.merged_into is null`];
  if (minRank > 0) {
    conditions.push(sql`(e.rank >= ${minRank}
      or e.id in (select event_id from alert where coalesce(confirmed_rank, rank) >= ${minRank}))`);
  }
  if (category !== undefined) conditions.push(sql`${category} = any(e.categories)`);
  if (relevant !== undefined) conditions.push(sql`e.relevant = ${relevant}`);
  if (since !== undefined) conditions.push(sql`e.last_seen_at >= ${since}`);
  if (until !== undefined) conditions.push(sql`e.first_seen_at < ${until}`);
  // Only the ASCII letters have a case; by the rules of a language it takes ten times as long.
  if (text !== undefined)
    conditions.push(sql`(strpos(lower(e.title collate "C"), lower(${text} collate "C")) > 0 or e.id::text = ${text})`);
  if (before !== undefined) {
    const [micros, id] = before.split('-').map(Number);
    conditions.push(sql`(e.last_seen_at, e.id) < (timestamptz 'epoch' + ${micros}::float8 * interval '1 microsecond', ${id}::bigint)`);
  }
  return selectEvents(db, sql`where ${sql.join(conditions, sql` and `)} order by e.last_seen_at desc, e.id desc limit ${limit}`);
}

/**
 * This event and those about this county that were talked of within `hours` of it and share a category with it, the newest first; none
 * where there is no such event. Drills are no happenings, and have none beside them.
 */
export async function listEventsBeside(db: Db, id: number, { hours, limit }: { hours: number; limit: number }): Promise<EventRow[]> {
  const drill = (event: RawBuilder<unknown>) =>
    sql`exists (select 1 from drill_step ds join event_item ei on ei.item_id = ds.item_id where ei.event_id = ${event})`;
  return selectEvents(
    db,
    sql`join event o on o.id = ${id} where e.merged_into is null and o.merged_into is null and e.relevant and o.relevant
      and e.categories && o.categories
      and e.last_seen_at >= o.first_seen_at - ${hours} * interval '1 hour' and e.first_seen_at <= o.last_seen_at + ${hours} * interval '1 hour'
      and not ${drill(sql`e.id`)} and not ${drill(sql`o.id`)}
      order by e.id = o.id desc, e.last_seen_at desc, e.id desc limit ${limit + 1}`,
  );
}

/** An item of an event. */
export interface EventItemRow {
  id: number;
  title: string;
  snippet: string;
  url: string | null;
  source: string;
  authorKind: AuthorKind;
  publishedAt: Date | null;
  collectedAt: Date;
  level: Level;
  /** The item with the same text that it copies. */
  copyOf: number | null;
}

export interface EventEntry {
  id: number;
  at: Date;
  kind: EventEntryKind;
  otherId: number;
  items: number;
  actor: string;
  note: string;
}

export interface EventDetailRow extends EventRow {
  /** Who spoke of it, as far as that is kept: how many sources and items of each kind, most sources first. */
  sourceKinds: { kind: AuthorKind; sources: number; items: number }[];
  /** The newest, at most 200, newest first. */
  items: EventItemRow[];
  /** Newest first. */
  alerts: {
    id: number;
    state: AlertState;
    level: Level;
    confirmed: boolean;
    outcome: Outcome | null;
    openedAt: Date;
    closedAt: Date | null;
  }[];
  /** Null while no office has said anything of it. */
  response: EventResponse | null;
  /** What people did to it, oldest first, at most 200. */
  entries: EventEntry[];
}

/** Everything about one event; null when there is no such event. */
export async function getEvent(db: Db, id: number): Promise<EventDetailRow | null> {
  const [row] = await selectEvents(db, sql`where e.id = ${id}`);
  if (!row) return null;
  const [sourceKinds, items, response, alerts, entries] = await Promise.all([
    sourceKindsOf(db, id),
    listEventItems(db, id, { limit: eventLimits.items }),
    findResponse(db, id),
    db
      .selectFrom('alert')
      .select(['id', 'state', 'rank', 'confirmed_rank as confirmedRank', 'outcome', 'opened_at as openedAt', 'closed_at as closedAt'])
      .where('event_id', '=', id)
      .orderBy('id', 'desc')
      .execute(),
    db
      .selectFrom('event_entry')
      .select(['id', 'at', 'kind', 'other_id as otherId', 'items', 'actor', 'note'])
      .where('event_id', '=', id)
      .orderBy('id', 'desc')
      .limit(200)
      .execute(),
  ]);
  return {
    ...{ ...row, sourceKinds, items, response, entries: entries.reverse() },
    alerts: alerts.map(({ rank, confirmedRank, ...alert }) => ({
      ...alert,
      ...{ level: levelOfRank(confirmedRank ?? rank), confirmed: confirmedRank !== null },
    })),
  };
}

interface SelectedRow extends Omit<EventRow, 'level' | 'alert'> {
  rank: number;
  alert: (Omit<NonNullable<EventRow['alert']>, 'level'> & { rank: number }) | null;
}

async function selectEvents(db: Db, tail: RawBuilder<unknown>): Promise<EventRow[]> {
  const { rows } = await sql<SelectedRow>`
    select e.id, e.title, e.rank, e.relevant, e.categories, e.item_count as "itemCount", e.first_seen_at as "firstSeenAt",
      e.last_seen_at as "lastSeenAt", e.merged_into as "mergedInto",
      (extract(epoch from e.last_seen_at) * 1000000)::bigint || '-' || e.id as cursor,
      (select json_build_object('id', al.id, 'state', al.state, 'outcome', al.outcome,
          'rank', coalesce(al.confirmed_rank, greatest(al.rank, e.rank)), 'confirmed', al.confirmed_rank is not null)
        from alert al where al.event_id = e.id order by al.id desc limit 1) as alert
    from event e ${tail}`.execute(db);
  return rows.map(({ rank, alert, ...row }) => {
    if (alert === null) return { ...row, alert, level: levelOfRank(rank) };
    const { rank: stated, ...facts } = alert;
    return { ...row, alert: { ...facts, level: levelOfRank(stated) }, level: levelOfRank(rank) };
  });
}

async function sourceKindsOf(db: Db, eventId: number): Promise<EventDetailRow['sourceKinds']> {
  const { rows } = await sql<EventDetailRow['sourceKinds'][number]>`
    select i.author_kind as kind, count(distinct i.source_id) as sources, count(*) as items
    from event_item ei join item i on i.id = ei.item_id where ei.event_id = ${eventId}
    group by 1 order by 2 desc, 3 desc, 1`.execute(db);
  return rows;
}

/** Newest first. */
export async function listEventItems(
  db: Db,
  eventId: number,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<EventItemRow[]> {
  const { rows } = await sql<Omit<EventItemRow, 'level'> & { rank: number }>`
    select i.id, i.title, left(i.text, 200) as snippet, i.url, s.name as source, i.author_kind as "authorKind",
      i.published_at as "publishedAt", i.collected_at as "collectedAt", ei.copy_of as "copyOf",
      coalesce((select rank from assessment where item_id = i.id order by revision_id desc limit 1), 0) as rank
    from event_item ei join item i on i.id = ei.item_id join source s on s.id = i.source_id
    where ei.event_id = ${eventId} and ei.item_id < ${before} order by ei.item_id desc limit ${limit}`.execute(db);
  return rows.map(({ rank, ...item }) => ({ ...item, level: levelOfRank(rank) }));
}
