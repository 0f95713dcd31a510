import { burstRule, type CategoryId, type CategoryPace, type EventHour } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Items of one event that are looked at: its newest. More change no picture of it. */
const memberLimit = 5_000;

/** The hours in which these events had items, oldest first, by event id; one statement, however many. An event without items is left out. */
export async function loadEventHours(db: Db, eventIds: readonly number[]): Promise<Map<number, EventHour[]>> {
  if (eventIds.length === 0) return new Map();
  const { rows } = await sql<EventHour & { eventId: number }>`
    select event_id as "eventId", date_bin('1 hour', at, timestamptz 'epoch') as hour,
      count(*) filter (where not copy) as reports, count(*) filter (where copy) as copies, count(*) filter (where turn = 1) as "newSources"
    from (
      select e.id as event_id, m.at, m.copy, row_number() over (partition by e.id, m.source_id order by m.at, m.item_id) as turn
      from unnest(${eventIds}::bigint[]) as e (id) cross join lateral (
        select ei.item_id, ei.at, ei.copy_of is not null as copy, i.source_id from event_item ei join item i on i.id = ei.item_id
        where ei.event_id = e.id order by ei.item_id desc limit ${memberLimit}) m
    ) x group by 1, 2 order by 1, 2`.execute(db);
  return Map.groupBy(rows, (row) => row.eventId);
}

/** Days and events that say what is usual. */
const paceDays = 28;
const paceEvents = 2_000;
const paceMembers = 500;

/**
 * What events of each category, and of all of them (`all`), usually bring in a window of time: of the newest 2,000 of four weeks.
 * Each event has one vote, and a loud one no more than what begins to be a burst, so that bursts do not become the measure.
 */
export async function loadCategoryPaces(db: Db, now: Date): Promise<{ all: CategoryPace; byCategory: Map<CategoryId, CategoryPace> }> {
  const { rows } = await sql<CategoryPace & { category: CategoryId | null }>`
    with recent as (
      select id, categories from event
      where merged_into is null and last_seen_at >= ${new Date(now.getTime() - paceDays * 86_400_000)}
      order by last_seen_at desc, id desc limit ${paceEvents}
    ), paced as materialized (
      select r.categories, least(p.per_window, ${burstRule.leastItems}::float8) as per_window
      from recent r cross join lateral (
        select count(*)::float8 / nullif(count(distinct date_bin(make_interval(hours => ${burstRule.windowHours}), at, timestamptz 'epoch')), 0) as per_window
        from (select at from event_item where event_id = r.id limit ${paceMembers}) m) p
      where p.per_window is not null
    )
    select c.name as category, count(*) as events, avg(per_window) as "perWindow" from paced, unnest(categories) as c (name) group by 1
    union all
    select null, count(*), coalesce(avg(per_window), 0) from paced`.execute(db);
  const byCategory = new Map<CategoryId, CategoryPace>();
  let all: CategoryPace = { events: 0, perWindow: 0 };
  for (const { category, ...pace } of rows) {
    if (category === null) all = pace;
    else byCategory.set(category, pace);
  }
  return { all, byCategory };
}
