import { type Kysely, sql } from 'kysely';

/** What an article says at the same address after somebody changed it; the item keeps what it said first. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table item_revision (
      item_id bigint not null references item on delete cascade,
      fingerprint uuid not null,
      at timestamptz not null,
      title text not null,
      text text not null,
      primary key (item_id, fingerprint)
    )`.execute(db);
}
