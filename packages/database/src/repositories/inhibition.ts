import { type CategoryId, GuanlanError } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';

/** A rule by which an open, more severe alert mutes lower ones of the same category and place. */
export interface Inhibition {
  id: number;
  /** The least level that mutes, and for how long after it was opened. */
  minRank: number;
  minutes: number;
  /** Empty: every category. */
  categories: CategoryId[];
  reason: string;
}

export interface InhibitionRow extends Inhibition {
  startsAt: Date;
  /** Null: until a person ends it. */
  endsAt: Date | null;
  actor: string;
  endedAt: Date | null;
  endedBy: string | null;
}

export async function activeInhibitions(db: Db, now: Date): Promise<Inhibition[]> {
  const rows = await listInhibitions(db, 500);
  return rows.filter((row) => row.startsAt <= now && row.endedAt === null && (row.endsAt === null || row.endsAt > now));
}

/** Newest first. */
export async function listInhibitions(db: Db, limit: number): Promise<InhibitionRow[]> {
  const rows = await db.selectFrom('inhibition').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    minRank: row.min_rank,
    minutes: row.minutes,
    categories: row.categories,
    reason: row.reason,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    actor: row.actor,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
  }));
}

export async function addInhibition(db: Db, inhibition: Omit<InhibitionRow, 'id' | 'endedAt' | 'endedBy'>): Promise<number> {
  const { id } = await db
    .insertInto('inhibition')
    .values({
      ...{ min_rank: inhibition.minRank, minutes: inhibition.minutes, categories: inhibition.categories, reason: inhibition.reason },
      ...{ starts_at: inhibition.startsAt, ends_at: inhibition.endsAt, actor: inhibition.actor },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Throws `not-found` when it is not in force. */
export async function endInhibition(db: Db, id: number, { actor, now }: { actor: string; now: Date }): Promise<void> {
  const { numAffectedRows } = await sql`
    update inhibition set ended_at = ${now}, ended_by = ${actor}
    where id = ${id} and ended_at is null and (ends_at is null or ends_at > ${now})`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) throw new GuanlanError('not-found', `没有编号为 ${id} 的有效抑制规则。`);
}
