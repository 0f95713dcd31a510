import { type Kysely, sql } from 'kysely';

/** An alert's rank is what is proposed; what a person confirms stands beside it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table alert
      -- What raised the proposal above the contents, in words, and the version of the thresholds that did.
      add column raised_by text[] not null default '{}',
      add column thresholds_version integer,
      add column confirmed_rank smallint check (confirmed_rank between 1 and 4),
      add column confirmed_by text,
      add column confirmed_at timestamptz,
      add check ((confirmed_rank is null) = (confirmed_by is null) and (confirmed_rank is null) = (confirmed_at is null))`.execute(db);
}
