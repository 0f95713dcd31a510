import type { AuthorKind } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

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
