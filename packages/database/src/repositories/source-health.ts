import type { CheckRecord, Condition, ConditionKind, SourceHistory } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { loadSourceHours } from './source-health-hours.ts';

/** Checks kept of each source; of one that is not well, as many from before it fell ill as well. */
const keptChecks = 100;
const keptDays = 35;

/** Sources to judge: those checked since they were last judged, and those not judged for `everyMs` (silence grows without a check). */
export async function sourcesToAssess(db: Db, options: { now: Date; everyMs: number; limit: number }): Promise<number[]> {
  const { now, everyMs, limit } = options;
  const { rows } = await sql<{ id: number }>`
    select id from source
    where removed_at is null and (paused_at is null or pause_reason is not null) and last_checked_at is not null
      and (assessed_at is null or assessed_at < last_checked_at or assessed_at <= ${new Date(now.getTime() - everyMs)})
    order by assessed_at nulls first, id limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** What is known of these sources. */
export async function loadSourceHistories(db: Db, ids: readonly number[]): Promise<Map<number, SourceHistory>> {
  if (ids.length === 0) return new Map();
  const [sources, checks, hours] = await Promise.all([
    db.selectFrom('source').selectAll().where('id', 'in', ids).execute(),
    sql<CheckRecord & { sourceId: number }>`
      select source_id as "sourceId", at, fault, unchanged, links, entries, fresh, titled, dated, body_length as "bodyLength"
      from source_check where source_id = any(${ids}::bigint[]) order by source_id, at`.execute(db),
    loadSourceHours(db, ids),
  ]);
  const checksOf = Map.groupBy(checks.rows, (row) => row.sourceId);
  return new Map(
    sources.map((row) => [
      row.id,
      {
        createdAt: row.created_at,
        intervalSeconds: row.interval_seconds ?? row.every_seconds,
        stopped: row.pause_reason === null || row.paused_at === null ? null : { at: row.paused_at, reason: row.pause_reason },
        lastFault: row.fault_message === null ? null : { message: row.fault_message },
        certificateExpiresAt: row.certificate_expires_at,
        robotsChangedAt: row.robots_changed_at,
        checks: checksOf.get(row.id) ?? [],
        hours: hours.get(row.id) ?? [],
      },
    ]),
  );
}

/**
 * Writes what was found to be the matter with these sources: opens what is new, keeps what goes on (with its first `since` and
 * the newest sentence), resolves what is over; and forgets old checks.
 */
export async function saveSourceHealth(
  db: Db,
  found: readonly { sourceId: number; conditions: readonly Condition[] }[],
  now: Date,
): Promise<void> {
  const ids = found.map(({ sourceId }) => sourceId);
  const open = found.flatMap(({ sourceId, conditions }) => conditions.map((condition) => ({ sourceId, ...condition })));
  const columns = sql`${open.map((c) => c.sourceId)}::bigint[], ${open.map((c) => c.kind)}::text[]`;
  await sql`
    with resolved as (
      update source_condition set resolved_at = ${now}
      where source_id = any(${ids}::bigint[]) and resolved_at is null
        and (source_id, kind) not in (select * from unnest(${columns}))
    ), opened as (
      insert into source_condition as sc (source_id, kind, since, sentence, opened_at)
      select source_id, kind, since, sentence, ${now}::timestamptz
      from unnest(${columns}, ${open.map((c) => c.since)}::timestamptz[], ${open.map((c) => c.sentence)}::text[]) as n (source_id, kind, since, sentence)
      on conflict (source_id, kind) where resolved_at is null do update set sentence = excluded.sentence
    ), old_checks as (
      delete from source_check c using unnest(${ids}::bigint[]) as s (id),
        lateral (select at from source_check x where x.source_id = s.id order by at desc offset ${keptChecks - 1} limit 1) cut,
        lateral (select min(since) as ill from source_condition sc where sc.source_id = s.id and sc.resolved_at is null) w
      where c.source_id = s.id and c.at < cut.at and (w.ill is null or c.at >= w.ill)
    ), old_hours as (
      delete from source_hour where source_id = any(${ids}::bigint[]) and hour < ${new Date(now.getTime() - keptDays * 86_400_000)}
    )
    update source set assessed_at = ${now} where id = any(${ids}::bigint[])`.execute(db);
}

export interface ConditionRow {
  id: number;
  sourceId: number;
  sourceName: string;
  kind: ConditionKind;
  since: Date;
  sentence: string;
  openedAt: Date;
  resolvedAt: Date | null;
}

/** What is the matter now, oldest first. */
export async function listOpenConditions(db: Db): Promise<ConditionRow[]> {
  return conditionsWhere(db, sql`c.resolved_at is null`);
}

/** What was the matter with one source and is over, newest first. */
export async function listPastConditions(db: Db, sourceId: number, limit: number): Promise<ConditionRow[]> {
  return conditionsWhere(db, sql`c.resolved_at is not null and c.source_id = ${sourceId}`, sql`limit ${limit}`, sql`c.id desc`);
}

/** What people have not been told of: openings, and ends of what they were told of. Locked until the transaction ends. */
export async function claimUntoldConditions(tx: Db, limit: number): Promise<ConditionRow[]> {
  return conditionsWhere(
    tx,
    sql`(c.resolved_at is null and c.told_at is null) or (c.resolved_at is not null and c.told_at is not null and c.told_resolved_at is null)`,
    sql`limit ${limit} for no key update of c skip locked`,
  );
}

/** Notes that people were told of these as they stand. */
export async function markConditionsTold(tx: Db, ids: readonly number[], now: Date): Promise<void> {
  await sql`
    update source_condition set told_at = coalesce(told_at, ${now}), told_resolved_at = case when resolved_at is not null then ${now}::timestamptz end
    where id = any(${ids}::bigint[])`.execute(tx);
}

async function conditionsWhere(db: Db, condition: ReturnType<typeof sql>, rest = sql``, order = sql`c.id`): Promise<ConditionRow[]> {
  const { rows } = await sql<ConditionRow>`
    select c.id, c.source_id as "sourceId", s.name as "sourceName", c.kind, c.since, c.sentence, c.opened_at as "openedAt",
      c.resolved_at as "resolvedAt"
    from source_condition c join source s on s.id = c.source_id
    where s.removed_at is null and (${condition}) order by ${order} ${rest}`.execute(db);
  return rows;
}
