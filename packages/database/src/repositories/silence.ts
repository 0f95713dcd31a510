import type { CategoryId } from '@guanlan/domain';
import type { Db } from '../connect.ts';

export interface Silence {
  id: number;
  /** Empty: every category. */
  categories: CategoryId[];
  /** More urgent alerts are told all the same; never 4, level I always passes. */
  maxRank: number;
  endsAt: Date;
  reason: string;
}

/** The silences in force at `now` (from `starts_at`, up to but not at `ends_at`). */
export async function activeSilences(db: Db, now: Date): Promise<Silence[]> {
  const rows = await db.selectFrom('silence').selectAll().where('starts_at', '<=', now).where('ends_at', '>', now).orderBy('id').execute();
  return rows.map((row) => ({ id: row.id, categories: row.categories, maxRank: row.max_rank, endsAt: row.ends_at, reason: row.reason }));
}
