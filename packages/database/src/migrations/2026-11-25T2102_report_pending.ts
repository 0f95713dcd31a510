import { type Kysely, sql } from 'kysely';

/** Direct reports that the duty desk has not seen yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Written with the report, deleted with the decision that puts it on the desk, whatever the rules say of its text.
  `create table report_pending (
    report_id bigint primary key references direct_report,
    item_id bigint not null
  )`,
  // Filed before this existed, and on no desk.
  `insert into report_pending (report_id, item_id)
    select r.id, r.item_id from direct_report r
    where not exists (select 1 from event_item ei join alert a on a.event_id = ei.event_id where ei.item_id = r.item_id)`,
];
