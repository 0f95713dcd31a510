import { type CheckRecord, hourOf, type Rhythm } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** What one check of a source found, and what follows from it. */
export interface SourceCheck extends Omit<CheckRecord, 'fault'> {
  sourceId: number;
  fault: { code: string; message: string } | null;
  nextCheckAt: Date;
  intervalSeconds: number;
  rhythm: Rhythm;
  /** News by which the rhythm is learned: what was new, but for a first check's backlog. */
  arrived: number;
  /** Kept when undefined. */
  cursor?: Record<string, unknown> | undefined;
  /** Not to be looked at again, for this reason. */
  stop: string | null;
  /** Permanent redirects in a row; null when it answered without one. Kept when it did not answer. */
  moved: { to: string; times: number; since: Date } | null;
  /** Of the site's robots.txt; null when not known. */
  robotsDigest: string | null;
  certificateExpiresAt: Date | null;
}

/** Records how checks went: the source's row, the check, the hour, and why it was stopped; one statement for all of them. */
export async function recordSourceChecks(db: Db, checks: readonly SourceCheck[]): Promise<void> {
  const once = new Map(checks.map((check) => [check.sourceId, check]));
  // A source checked twice in one batch: the earlier ones first, since one statement writes a row once.
  const earlier = checks.filter((check) => once.get(check.sourceId) !== check);
  if (earlier.length > 0) await recordSourceChecks(db, earlier);
  if (once.size === 0) return;
  const rows = [...once.values()].sort((a, b) => a.sourceId - b.sourceId).map(rowOf);
  await sql`
    with c as materialized (
      select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as c (
        source_id bigint, at timestamptz, next_check_at timestamptz, fault text, fault_message text, unchanged boolean, links integer,
        entries integer, fresh integer, arrived integer, titled integer, dated integer, body_length bigint, hour timestamptz,
        interval_seconds integer, arrivals float8, observed_seconds float8, cursor jsonb, stop text, moved_to text, moved_times smallint,
        moved_since timestamptz, robots_digest text, certificate_expires_at timestamptz)
    ), noted as (
      insert into source_check (source_id, at, fault, unchanged, links, entries, fresh, titled, dated, body_length)
      select source_id, at, fault, unchanged, links, entries, fresh, titled, dated, body_length from c
      on conflict do nothing
    ), hours as (
      insert into source_hour as h (source_id, hour, checks, answered, fresh, fresh_at)
      select source_id, hour, 1, (fault is null)::integer, arrived, case when arrived > 0 then at end from c
      on conflict (source_id, hour) do update set checks = h.checks + 1, answered = h.answered + excluded.answered,
        fresh = h.fresh + excluded.fresh, fresh_at = coalesce(excluded.fresh_at, h.fresh_at)
    ), stopped as (
      insert into source_entry (source_id, at, kind, note) select source_id, at, 'stopped', stop from c where stop is not null
    )
    update source s set
      last_checked_at = c.at, next_check_at = c.next_check_at, rung_at = null, interval_seconds = c.interval_seconds,
      arrivals = c.arrivals, observed_seconds = c.observed_seconds,
      last_success_at = case when c.fault is null then c.at else s.last_success_at end,
      last_new_item_at = case when c.fresh > 0 then c.at else s.last_new_item_at end,
      failing_since = case when c.fault is not null then coalesce(s.failing_since, c.at) end,
      failures = case when c.fault is null then 0 else s.failures + 1 end,
      fault_code = c.fault, fault_message = c.fault_message,
      cursor = coalesce(c.cursor, s.cursor),
      paused_at = case when c.stop is null then s.paused_at else c.at end, pause_reason = coalesce(c.stop, s.pause_reason),
      moved_to = case when c.fault is null then c.moved_to else s.moved_to end,
      moved_times = case when c.fault is null then coalesce(c.moved_times, 0) else s.moved_times end,
      moved_since = case when c.fault is null then c.moved_since else s.moved_since end,
      robots_digest = coalesce(c.robots_digest, s.robots_digest),
      robots_changed_at = case when c.robots_digest <> s.robots_digest then c.at else s.robots_changed_at end,
      certificate_expires_at = coalesce(c.certificate_expires_at, s.certificate_expires_at)
    from c where s.id = c.source_id`.execute(db);
}

/**
 * Takes on the address a source has moved to, unless it has another by now or that address is watched already; says so in its
 * timeline. Validators of the old address are forgotten. Returns whether it was done.
 */
export async function moveSource(db: Db, move: { sourceId: number; from: string; to: string; at: Date; note: string }): Promise<boolean> {
  const { sourceId, from, to, at, note } = move;
  const { numAffectedRows } = await sql`
    with moved as (
      update source s set url = ${to}, moved_to = null, moved_times = 0, moved_since = null,
        cursor = s.cursor - 'etag' - 'lastModified' - 'movedTo'
      where id = ${sourceId} and url = ${from}
        and not exists (select 1 from source o where o.kind = s.kind and o.url = ${to} and o.removed_at is null)
      returning id
    )
    insert into source_entry (source_id, at, kind, note) select id, ${at}::timestamptz, 'moved', ${note} from moved`.execute(db);
  return (numAffectedRows ?? 0n) > 0n;
}

/** What a line of a source's timeline can say. */
export const sourceEntryTitles = { moved: '网址已变', stopped: '已停用', edited: '已修改', note: '备注' } as const;

/** Adds a person's remark to the timeline of a source. */
export async function noteSource(db: Db, { sourceId, at, note }: { sourceId: number; at: Date; note: string }): Promise<void> {
  await db.insertInto('source_entry').values({ source_id: sourceId, at, kind: 'note', note }).execute();
}

/** How the last checks of a source went, newest first. */
export async function listSourceChecks(db: Db, sourceId: number, limit: number): Promise<CheckRecord[]> {
  const rows = await db
    .selectFrom('source_check')
    .selectAll()
    .where('source_id', '=', sourceId)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ body_length: bodyLength, source_id: _, ...row }) => ({ ...row, bodyLength }));
}

/** What became of a source, by itself or by an edit, and remarks on it, oldest first. */
export async function listSourceEntries(db: Db, sourceId: number): Promise<{ at: Date; kind: string; note: string }[]> {
  return db.selectFrom('source_entry').select(['at', 'kind', 'note']).where('source_id', '=', sourceId).orderBy('id').execute();
}

function rowOf(check: SourceCheck): Record<string, unknown> {
  return {
    source_id: check.sourceId,
    at: check.at,
    next_check_at: check.nextCheckAt,
    fault: check.fault?.code ?? null,
    fault_message: check.fault?.message.slice(0, 500) ?? null,
    unchanged: check.unchanged,
    links: check.links,
    entries: check.entries,
    fresh: check.fresh,
    arrived: check.arrived,
    titled: check.titled,
    dated: check.dated,
    body_length: check.bodyLength,
    hour: hourOf(check.at),
    interval_seconds: check.intervalSeconds,
    arrivals: check.rhythm.arrivals,
    observed_seconds: check.rhythm.observedSeconds,
    cursor: check.cursor ?? null,
    stop: check.stop,
    moved_to: check.moved?.to ?? null,
    moved_times: check.moved?.times ?? null,
    moved_since: check.moved?.since ?? null,
    robots_digest: check.robotsDigest,
    certificate_expires_at: check.certificateExpiresAt,
  };
}

/** PostgreSQL holds neither NUL nor, in JSON, lone surrogates; a server may put both into what it calls itself. */
function storableJson(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '') : part));
}
