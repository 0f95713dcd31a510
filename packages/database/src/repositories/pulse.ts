import type { CanaryState } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { readCanary } from './canary.ts';

/** Says that this part of the program went through its loop now. */
export async function beatPulse(db: Db, name: string, at: Date): Promise<void> {
  await sql`insert into service_pulse (name, at) values (${name}, ${at}) on conflict (name) do update set at = excluded.at`.execute(db);
}

/** What each part of the path is behind by: the age of the oldest thing it should have dealt with. Null: nothing waits. */
export interface PathState {
  /** When the crawler last went through its loop; null when none ever ran. */
  crawlerPulse: Date | null;
  /** Since when the source longest due has been due. */
  oldestDueSource: Date | null;
  oldestPendingItem: Date | null;
  oldestUndecidedEvent: Date | null;
  /** Sources that should be watched. */
  sources: number;
  /** Null before the first was ever launched. */
  canary: CanaryState | null;
}

export async function readPathState(db: Db): Promise<PathState> {
  const { rows } = await sql<Omit<PathState, 'canary'>>`
    select
      (select max(at) from service_pulse where name = 'crawler') as "crawlerPulse",
      (select min(next_check_at) from source where paused_at is null and removed_at is null) as "oldestDueSource",
      (select min(i.collected_at) from item_pending p join item i on i.id = p.item_id
        where i.source_id is distinct from (select source_id from canary)) as "oldestPendingItem",
      (select min(decide_at) from event where decide_at is not null) as "oldestUndecidedEvent",
      (select count(*) from source where paused_at is null and removed_at is null) as sources`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('a query without FROM answers one row');
  return { ...row, canary: await readCanary(db) };
}
