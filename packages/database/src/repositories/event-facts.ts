import type { EventFacts } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Newest items of an event that are counted: what has spread so far is spread. */
const counted = 500;

/** What the levels of these events are proposed from, by event id; one statement. `windowMs`: what growth is measured in. */
export async function loadEventFacts(
  db: Db,
  eventIds: readonly number[],
  { now, windowMs }: { now: Date; windowMs: number },
): Promise<Map<number, EventFacts>> {
  if (eventIds.length === 0) return new Map();
  const since = new Date(now.getTime() - windowMs);
  const { rows } = await sql<EventFacts & { eventId: number; earlier: number; earlierMs: number }>`
    select e.id as "eventId", e.rank, f.items, f.sources, f."sourceKinds", f.recent, f.earlier,
      coalesce(extract(epoch from ${since}::timestamptz - f.first) * 1000, 0)::float8 as "earlierMs"
    from event e cross join lateral (
      select count(distinct i.fingerprint) as items, count(distinct i.source_id) as sources,
        count(distinct i.author_kind) filter (where i.author_kind <> 'unknown') as "sourceKinds",
        count(*) filter (where i.collected_at > ${since}) as recent, count(*) filter (where i.collected_at <= ${since}) as earlier,
        min(i.collected_at) as first
      from (select item_id from event_item where event_id = e.id order by item_id desc limit ${counted}) ei join item i on i.id = ei.item_id) f
    where e.id = any(${eventIds}::bigint[])`.execute(db);
  return new Map(
    rows.map(({ eventId, earlier, earlierMs, ...facts }) => {
      // An average window, of at least one: a story that is minutes older than the window has no history to grow from.
      const windows = Math.max(1, earlierMs / windowMs);
      return [eventId, { ...facts, growth: earlier === 0 ? 0 : facts.recent / (earlier / windows) }];
    }),
  );
}
