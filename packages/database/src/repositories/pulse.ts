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
  /** Since when a message has been due on a channel that answers. */
  oldestUndelivered: Date | null;
  /** When the last item came; null when none ever did. */
  latestItem: Date | null;
  downChannels: { id: number; name: string; since: Date }[];
  /** Sources that should be watched. */
  sources: number;
  /** Null before the first was ever launched. */
  canary: CanaryState | null;
}

export async function readPathState(db: Db): Promise<PathState> {
  const down = await db
    .selectFrom('channel')
    .select(['id', 'name', 'down_since'])
    .where('down_since', 'is not', null)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .execute();
  const { rows } = await sql<Omit<PathState, 'canary' | 'downChannels'>>`
    select
      (select max(at) from service_pulse where name = 'crawler') as "crawlerPulse",
      (select min(next_check_at) from source where paused_at is null and removed_at is null) as "oldestDueSource",
      (select min(i.collected_at) from item_pending p join item i on i.id = p.item_id
        where i.source_id is distinct from (select source_id from canary)) as "oldestPendingItem",
      (select min(decide_at) from event where decide_at is not null) as "oldestUndecidedEvent",
      (select min(n.due_at) from notification n join channel c on c.id = n.channel_id
        where n.state = 'pending' and n.admitted_at is not null and n.attempts = 0 and c.down_since is null and c.retry_at is null) as "oldestUndelivered",
      (select collected_at from item order by id desc limit 1) as "latestItem",
      (select count(*) from source where paused_at is null and removed_at is null) as sources`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('a query without FROM answers one row');
  const downChannels = down.flatMap(({ id, name, down_since }) => (down_since === null ? [] : { id, name, since: down_since }));
  return { ...row, downChannels, canary: await readCanary(db) };
}
