import type { HourRecord } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** Hour (epoch seconds), answered, fresh, when the last news came (epoch seconds). */
type Row = [hour: number, answered: number, fresh: number, freshAt: number | null];

/**
 * The hours of these sources, oldest first. As one JSON text per source: some hundred thousand rows with dates to parse would cost
 * several times as much as all that is made of them.
 */
export async function loadSourceHours(db: Db, ids: readonly number[]): Promise<Map<number, HourRecord[]>> {
  const { rows } = await sql<{ sourceId: number; hours: Row[] }>`
    select source_id as "sourceId", json_agg(json_build_array(extract(epoch from hour)::bigint, answered, fresh, extract(epoch from fresh_at)) order by hour) as hours
    from source_hour where source_id = any(${ids}::bigint[]) group by source_id`.execute(db);
  return new Map(rows.map(({ sourceId, hours }) => [sourceId, hours.map(recordOf)]));
}

function recordOf([hour, answered, fresh, freshAt]: Row): HourRecord {
  return { hour: new Date(hour * 1_000), answered, fresh, freshAt: freshAt === null ? null : new Date(freshAt * 1_000) };
}
