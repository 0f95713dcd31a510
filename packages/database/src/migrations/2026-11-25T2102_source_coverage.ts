import { type Kysely, sql } from 'kysely';

/** How much of what was to come from a source was watched for, over its last week; measured once an hour. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table source
      -- Arrivals that were to be expected, and those of them that would have been seen.
      add column coverage_expected double precision,
      add column coverage_watched double precision,
      add column coverage_at timestamptz`.execute(db);
}
