import type { CategoryId } from '@guanlan/domain';
import type { Db } from '../connect.ts';

export interface Route {
  id: number;
  position: number;
  name: string;
  /** Less urgent alerts pass on to the next route. */
  minRank: number;
  /** Empty: every category. */
  categories: CategoryId[];
  channelIds: number[];
}

/** In the order they are tried; the last is the default route. */
export async function listRoutes(db: Db): Promise<Route[]> {
  const rows = await db.selectFrom('route').selectAll().orderBy('position').execute();
  return rows.map((row) => ({
    id: row.id,
    position: row.position,
    name: row.name,
    minRank: row.min_rank,
    categories: row.categories,
    channelIds: row.channel_ids,
  }));
}
