import { type AlertState, dateOf, GuanlanError, type Outcome, type ReportUnitKind, receiptOf } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';
import type { Attachment } from './attachment.ts';

/** A report as it is filed: every text redacted. */
export interface NewDirectReport {
  unitId: number;
  /** Made by the form (UUID): the same key from the same unit is the same report, however often it is sent. */
  idempotencyKey: string;
  correctsId: number | null;
  itemId: number;
  what: string;
  place: string;
  detail: string;
  happenedAt: Date | null;
  people: number | null;
  done: string;
  attachments: readonly (Attachment & { name: string })[];
}

export interface DirectReportRow extends Omit<NewDirectReport, 'attachments' | 'idempotencyKey'> {
  id: number;
  receipt: string;
  unitName: string;
  unitKind: ReportUnitKind;
  filedAt: Date;
  /** The report that this one corrects, and those that correct it. */
  corrects: string | null;
  correctedBy: string[];
  attachments: { position: number; name: string; mediaType: Attachment['mediaType']; bytes: number; sha256: string }[];
  eventId: number | null;
  /** The latest alert of its item's event; the one truth about what becomes of it. */
  alert: { id: number; state: AlertState; outcome: Outcome | null; updatedAt: Date } | null;
}

/**
 * Files a report under the next receipt of its day, and notes that the duty desk has still to see it. Must be part of a transaction
 * that made its item. Returns the receipt.
 */
export async function fileDirectReport(tx: Db, report: NewDirectReport, now: Date): Promise<string> {
  const { turns } = await tx
    .insertInto('report_day')
    .values({ day: dateOf(now), turns: 1 })
    .onConflict((oc) => oc.column('day').doUpdateSet((eb) => ({ turns: eb('report_day.turns', '+', 1) })))
    .returning('turns')
    .executeTakeFirstOrThrow();
  const receipt = receiptOf(now, turns);
  const { id } = await tx
    .insertInto('direct_report')
    .values({
      ...{
        receipt,
        unit_id: report.unitId,
        idempotency_key: report.idempotencyKey,
        corrects_id: report.correctsId,
        item_id: report.itemId,
      },
      ...{ what: report.what, place: report.place, detail: report.detail, done: report.done },
      ...{ happened_at: report.happenedAt, people: report.people, filed_at: now },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx.insertInto('report_pending').values({ report_id: id, item_id: report.itemId }).execute();
  if (report.attachments.length > 0) {
    await tx
      .insertInto('report_attachment')
      .values(
        report.attachments.map(({ sha256, name, mediaType, bytes }, i) => ({
          ...{ report_id: id, position: i + 1, sha256: Buffer.from(sha256, 'hex'), name, media_type: mediaType, bytes },
        })),
      )
      .execute();
  }
  return receipt;
}

/** Keeps two sendings of one report apart: the second waits, and then finds what the first one filed. Held until the commit. */
export async function lockReporting(tx: Db, unitId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${locks.directReport}, ${unitId}::integer)`.execute(tx);
}

/** The receipt that a unit's report was filed under, or null. */
export async function findReceipt(db: Db, unitId: number, idempotencyKey: string): Promise<string | null> {
  const row = await db
    .selectFrom('direct_report')
    .select('receipt')
    .where('unit_id', '=', unitId)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst();
  return row?.receipt ?? null;
}

/** One report, or null. With `unitId`, only that unit's. */
export async function getDirectReport(db: Db, receipt: string, unitId?: number): Promise<DirectReportRow | null> {
  const only = unitId === undefined ? sql`true` : sql`r.unit_id = ${unitId}`;
  return (await select(db, sql`r.receipt = ${receipt} and ${only}`, 1))[0] ?? null;
}

export interface DirectReportFilter {
  before?: number | undefined;
  limit: number;
  unitId?: number | undefined;
  /** Only those whose event has no alert (yet). */
  unalerted?: boolean | undefined;
}

/** Newest first. */
export function listDirectReports(db: Db, { before, limit, unitId, unalerted }: DirectReportFilter): Promise<DirectReportRow[]> {
  const conditions = [sql`r.id < ${before ?? Number.MAX_SAFE_INTEGER}`];
  if (unitId !== undefined) conditions.push(sql`r.unit_id = ${unitId}`);
  if (unalerted === true) conditions.push(sql`al.id is null`);
  return select(db, sql`${sql.join(conditions, sql` and `)}`, limit);
}

/** The id behind a receipt of this unit. Throws `bad-input` when it has no such report. */
export async function correctedReportId(db: Db, receipt: string, unitId: number): Promise<number> {
  const row = await db
    .selectFrom('direct_report')
    .select('id')
    .where('receipt', '=', receipt)
    .where('unit_id', '=', unitId)
    .executeTakeFirst();
  if (!row) throw new GuanlanError('bad-input', `没有回执号为 ${receipt} 的上报，无法更正；请核对回执号。`);
  return row.id;
}

async function select(db: Db, where: ReturnType<typeof sql>, limit: number): Promise<DirectReportRow[]> {
  const { rows } = await sql<
    Omit<DirectReportRow, 'alert'> & { alert: { id: number; state: AlertState; outcome: Outcome | null; updatedAt: string } | null }
  >`
    select r.id, r.receipt, r.unit_id as "unitId", u.name as "unitName", u.kind as "unitKind", r.corrects_id as "correctsId",
      r.item_id as "itemId", r.what, r.place, r.detail, r.happened_at as "happenedAt", r.people, r.done, r.filed_at as "filedAt",
      (select c.receipt from direct_report c where c.id = r.corrects_id) as corrects,
      array(select c.receipt from direct_report c where c.corrects_id = r.id order by c.id) as "correctedBy",
      coalesce((select json_agg(json_build_object('position', a.position, 'name', a.name, 'mediaType', a.media_type, 'bytes', a.bytes,
        'sha256', encode(a.sha256, 'hex')) order by a.position) from report_attachment a where a.report_id = r.id), '[]') as attachments,
      ei.event_id as "eventId",
      case when al.id is not null then
        json_build_object('id', al.id, 'state', al.state, 'outcome', al.outcome, 'updatedAt', al.updated_at) end as alert
    from direct_report r join report_unit u on u.id = r.unit_id
    left join event_item ei on ei.item_id = r.item_id
    left join lateral (select * from alert x where x.event_id = ei.event_id order by x.id desc limit 1) al on true
    where ${where} order by r.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, alert: row.alert && { ...row.alert, updatedAt: new Date(row.alert.updatedAt) } }));
}
