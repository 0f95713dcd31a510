import { type Kysely, sql } from 'kysely';

/** The side doors: what was handed over under which id, and direct reports. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What a token or an import brings counts as about this county.
  `alter table api_token add column local boolean not null default false`,

  // Which item a sender's own id stands for, whatever its address. The id is kept as a digest: it may itself be personal data.
  `create table intake_receipt (
    source_id bigint not null references source,
    external_id uuid not null,
    item_id bigint not null references item on delete cascade,
    primary key (source_id, external_id)
  )`,
  `create index intake_receipt_item on intake_receipt (item_id)`,

  // Who may report. An organisation, never a person; its link's token is kept as a hash.
  `create table report_unit (
    id bigint generated always as identity primary key,
    name text not null,
    kind text not null check (kind in ('village', 'township', 'department', 'school', 'enterprise', 'other')),
    token_hash bytea not null unique,
    source_id bigint not null references source,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
  `create unique index report_unit_name on report_unit (name) where revoked_at is null`,

  // Turns of receipts, one row a day.
  `create table report_day (day date primary key, turns integer not null)`,

  // A filed report is never changed (突发事件应对法 art. 61): a correction is a row of its own.
  `create table direct_report (
    id bigint generated always as identity primary key,
    receipt text not null unique,
    unit_id bigint not null references report_unit,
    idempotency_key uuid not null,
    corrects_id bigint references direct_report,
    item_id bigint not null references item,
    what text not null,
    place text not null,
    detail text not null,
    happened_at timestamptz,
    people integer,
    done text not null,
    filed_at timestamptz not null,
    unique (unit_id, idempotency_key)
  )`,
  `create index direct_report_item on direct_report (item_id)`,
  `create index direct_report_corrects on direct_report (corrects_id) where corrects_id is not null`,

  // Files that arrived, by what is in them; one that no report names goes after some days.
  `create table attachment (
    unit_id bigint not null references report_unit,
    sha256 bytea not null,
    media_type text not null,
    bytes integer not null,
    stored_at timestamptz not null,
    primary key (unit_id, sha256)
  )`,
  `create index attachment_sha256 on attachment (sha256)`,
  `create table report_attachment (
    report_id bigint not null references direct_report,
    position smallint not null,
    sha256 bytea not null,
    name text not null,
    media_type text not null,
    bytes integer not null,
    primary key (report_id, position)
  )`,
  `create index report_attachment_sha256 on report_attachment (sha256)`,

  `create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
  end $$`,
  ...['direct_report', 'report_attachment'].map(
    (table) => `create trigger ${table}_append_only before update or delete or truncate on ${table}
      for each statement execute function refuse_change()`,
  ),
];
