import { type Kysely, sql } from 'kysely';

/** Which items tell one story, decided after they are stored: what waits for that, and what an event's members are found by. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Items whose event is to be found or graded anew. Written with an assessment; as short as item_pending and for the same reason.
  `create table event_pending (
    item_id bigint primary key
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`,

  // In the order in which members were placed or moved: a process reads on from the last it knows. Placing is serial, so no
  // smaller number is committed later.
  `create sequence event_item_seq`,
  `alter table event_item
    add column seq bigint not null default nextval('event_item_seq'),
    -- The item the event began with when this one joined.
    add column seed_id bigint,
    -- The first item with the same text.
    add column copy_of bigint,
    add column fingerprint uuid,
    -- What is looked alike by; null for a copy.
    add column signature bytea,
    -- Published or, where that is unknown, collected.
    add column at timestamptz`,
  `update event_item ei set fingerprint = i.fingerprint, at = coalesce(i.published_at, i.collected_at),
    seed_id = f.first, copy_of = nullif(f.first, ei.item_id)
    from item i, (select event_id, min(item_id) as first from event_item group by event_id) f
    where i.id = ei.item_id and f.event_id = ei.event_id`,
  `alter table event_item alter column seed_id set not null, alter column fingerprint set not null, alter column at set not null`,
  `create index event_item_seq_order on event_item (seq)`,
  `create index event_item_fingerprint on event_item (fingerprint)`,
  `alter table event drop column signature`,
];
