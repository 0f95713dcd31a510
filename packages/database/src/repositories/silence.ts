import { type CategoryId, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

export interface Silence {
  id: number;
  /** Empty: every category. */
  categories: CategoryId[];
  /** Empty: every place. */
  places: string[];
  /** More urgent alerts are told all the same; never 4, level I always passes. */
  maxRank: number;
  endsAt: Date;
  reason: string;
}

export interface SilenceRow extends Silence {
  startsAt: Date;
  actor: string;
  /** Ended by a person before its time. */
  endedAt: Date | null;
  endedBy: string | null;
}

/** The silences in force at `now` (from `starts_at`, up to but not at `ends_at`). */
export async function activeSilences(db: Db, now: Date): Promise<Silence[]> {
  const rows = await db
    .selectFrom('silence')
    .selectAll()
    .where('starts_at', '<=', now)
    .where('ends_at', '>', now)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    categories: row.categories,
    places: row.places,
    maxRank: row.max_rank,
    endsAt: row.ends_at,
    reason: row.reason,
  }));
}

/** Newest first. */
export async function listSilences(db: Db, limit: number): Promise<SilenceRow[]> {
  const rows = await db.selectFrom('silence').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    categories: row.categories,
    places: row.places,
    maxRank: row.max_rank,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    reason: row.reason,
    actor: row.actor,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  }));
}

export async function addSilence(db: Db, silence: Omit<SilenceRow, 'id' | 'endedAt' | 'endedBy'>, now: Date): Promise<number> {
  const { id } = await db
    .insertInto('silence')
    .values({
      ...{ categories: silence.categories, places: silence.places, max_rank: silence.maxRank, starts_at: silence.startsAt },
      ...{ ends_at: silence.endsAt, reason: silence.reason, actor: silence.actor, created_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Ends a silence before its time. Throws `not-found` when it is not in force or ahead. */
export async function endSilence(db: Db, id: number, { actor, now }: { actor: string; now: Date }): Promise<void> {
  const { numAffectedRows } = await sql`
    update silence set ended_at = ${now}, ended_by = ${actor} where id = ${id} and ended_at is null and ends_at > ${now}`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的有效静默。`);
}
