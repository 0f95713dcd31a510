import path from 'node:path';
import type { ReportReceiptView, ReportView, reportRequest } from '@guanlan/contracts';
import {
  appendAudit,
  correctedReportId,
  currentLexicon,
  type Db,
  type DirectReportRow,
  fileDirectReport,
  findAttachments,
  findReceipt,
  insertItems,
  lockReporting,
  type ReportUnit,
  recordBrought,
} from '@guanlan/database';
import {
  classifiedMark,
  classifiedName,
  classifiedRefusal,
  GuanlanError,
  minuteOf,
  outcomeTitles,
  prepareItem,
  readReceipt,
  redact,
  reportStateOf,
  reportStateTitles,
} from '@guanlan/domain';
import { compileLexicon, loadLexiconFolder } from '@guanlan/lexicon';
import { defaultsDir } from '@guanlan/runtime';
import type { z } from 'zod';
import type { ApiContext } from './context.ts';

type Report = z.output<typeof reportRequest>;

/** A clock on a telephone may be a little ahead. */
const aheadMs = 3_600_000;

/**
 * Files a direct report: its item, its entry and its line in the audit log are one commit; the bell is rung after it. Everything is redacted
 * before. The same idempotency key from the same unit is answered with what was filed first.
 *
 * @throws GuanlanError `bad-input` for a mark of a state secret, a time ahead, a file that did not arrive, an unknown receipt
 */
export async function fileReport(context: ApiContext, unit: ReportUnit, report: Report): Promise<{ receipt: string; filed: boolean }> {
  const { db, bus, clock, logger } = context;
  const now = clock.now();
  refuseClassified(report);
  const happenedAt = report.happenedAt === null ? null : new Date(report.happenedAt);
  if (happenedAt !== null && happenedAt.getTime() > now.getTime() + aheadMs) {
    throw new GuanlanError('bad-input', `发生时间（${minuteOf(happenedAt)}）还没有到，请改正。`);
  }
  const { receipt, itemId } = await db.transaction().execute(async (tx) => {
    await lockReporting(tx, unit.id);
    const already = await findReceipt(tx, unit.id, report.idempotencyKey);
    if (already !== null) return { receipt: already, itemId: null };
    const correctsId = report.corrects === null ? null : await correctedReportId(tx, receiptFrom(report.corrects), unit.id);
    const attachments = await attachmentsOf(tx, unit.id, report);
    const [item] = await insertItems(tx, [{ ...itemOf(report, unit, happenedAt), sourceId: unit.sourceId }], now);
    if (item === undefined) throw new GuanlanError('conflict', '这份上报已经收到过。');
    const [what, place, detail, done] = [report.what, report.place, report.detail, report.done].map((text) => redact(text).text);
    const number = await fileDirectReport(
      tx,
      {
        ...{ unitId: unit.id, idempotencyKey: report.idempotencyKey, correctsId, itemId: item.id, happenedAt, people: report.people },
        ...{ what: what ?? '', place: place ?? '', detail: detail ?? '', done: done ?? '', attachments },
      },
      now,
    );
    await recordBrought(tx, unit.sourceId, 1, now);
    const data = { attachments: attachments.length, ...(report.corrects === null ? {} : { corrects: receiptFrom(report.corrects) }) };
    await appendAudit(tx, { at: now, actor: unit.name, act: 'report.file', subject: `report:${number}`, data });
    return { receipt: number, itemId: item.id };
  });
  if (itemId !== null) {
    await bus.ring('items.collected', { itemIds: [itemId] }).catch((err: unknown) => logger.warn({ err }, 'bell not rung, the sweep will'));
  }
  return { receipt, filed: itemId !== null };
}

/** A receipt as it was typed, in its one form. Throws `bad-input` when a digit must be wrong. */
export function receiptFrom(typed: string): string {
  const receipt = readReceipt(typed);
  if (receipt === null) throw new GuanlanError('bad-input', '回执号不对，应形如 ZB20261123-0001-7，请核对每一位数字。');
  return receipt;
}

/** The names of townships and villages, from the lexicon in force (the shipped one on a fresh installation). */
export async function reportPlaces(db: Db): Promise<string[]> {
  const body = (await currentLexicon(db))?.body ?? (await loadLexiconFolder(path.join(defaultsDir, 'lexicon'))).text;
  const { places } = compileLexicon(body).gazetteer;
  return [...new Set(places.map(({ name }) => name).filter((name) => /(?:镇|乡|村|社区|街道|开发区)$/u.test(name)))];
}

export function receiptViewOf(row: DirectReportRow): ReportReceiptView {
  return { ...filedOf(row), attachments: row.attachments.map(({ name, bytes }) => ({ name, bytes })) };
}

export function reportViewOf(row: DirectReportRow): ReportView {
  return {
    ...filedOf(row),
    id: row.id,
    unit: { id: row.unitId, name: row.unitName, kind: row.unitKind },
    itemId: row.itemId,
    eventId: row.eventId,
    alertId: row.alert?.id ?? null,
    attachments: row.attachments.map(({ position, name, mediaType, bytes }) => ({ position, name, mediaType, bytes })),
  };
}

function filedOf(row: DirectReportRow) {
  const state = reportStateOf(row.alert?.state ?? null);
  const outcome = row.alert?.outcome ?? null;
  const { receipt, what, place, detail, people, done, corrects, correctedBy } = row;
  return {
    ...{ receipt, state, stateTitle: reportStateTitles[state], outcome, outcomeTitle: outcome && outcomeTitles[outcome] },
    ...{ what, place, detail, people, done, corrects, correctedBy },
    filedAt: row.filedAt.toISOString(),
    happenedAt: row.happenedAt?.toISOString() ?? null,
  };
}

/** 保守国家秘密法 2024 art. 31: what bears the mark of a state secret is not taken in, and nothing of it is kept. */
function refuseClassified({ what, place, detail, done, attachments }: Report): void {
  const mark = [what, place, detail, done].map(classifiedMark).find((found) => found !== null);
  const named = attachments.map(({ name }) => classifiedName(name)).find((found) => found !== null);
  const found = mark ?? named;
  if (found !== undefined && found !== null) throw new GuanlanError('bad-input', classifiedRefusal(found));
}

async function attachmentsOf(tx: Db, unitId: number, { attachments }: Report) {
  const known = await findAttachments(
    tx,
    unitId,
    attachments.map(({ sha256 }) => sha256),
  );
  return attachments.map(({ sha256, name }) => {
    const file = known.get(sha256);
    if (!file) throw new GuanlanError('bad-input', `附件“${redact(name).text}”没有传到，请重新添加。`);
    return { ...file, name: redact(name).text };
  });
}

/** The item that a report becomes: what happened first, so that it reads and clusters like any other account of it. */
function itemOf(report: Report, unit: ReportUnit, happenedAt: Date | null) {
  const [first = report.what] = report.what.split(/(?<=[。！？!?])|\n/u);
  const title = first.length > 60 ? `${first.slice(0, 60).toWellFormed()}…` : first.replace(/[。！？!?]$/u, '');
  const place = [report.place, report.detail].filter((part) => part !== '').join('，');
  const lines = [
    report.what,
    place === '' ? '' : `地点：${place}`,
    report.people === null ? '' : `涉及人数：${report.people} 人`,
    report.done === '' ? '' : `已采取措施：${report.done}`,
  ];
  return prepareItem(
    {
      ...{ url: null, externalId: `report ${report.idempotencyKey}`, title: title.trim(), publishedAt: happenedAt },
      text: lines.filter((line) => line !== '').join('\n'),
    },
    { sourceId: unit.sourceId, authorKind: unit.kind === 'department' || unit.kind === 'township' ? 'agency' : 'organisation' },
  );
}
