import { type Kysely, sql } from 'kysely';

/** Events as people see them: what they are about, in order of activity; and what people decided of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table event
    -- Of all its items; a list by category reads events only.
    add column categories text[] not null default '{}',
    -- Set when a person has merged it: its items are there, and nothing joins it any more.
    add column merged_into bigint`,
  `update event e set categories = c.names from (
    select ei.event_id, array_agg(distinct n.name) as names
    from event_item ei join assessment a on a.item_id = ei.item_id, unnest(a.categories) as n (name) group by ei.event_id) c
    where c.event_id = e.id`,
  // One order for every list: what is rare among events is found by walking them, a page of some 60 rows at a time.
  `drop index event_relevant`,
  `create index event_activity on event (last_seen_at, id) where merged_into is null`,
  `create index event_merged on event (merged_into) where merged_into is not null`,

  // What people did to an event, one line in each of the two it concerns. Append-only.
  `create table event_entry (
    id bigint generated always as identity primary key,
    event_id bigint not null,
    at timestamptz not null,
    kind text not null check (kind in ('split-off', 'split-from', 'merged-into', 'merged-from')),
    other_id bigint not null,
    items integer not null,
    actor text not null,
    note text not null default ''
  )`,
  `create index event_entry_event on event_entry (event_id, id)`,
  `create trigger event_entry_append_only before update or delete or truncate on event_entry
    for each statement execute function refuse_change()`,
];
