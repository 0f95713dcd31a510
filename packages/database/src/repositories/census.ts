import { type AlertState, canaryKind, type NotificationState, type SourceState } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { canaryItems } from './canary.ts';

/** How many of everything there are, for the metrics page. Counts of nothing are left out. */
export interface Census {
  items: number;
  itemsPending: number;
  oldestPending: Date | null;
  alerts: { state: AlertState; rank: number; count: number }[];
  notifications: { state: NotificationState; count: number }[];
  sources: { state: SourceState; count: number }[];
  /** Those in use. */
  channels: { id: number; kind: string; up: boolean }[];
}

export async function takeCensus(db: Db): Promise<Census> {
  const { rows } = await sql<Census>`
    select
      (select count(*) from item) - ${canaryItems} as items,
      (select count(*) from item_pending p join item i on i.id = p.item_id where i.source_id is distinct from (select source_id from canary)) as "itemsPending",
      (select min(i.collected_at) from item_pending p join item i on i.id = p.item_id
        where i.source_id is distinct from (select source_id from canary)) as "oldestPending",
      (select coalesce(json_agg(json_build_object('state', state, 'rank', rank, 'count', n)), '[]')
        from (select state, rank, count(*) as n from alert group by state, rank) a) as alerts,
      (select coalesce(json_agg(json_build_object('state', state, 'count', n)), '[]')
        from (select state, count(*) as n from notification group by state) b) as notifications,
      (select coalesce(json_agg(json_build_object('state', state, 'count', n)), '[]')
        from (select case when paused_at is not null then 'paused' when failing_since is not null then 'failing'
            when last_success_at is null then 'new' else 'healthy' end as state, count(*) as n
          from source where removed_at is null and kind <> ${canaryKind} group by 1) c) as sources,
      (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'up', down_since is null) order by id), '[]')
        from channel where removed_at is null) as channels`.execute(db);
  const row = rows[0];
  if (!row) throw new Error('a query without FROM answers one row');
  return row;
}

/** Asks the database for an answer; rejects when there is none. */
export async function pingDatabase(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}

/** Changes when a figure of {@link Census} or of the yearly progress probably has: cheap enough to ask every second. */
export async function readPulse(db: Db): Promise<string> {
  const { rows } = await sql<{ pulse: string }>`
    select concat_ws(' ', (select max(id) from item), (select max(item_id) from tally), (select max(id) from training),
      (select max(updated_at) from alert)) as pulse`.execute(db);
  return rows[0]?.pulse ?? '';
}
