import { type Kysely, sql } from 'kysely';

/** When each channel last worked and last did not, and why: `channel list` says it without reading the ledger. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table channel
      add column last_success_at timestamptz,
      add column last_failure_at timestamptz,
      add column last_failure text not null default ''`.execute(db);
}
