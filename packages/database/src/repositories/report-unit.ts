import { createHash, randomBytes } from 'node:crypto';
import { GuanlanError, type ReportUnitKind } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { broughtSource } from './source.ts';

const touchMs = 60_000;

export interface ReportUnit {
  id: number;
  name: string;
  kind: ReportUnitKind;
  sourceId: number;
}

export interface ReportUnitRow extends ReportUnit {
  createdAt: Date;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  reports: number;
}

/**
 * Adds a unit, its source (local: whatever it reports is about this county) and the token `gu_…` (256 random bits) of its link. The token
 * is in the answer only. Throws `conflict` when a unit of that name reports already.
 */
export async function createReportUnit(
  db: Db,
  unit: { name: string; kind: ReportUnitKind },
  now: Date,
): Promise<ReportUnit & { token: string }> {
  const token = `gu_${randomBytes(32).toString('base64url')}`;
  const add = async (tx: Db) => {
    const sourceId = await broughtSource(tx, { kind: 'report', name: `直报：${unit.name}`, url: `report:${unit.name}`, local: true }, now);
    const row = await tx
      .insertInto('report_unit')
      .values({ name: unit.name, kind: unit.kind, token_hash: tokenHash(token), source_id: sourceId, created_at: now })
      .onConflict((oc) => oc.column('name').where('revoked_at', 'is', null).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!row) throw new GuanlanError('conflict', `已有名为“${unit.name}”的直报单位；链接遗失时先撤销它，再新建一个。`);
    return { id: row.id, name: unit.name, kind: unit.kind, sourceId, token };
  };
  return db.isTransaction ? add(db) : db.transaction().execute(add);
}

/** The unit that a link's token belongs to, or null when it is unknown or revoked. Notes when it was used, at most once a minute. */
export async function findReportUnit(db: Db, token: string, now: Date): Promise<ReportUnit | null> {
  const row = await db
    .selectFrom('report_unit')
    .select(['id', 'name', 'kind', 'source_id as sourceId', 'last_used_at as lastUsedAt'])
    .where('token_hash', '=', tokenHash(token))
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row) return null;
  const { lastUsedAt, ...unit } = row;
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= touchMs) {
    await db.updateTable('report_unit').set({ last_used_at: now }).where('id', '=', unit.id).execute();
  }
  return unit;
}

/** Every unit, those that report first, revoked ones included. */
export async function listReportUnits(db: Db): Promise<ReportUnitRow[]> {
  const { rows } = await sql<ReportUnitRow>`
    select u.id, u.name, u.kind, u.source_id as "sourceId", u.created_at as "createdAt", u.last_used_at as "lastUsedAt",
      u.revoked_at as "revokedAt", (select count(*) from direct_report r where r.unit_id = u.id) as reports
    from report_unit u order by u.revoked_at nulls first, u.id`.execute(db);
  return rows;
}

/** Ends a unit's link; what it reported stays. Returns whether there was one that worked. */
export async function revokeReportUnit(db: Db, id: number, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('report_unit')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
