import { type Kysely, sql } from 'kysely';

/** Clocks, rosters, routes as a tree, silences and inhibitions with an end, held and folded messages, channels that are down, drills. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What holds for clocks, escalation and suppression: append-only revisions; a case keeps the one it was opened under.
  `create table alert_policy (
    id integer generated always as identity primary key,
    body jsonb not null,
    note text not null default '',
    actor text not null,
    published_at timestamptz not null
  )`,

  // ── the case ───────────────────────────────────────────────────────────────────────────────────────────────
  `create table drill (
    id bigint generated always as identity primary key,
    script text not null,
    title text not null,
    actor text not null,
    started_at timestamptz not null,
    -- Set when its last case was closed, or by a person who breaks it off.
    ended_at timestamptz
  )`,
  `create table drill_step (
    drill_id bigint not null references drill,
    position smallint not null,
    due_at timestamptz not null,
    title text not null,
    text text not null,
    author_kind text not null,
    -- Both set when its item was stored.
    injected_at timestamptz,
    item_id bigint,
    primary key (drill_id, position)
  )`,
  `create index drill_step_due on drill_step (due_at) where injected_at is null`,
  `create unique index drill_step_item on drill_step (item_id) where item_id is not null`,

  `alter table alert
    add column policy_id integer references alert_policy,
    add column drill_id bigint references drill,
    add column department text,
    -- How it was answered, before it is closed.
    add column answer text check (answer in ('answered', 'handed-over', 'clarified')),
    -- What people have been told: the volume and the kinds of source at the last message.
    add column told_items integer not null default 0,
    add column told_groups text[] not null default '{}',
    -- When a clock next asks for something; null where none runs. The row behind the sweep of clocks.
    add column check_at timestamptz`,
  `create index alert_check on alert (check_at) where check_at is not null`,
  `create index alert_drill on alert (drill_id) where drill_id is not null`,
  // Cases that were open before there were clocks are shown with them, but nobody is called for what ran out long ago.
  `update alert set told_items = (select item_count from event where id = event_id) where closed_at is null`,

  // What a clock has done already: each step of each clock once, however often it is looked at.
  `create table alert_deadline_act (
    alert_id bigint not null references alert,
    deadline text not null,
    step text not null,
    at timestamptz not null,
    primary key (alert_id, deadline, step)
  )`,

  // ── who is told ────────────────────────────────────────────────────────────────────────────────────────────
  `create table receiver (
    id bigint generated always as identity primary key,
    name text not null,
    leader boolean not null default false,
    -- The first is used; the next ones when it fails.
    channel_ids bigint[] not null default '{}',
    created_at timestamptz not null,
    removed_at timestamptz
  )`,
  `create unique index receiver_name on receiver (name) where removed_at is null`,

  `create table roster_shift (
    id bigint generated always as identity primary key,
    name text not null,
    -- ISO weekdays, 1 Monday to 7 Sunday.
    weekdays smallint[] not null,
    days text not null default 'any' check (days in ('any', 'workday', 'rest')),
    -- Minutes after midnight in Shanghai; an end at or before the start is on the next day.
    from_minute smallint not null check (from_minute between 0 and 1439),
    to_minute smallint not null check (to_minute between 0 and 1439),
    -- The first is on duty, the next ones follow when a clock runs out.
    receiver_ids bigint[] not null,
    leader_id bigint references receiver,
    created_at timestamptz not null,
    removed_at timestamptz
  )`,
  `create table roster_swap (
    id bigint generated always as identity primary key,
    starts_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > starts_at),
    receiver_id bigint not null references receiver,
    by_id bigint not null references receiver check (by_id <> receiver_id),
    reason text not null,
    actor text not null,
    created_at timestamptz not null,
    removed_at timestamptz
  )`,
  // Append-only.
  `create table roster_handover (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null,
    shift text not null,
    note text not null,
    open_alerts integer not null
  )`,

  `alter table route
    add column parent_id bigint references route,
    add column places text[] not null default '{}',
    add column groups text[] not null default '{}',
    add column days text not null default 'any' check (days in ('any', 'workday', 'rest')),
    add column from_minute smallint check (from_minute between 0 and 1439),
    add column to_minute smallint check (to_minute between 0 and 1439),
    add column receiver_ids bigint[] not null default '{}',
    -- Whoever is on duty is told as well.
    add column on_duty boolean not null default false,
    -- Null: as the route above it.
    add column quiet jsonb,
    add column digest jsonb,
    add check ((from_minute is null) = (to_minute is null))`,
  `drop index route_position`,
  `create unique index route_position on route (coalesce(parent_id, 0), position)`,

  `alter table silence
    add column places text[] not null default '{}',
    add column actor text not null default '系统',
    add column ended_at timestamptz,
    add column ended_by text`,

  `create table inhibition (
    id bigint generated always as identity primary key,
    -- The least level that mutes lower ones, and for how long after it was opened.
    min_rank smallint not null check (min_rank between 2 and 4),
    minutes integer not null check (minutes between 1 and 10080),
    categories text[] not null default '{}',
    reason text not null,
    starts_at timestamptz not null,
    -- Null: until a person ends it.
    ends_at timestamptz,
    actor text not null,
    ended_at timestamptz,
    ended_by text
  )`,
  `insert into inhibition (min_rank, minutes, reason, starts_at, actor) values (3, 120, '同一地点、同一类别', '2026-01-01T00:00:00Z', '系统')`,

  // ── delivery ───────────────────────────────────────────────────────────────────────────────────────────────
  `alter table channel
    add column fallback_id bigint references channel check (fallback_id <> id),
    -- Failures in a row that may pass; from the third on the channel is down and tried only at retry_at.
    add column failures integer not null default 0,
    add column down_since timestamptz,
    add column retry_at timestamptz`,

  // Every try that was begun, for the budgets; a try that its process did not survive counts. An hour is kept.
  `create table channel_use (
    channel_id bigint not null,
    at timestamptz not null,
    rank smallint not null,
    folded boolean not null
  )`,
  `create index channel_use_at on channel_use (channel_id, at)`,

  // State 'folded': another message, the carrier, tells of it.
  `alter table notification
    add column receiver text,
    add column fallback_ids bigint[] not null default '{}',
    add column fallback_of bigint references notification,
    add column carrier_id bigint references notification,
    -- Why it may not go out by itself at once: 'quiet', 'digest'. Null: it may.
    add column hold text,
    -- Null: it waits to be let through, held or folded.
    add column admitted_at timestamptz,
    -- Of a carrier: what is folded into it and why ('quiet', 'digest', 'storm', 'outage').
    add column carries text,
    -- Of a carrier for level I in a storm.
    add column urgent boolean not null default false,
    -- Of a carrier: nothing more is folded into it once it is first sent.
    add column sealed_at timestamptz`,
  `update notification set admitted_at = created_at`,
  `create index notification_unadmitted on notification (channel_id, rank desc, id) where admitted_at is null`,
  `create index notification_carrier on notification (carrier_id) where carrier_id is not null`,
  `create unique index notification_open_carrier on notification (channel_id, carries, urgent) where carries is not null and sealed_at is null`,
  // Single messages let through lately, for the storm's count.
  `create index notification_admitted on notification (channel_id, admitted_at) where carries is null and carrier_id is null`,
  `create index notification_fallback on notification (channel_id) where fallback_ids <> '{}'`,
  `create index notification_state on notification (state, id desc)`,
  `create index notification_pending_channel on notification (channel_id, rank desc, id) where state = 'pending'`,
];
