import type { AuthorKind } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { anewMs } from './grouping.ts';

/** A stored item as a draft is tried on it. */
export interface HistoryItem {
  id: number;
  title: string;
  text: string;
  authorKind: AuthorKind;
  sourceLocal: boolean;
  /** What a person has said of its event; null where nobody has. */
  outcome: 'confirmed' | 'false-alarm' | null;
}

/** An item of the last days as a draft is weighed on it. */
export interface RecentItem extends Omit<HistoryItem, 'id' | 'outcome'> {
  collectedAt: Date;
  /** Its event, else its text: what would be one case. */
  story: string;
  /** Of a story that judging anew may still open a case about. */
  young: boolean;
  alert: 'none' | 'open' | 'closed';
  /** What its event's items say; 0 where it has none. */
  rank: number;
}

/** Items collected since then, newest first, at most `limit`, in runs; drills and the canary are left out. */
export async function* readRecentItems(
  db: Db,
  { since, now, limit, batch = 500 }: { since: Date; now: Date; limit: number; batch?: number },
): AsyncGenerator<RecentItem[]> {
  const youngSince = new Date(now.getTime() - anewMs);
  let before = Number.MAX_SAFE_INTEGER;
  for (let left = limit; left > 0; ) {
    const { rows } = await sql<RecentItem & { id: number }>`
      select i.id, i.title, i.text, i.author_kind as "authorKind", s.local as "sourceLocal", i.collected_at as "collectedAt",
        coalesce(ei.event_id::text, i.fingerprint::text) as story,
        greatest(i.collected_at, e.last_seen_at) >= ${youngSince} as young, coalesce(e.rank, 0) as rank,
        coalesce((select case when al.closed_at is null then 'open' else 'closed' end from alert al
          where al.event_id = ei.event_id order by al.id desc limit 1), 'none') as alert
      from item i join source s on s.id = i.source_id
      left join event_item ei on ei.item_id = i.id left join event e on e.id = ei.event_id
      where i.id < ${before} and i.source_id is distinct from (select source_id from canary)
        and not exists (select 1 from drill_step d where d.item_id = i.id)
      order by i.id desc limit ${Math.min(batch, left)}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    before = last.id;
    left -= rows.length;
    const recent = rows.filter(({ collectedAt }) => collectedAt >= since);
    if (recent.length > 0) yield recent.map(({ id: _, ...item }) => item);
    if (recent.length < rows.length) return;
  }
}

/** Cases opened in that time, drills left out. */
export async function countAlertsOpened(db: Db, { from, to }: { from: Date; to: Date }): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from alert where opened_at >= ${from} and opened_at < ${to} and drill_id is null`.execute(db);
  return rows[0]?.count ?? 0;
}

/** How many items there are to try a draft on. */
export async function countHistory(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from item`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Stored items, newest first, in runs of at most `batch`; never more than one run is held. */
export async function* readHistory(db: Db, { limit, batch = 100 }: { limit: number; batch?: number }): AsyncGenerator<HistoryItem[]> {
  let before = Number.MAX_SAFE_INTEGER;
  for (let left = limit; left > 0; left -= batch) {
    const { rows } = await sql<HistoryItem>`
      select i.id, i.title, i.text, i.author_kind as "authorKind", s.local as "sourceLocal",
        (select case when al.outcome = 'false-alarm' then 'false-alarm' else 'confirmed' end
          from event_item ei join alert al on al.event_id = ei.event_id
          where ei.item_id = i.id and (al.outcome is not null or al.state in ('verified', 'assigned', 'answered'))
          order by al.id desc limit 1) as outcome
      from item i join source s on s.id = i.source_id
      where i.id < ${before} order by i.id desc limit ${Math.min(batch, left)}`.execute(db);
    const last = rows.at(-1);
    if (last === undefined) return;
    before = last.id;
    yield rows;
  }
}
