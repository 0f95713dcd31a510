import { type Kysely, sql } from 'kysely';

/** Where the canary is: the one item of the product's own that flies from fetch to judgement and is taken back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table canary (
      one boolean primary key default true check (one),
      -- Paused and listed nowhere; every item of it is a canary in flight.
      source_id bigint not null references source,
      since timestamptz not null,
      launched_at timestamptz,
      -- Why the newest flight ended where it began; null when it took off.
      fault text,
      -- When the last one came back, and how long that flight took.
      back_at timestamptz,
      took_ms integer
    )`.execute(db);
}
