import { type Kysely, sql } from 'kysely';

/** The installation's key pair for Web Push: browsers subscribe with the public half, so there is one, and it stays. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table push_key (
      id smallint primary key default 1 check (id = 1),
      public_key text not null,
      private_key text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
}
