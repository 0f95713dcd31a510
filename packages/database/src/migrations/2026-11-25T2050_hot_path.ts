import { type Kysely, sql } from 'kysely';

/** What storing a batch need not do: look up its sources once per item, and keep an event for each everyday text. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // A source is never deleted (removed_at), which is held here rather than asked of each item (measured: a tenth of the insert).
  `alter table item drop constraint item_source_id_fkey`,
  `create function refuse_source_delete() returns trigger language plpgsql as $$
  begin
    if exists (select 1 from item where source_id = old.id) then
      raise exception 'source % has items' , old.id using errcode = 'foreign_key_violation';
    end if;
    return old;
  end $$`,
  `create trigger source_with_items before delete on source for each row execute function refuse_source_delete()`,

  // An event begins with the first item that has a level; until now every item had one.
  `delete from event_item ei using event e where e.id = ei.event_id and e.rank = 0
    and not exists (select 1 from alert a where a.event_id = e.id)`,
  `delete from event e where e.rank = 0 and not exists (select 1 from alert a where a.event_id = e.id)`,
];
