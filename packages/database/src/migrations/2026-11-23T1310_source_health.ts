import { type Kysely, sql } from 'kysely';

/** Rhythm and health of sources, notices about the watching itself, the budget per host, and signs of life of services. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table source
    -- Bounds of the adaptive interval; null: derived from every_seconds.
    add column min_seconds integer check (min_seconds >= 1),
    add column max_seconds integer check (max_seconds >= 1),
    -- What the rhythm has learned: decayed count of arrivals over decayed seconds of watching. Null: nothing yet.
    add column arrivals double precision,
    add column observed_seconds double precision,
    -- Between the last check and the next, without the spread.
    add column interval_seconds integer,
    -- Why the program itself stopped watching (410); null when a person paused it.
    add column pause_reason text,
    -- Permanent redirects seen in a row, all to one address.
    add column moved_to text,
    add column moved_times smallint not null default 0,
    add column moved_since timestamptz,
    add column robots_digest text,
    add column robots_changed_at timestamptz,
    add column certificate_expires_at timestamptz,
    add column assessed_at timestamptz,
    add check (min_seconds <= max_seconds)`,

  // How the last checks of a source went; the newest hundred are kept.
  `create table source_check (
    source_id bigint not null references source,
    at timestamptz not null,
    -- Null: it answered.
    fault text,
    -- 304 or an answer with the same validators: nothing was read.
    unchanged boolean not null default false,
    -- Addresses a list page named; null for kinds without one.
    links integer,
    entries integer not null default 0,
    fresh integer not null default 0,
    titled integer not null default 0,
    dated integer not null default 0,
    -- Characters of all bodies together.
    body_length bigint not null default 0,
    primary key (source_id, at)
  )`,

  // One row per source and hour in which it was looked at: what rhythm and coverage are learned from. Five weeks are kept.
  `create table source_hour (
    source_id bigint not null references source,
    hour timestamptz not null,
    checks integer not null,
    answered integer not null,
    fresh integer not null,
    -- When in this hour the last news came.
    fresh_at timestamptz,
    primary key (source_id, hour)
  ) with (fillfactor = 80)`,

  `create table source_condition (
    id bigint generated always as identity primary key,
    source_id bigint not null references source,
    kind text not null,
    since timestamptz not null,
    sentence text not null,
    opened_at timestamptz not null,
    resolved_at timestamptz,
    -- When people were told of its opening and of its end.
    told_at timestamptz,
    told_resolved_at timestamptz
  )`,
  `create unique index source_condition_open on source_condition (source_id, kind) where resolved_at is null`,
  `create index source_condition_untold on source_condition (id) where told_at is null or (resolved_at is not null and told_resolved_at is null)`,

  // What became of a source by itself: moved, stopped. Append-only.
  `create table source_entry (
    id bigint generated always as identity primary key,
    source_id bigint not null references source,
    at timestamptz not null,
    kind text not null,
    note text not null
  )`,
  `create index source_entry_source on source_entry (source_id, id)`,

  // Something to tell people that is about no event: the health of sources, a stalled part, the daily word that all is quiet.
  `create table notice (
    id bigint generated always as identity primary key,
    -- Said once, whoever says it.
    key text not null unique,
    kind text not null,
    title text not null,
    text text not null,
    at timestamptz not null
  )`,
  `alter table notification
    alter column alert_id drop not null,
    add column notice_id bigint references notice,
    add check (num_nonnulls(alert_id, notice_id) = 1)`,

  // When the next request to a host may start. Worth nothing after a crash, so it is not logged: no commit waits for the disk.
  `create unlogged table host_pace (
    hostname text primary key,
    next_start timestamptz not null
  ) with (fillfactor = 50)`,

  `create table service_pulse (
    name text primary key,
    at timestamptz not null
  )`,
];
