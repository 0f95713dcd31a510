import { type Kysely, sql } from 'kysely';

/** The nouns of the path from a source to a counted alert. Ranks: 0 none, 1 IV, 2 III, 3 II, 4 I. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // ── collection ─────────────────────────────────────────────────────────────────────────────────────────────
  `create table source (
    id bigint generated always as identity primary key,
    kind text not null,
    name text not null,
    url text not null,
    options jsonb not null default '{}',
    local boolean not null default false,
    allow_private boolean not null default false,
    author_kind text not null default 'unknown',
    every_seconds integer not null default 300 check (every_seconds between 1 and 604800),
    paused_at timestamptz,
    next_check_at timestamptz not null default now(),
    -- Rung for but not yet fetched; the sweep rings again when this grows old.
    rung_at timestamptz,
    -- What the adapter wants to see again next time (etag, last-modified).
    cursor jsonb not null default '{}',
    last_checked_at timestamptz,
    last_success_at timestamptz,
    last_new_item_at timestamptz,
    failing_since timestamptz,
    failures integer not null default 0,
    fault_code text,
    fault_message text,
    created_at timestamptz not null default now(),
    removed_at timestamptz
  )`,
  `create unique index source_kind_url on source (kind, url) where removed_at is null`,
  `create index source_due on source (next_check_at) where paused_at is null and removed_at is null`,

  // No author column exists, here or elsewhere: a level attaches to an event, never to a person.
  `create table item (
    id bigint generated always as identity primary key,
    key uuid not null,
    fingerprint uuid not null,
    source_id bigint not null references source,
    author_kind text not null,
    url text,
    title text not null,
    text text not null,
    published_at timestamptz,
    collected_at timestamptz not null default now()
  )`,
  // Most texts are a few kilobytes: kept in the row as they are, where compressing them (pglz) cost more than all else.
  `alter table item alter column text set storage external, set (toast_tuple_target = 8160)`,
  `create unique index item_key on item (key)`,
  `create index item_source on item (source_id, id)`,
  `create index item_collected on item using brin (collected_at)`,

  // What still has to be assessed: the row behind the bell 'items.collected'. This table, event_item and assessment name rows
  // that their own statement has just written or joined; foreign keys would look each of them up once more, on the hot path.
  `create table item_pending (
    item_id bigint primary key,
    rung_at timestamptz not null default now()
  ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`,
  `create index item_pending_rung on item_pending (rung_at)`,

  // ── judgement ──────────────────────────────────────────────────────────────────────────────────────────────
  `create table lexicon_revision (
    id integer generated always as identity primary key,
    digest text not null unique,
    body text not null,
    note text not null default '',
    published_at timestamptz not null default now()
  )`,

  `create table event (
    id bigint generated always as identity primary key,
    -- What its items have in common; today the fingerprint of exact copies.
    signature uuid not null unique,
    title text not null,
    rank smallint not null default 0 check (rank between 0 and 4),
    score real not null default 0,
    relevant boolean not null default false,
    item_count integer not null default 0,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    -- Set when something changed that the dispatcher must decide on: the row behind the bell 'events.assessed'.
    decide_at timestamptz
  )`,
  `create index event_decide on event (decide_at) where decide_at is not null`,
  `create index event_relevant on event (last_seen_at) where relevant`,

  `create table event_item (
    item_id bigint primary key,
    event_id bigint not null
  )`,
  `create index event_item_event on event_item (event_id, item_id)`,

  `create table assessment (
    item_id bigint not null,
    revision_id integer not null,
    rank smallint not null check (rank between 0 and 4),
    score real not null,
    -- The text names a place of this county.
    local boolean not null,
    -- Has a level and is about this county, by its text or by its source.
    relevant boolean not null,
    categories text[] not null default '{}',
    places text[] not null default '{}',
    reasons jsonb,
    suppressed jsonb,
    assessed_at timestamptz not null default now(),
    primary key (item_id, revision_id)
  )`,
  `create index assessment_relevant on assessment (item_id) where relevant`,

  // ── alerting ───────────────────────────────────────────────────────────────────────────────────────────────
  `create table channel (
    id bigint generated always as identity primary key,
    kind text not null,
    name text not null,
    options jsonb not null,
    allow_private boolean not null default false,
    created_at timestamptz not null default now(),
    removed_at timestamptz
  )`,
  `create unique index channel_name on channel (name) where removed_at is null`,

  // The first route (by position) that matches decides who is told. An empty category list matches every category.
  `create table route (
    id bigint generated always as identity primary key,
    position integer not null,
    name text not null,
    min_rank smallint not null default 1 check (min_rank between 1 and 4),
    categories text[] not null default '{}',
    channel_ids bigint[] not null default '{}'
  )`,
  `create unique index route_position on route (position)`,
  `insert into route (position, name) values (1000, '默认路由')`,

  `create table silence (
    id bigint generated always as identity primary key,
    categories text[] not null default '{}',
    max_rank smallint not null check (max_rank between 1 and 3),
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    reason text not null,
    created_at timestamptz not null default now()
  )`,

  `create table alert (
    id bigint generated always as identity primary key,
    event_id bigint not null references event,
    state text not null default 'firing',
    rank smallint not null check (rank between 1 and 4),
    outcome text,
    opened_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    closed_at timestamptz,
    check ((closed_at is null) = (outcome is null))
  )`,
  `create unique index alert_open on alert (event_id) where closed_at is null`,
  `create index alert_event on alert (event_id)`,
  `create index alert_updated on alert (updated_at)`,
  `create index alert_open_rank on alert (rank desc, opened_at desc) where closed_at is null`,

  // The timeline: append-only.
  `create table alert_entry (
    id bigint generated always as identity primary key,
    alert_id bigint not null references alert,
    at timestamptz not null default now(),
    kind text not null,
    actor text not null,
    note text not null default '',
    data jsonb not null default '{}'
  )`,
  `create index alert_entry_alert on alert_entry (alert_id, id)`,

  // The ledger: one message to one channel.
  `create table notification (
    id bigint generated always as identity primary key,
    alert_id bigint not null references alert,
    channel_id bigint not null references channel,
    idempotency_key text not null unique,
    rank smallint not null,
    reason text not null,
    message jsonb not null,
    state text not null default 'pending',
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    claimed_at timestamptz,
    delivered_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  `create index notification_due on notification (due_at) where state in ('pending', 'sending')`,
  `create index notification_urgent on notification (rank desc, id) where state = 'pending'`,
  `create index notification_alert on notification (alert_id, id)`,

  `create table notification_attempt (
    id bigint generated always as identity primary key,
    notification_id bigint not null references notification,
    at timestamptz not null default now(),
    ok boolean not null,
    status integer,
    response text not null default '',
    duration_ms integer not null
  )`,
  `create index notification_attempt_notification on notification_attempt (notification_id, id)`,

  // ── counting ───────────────────────────────────────────────────────────────────────────────────────────────
  // One row for each relevant item, saying whether it counts and if not, why not.
  `create table tally (
    item_id bigint primary key references item,
    year smallint not null,
    fingerprint uuid not null,
    state text not null check (state in ('counted', 'duplicate', 'struck')),
    note text not null default '',
    at timestamptz not null default now()
  )`,
  `create unique index tally_distinct on tally (fingerprint) where state = 'counted'`,
  `create index tally_year on tally (year, state)`,

  `create table training (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('business', 'media')),
    held_on date not null,
    topic text not null,
    people integer not null check (people > 0),
    evidence text,
    created_at timestamptz not null default now()
  )`,
  `create unique index training_distinct on training (kind, held_on, topic)`,

  // ── people ─────────────────────────────────────────────────────────────────────────────────────────────────
  `create table account (
    id bigint generated always as identity primary key,
    name text not null unique,
    role text not null check (role in ('admin', 'analyst', 'leader', 'auditor')),
    password_hash text not null,
    created_at timestamptz not null default now(),
    disabled_at timestamptz,
    failed_logins integer not null default 0,
    locked_until timestamptz
  )`,
  `create table session (
    token_hash bytea primary key,
    account_id bigint not null references account,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    expires_at timestamptz not null
  )`,
  `create table setup_link (
    token_hash bytea primary key,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
  `create table api_token (
    id bigint generated always as identity primary key,
    name text not null,
    token_hash bytea not null unique,
    scopes text[] not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  `create unique index api_token_name on api_token (name) where revoked_at is null`,

  // Each entry's hash covers the one before it, so that a removed or changed line shows.
  `create table audit_entry (
    id bigint primary key,
    at timestamptz not null,
    actor text not null,
    act text not null,
    subject text not null,
    data jsonb not null default '{}',
    previous_hash bytea not null,
    hash bytea not null
  )`,
];
