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
