import { type Coverage, chunk, coverageOf, coverageScore, type Span } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { loadSourceHours } from './source-health-hours.ts';

export interface CoverageReport {
  /** Sources that were to be watched. */
  sources: number;
  /** The share of what was to be expected from them that would have been seen, 0–1; null without any source. */
  score: number | null;
}

/** Over how long the coverage of each source is measured, and how often. */
export const coverageDays = 7;
const coverageEveryMs = 3_600_000;

/** Measures anew what was not measured for an hour, at most as many sources as are held in memory at one time. */
export async function measureCoverage(db: Db, now: Date): Promise<void> {
  const span = { from: new Date(now.getTime() - coverageDays * 86_400_000), to: now };
  const { rows: sources } = await sql<WatchedSource>`
    select id, coalesce(interval_seconds, every_seconds) as "intervalSeconds", greatest(created_at, ${span.from}) as from from source
    where removed_at is null and (paused_at is null or pause_reason is not null) and last_checked_at is not null
      and (coverage_at is null or coverage_at <= ${new Date(now.getTime() - coverageEveryMs)})
    order by coverage_at nulls first, id limit ${batch}`.execute(db);
  if (sources.length === 0) return;
  const coverages = await coverageOfSources(db, sources, span);
  await sql`
    update source s set coverage_expected = c.expected, coverage_watched = c.watched, coverage_at = ${now}
    from unnest(${sources.map(({ id }) => id)}::bigint[], ${coverages.map((c) => c.expected)}::float8[], ${coverages.map((c) => c.watched)}::float8[])
      as c (id, expected, watched)
    where s.id = c.id`.execute(db);
}

interface WatchedSource {
  id: number;
  intervalSeconds: number;
  from: Date;
}

/** Sources whose hours are in memory at one time. */
const batch = 50;

/** How much of what was to come was watched for in a span; sources that a person paused are not expected to bring anything. */
export async function readCoverage(db: Db, span: Span): Promise<CoverageReport> {
  const { rows: sources } = await sql<WatchedSource>`
    select id, coalesce(interval_seconds, every_seconds) as "intervalSeconds", greatest(created_at, ${span.from}) as from from source
    where removed_at is null and (paused_at is null or pause_reason is not null) and created_at < ${span.to} order by id`.execute(db);
  const coverages: Coverage[] = [];
  for (const part of chunk(sources, batch)) coverages.push(...(await coverageOfSources(db, part, span)));
  return { sources: sources.length, score: coverageScore(coverages) };
}

async function coverageOfSources(db: Db, sources: readonly WatchedSource[], span: Span): Promise<Coverage[]> {
  const ids = sources.map(({ id }) => id);
  const [hours, blind] = await Promise.all([
    loadSourceHours(db, ids),
    sql<Span & { sourceId: number }>`
      select source_id as "sourceId", since as from, coalesce(resolved_at, ${span.to}) as to from source_condition
      where source_id = any(${ids}::bigint[]) and kind in ('empty', 'unreadable', 'stopped')
        and since < ${span.to} and (resolved_at is null or resolved_at > ${span.from})`.execute(db),
  ]);
  const blindOf = Map.groupBy(blind.rows, (row) => row.sourceId);
  return sources.map(({ id, intervalSeconds, from }) =>
    coverageOf(hours.get(id) ?? [], { span: { from, to: span.to }, intervalSeconds, blind: blindOf.get(id) ?? [] }),
  );
}
