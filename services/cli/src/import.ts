import path from 'node:path';
import { appendAudit, broughtSource, type Db, type HandedItem, itemBatch, receiveItems, recordBrought } from '@guanlan/database';
import { classifiedMark, classifiedName, classifiedRefusal, externalKeyOf, GuanlanError, prepareItem, redact } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import type { Clock, Logger } from '@guanlan/runtime';
import { readDate } from '@guanlan/sources';
import { cellOf, type Field, type Row, type Table } from '@guanlan/tables';
import { createRejects } from './rejects.ts';

export interface ImportPlan {
  file: string;
  table: Table;
  mapping: ReadonlyMap<Field, number>;
  /** Where the items belong: one source for each name. */
  name: string;
  /** Whether all of it counts as about this county; undefined leaves that as it was. */
  local: boolean | undefined;
  /** File for the rows that are not taken; made when there is one. */
  rejects: string;
  /** Read and check everything, store nothing. */
  dryRun: boolean;
  onProgress(counts: ImportCounts): void;
}

export interface ImportCounts {
  rows: number;
  accepted: number;
  duplicates: number;
  rejected: number;
}

export interface ImportResult extends ImportCounts {
  /** Null in a dry run. */
  sourceId: number | null;
}

/** A row that cannot be taken; the message is its 原因. */
class Rejected extends Error {}

/** More than this ahead of now is a mistyped date. */
const aheadMs = 2 * 86_400_000;

/**
 * Imports a table, row by row, in commits of 500: every row is stored, known already, or written to the rejects file with its
 * line and the reason. Doing it again adds nothing. A run cut short leaves whole batches, and is mended by running it again.
 */
export async function importTable(r: { db: Db; bus: Bus; clock: Clock; logger: Logger }, plan: ImportPlan): Promise<ImportResult> {
  const { table, dryRun } = plan;
  refuseClassifiedFile(plan);
  const counts: ImportCounts = { rows: 0, accepted: 0, duplicates: 0, rejected: 0 };
  const rejects = createRejects(plan.rejects, table.columns);
  const source = { kind: 'import', name: `导入：${plan.name}`, url: `import:${plan.name}`, local: plan.local } as const;
  const sourceId = dryRun ? null : await broughtSource(r.db, source, r.clock.now());
  let batch: HandedItem[] = [];
  const flush = async () => {
    if (batch.length === 0) return;
    if (sourceId === null) counts.accepted += batch.length;
    else await store(r, sourceId, batch, counts);
    batch = [];
    plan.onProgress(counts);
  };
  try {
    for await (const row of table.rows) {
      counts.rows += 1;
      try {
        batch.push(handed(row, plan.mapping, sourceId ?? 0, r.clock.now()));
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        counts.rejected += 1;
        await rejects.add(row, error.message);
      }
      if (batch.length === itemBatch) await flush();
      else if (counts.rows % itemBatch === 0) plan.onProgress(counts);
    }
    await flush();
  } finally {
    await rejects.close();
    if (sourceId !== null) await record(r, sourceId, plan, counts);
  }
  return { ...counts, sourceId };
}

async function store(
  { db, bus, clock, logger }: { db: Db; bus: Bus; clock: Clock; logger: Logger },
  sourceId: number,
  batch: readonly HandedItem[],
  counts: ImportCounts,
) {
  const receipts = await db.transaction().execute((tx) => receiveItems(tx, sourceId, batch, clock.now()));
  const itemIds = receipts.flatMap(({ result, itemId }) => (result === 'accepted' ? [itemId] : []));
  counts.accepted += itemIds.length;
  counts.duplicates += receipts.length - itemIds.length;
  if (itemIds.length === 0) return;
  await bus
    .ring('items.collected', { itemIds })
    .catch((err: unknown) => logger.warn({ err, items: itemIds.length }, 'bell not rung, the sweep will'));
}

async function record({ db, clock }: { db: Db; clock: Clock }, sourceId: number, plan: ImportPlan, counts: ImportCounts): Promise<void> {
  const at = clock.now();
  await recordBrought(db, sourceId, counts.accepted, at);
  const data = { file: redact(path.basename(plan.file)).text, ...counts };
  await appendAudit(db, { at, actor: 'cli', act: 'import.file', subject: `source:${sourceId}`, data });
}

function handed(row: Row, mapping: ReadonlyMap<Field, number>, sourceId: number, now: Date): HandedItem {
  if (row.fault !== null) throw new Rejected(row.fault);
  const field = (name: Field) => cellOf(mapping, row.cells, name);
  const title = field('title');
  const body = field('text');
  if (title === '' && body === '') throw new Rejected('标题和正文都是空的');
  const mark = classifiedMark(`${title}\n${body}`);
  if (mark !== null) throw new Rejected(`带有密级标志“${mark}”，不得录入本系统`);
  const [place, category, number] = [field('place'), field('category'), field('number')];
  if (number.length > 200) throw new Rejected('编号超过 200 个字');
  const text = [body, place === '' ? '' : `地点：${place}`, category === '' ? '' : `类别：${category}`]
    .filter((part) => part !== '')
    .join('\n');
  const raw = {
    url: addressOf(field('url')),
    externalId: number === '' ? null : number,
    title,
    text,
    publishedAt: timeOf(field('time'), now),
  };
  return {
    prepared: prepareItem(raw, { sourceId, authorKind: 'unknown' }),
    externalKey: number === '' ? null : externalKeyOf(number, sourceId),
  };
}

function addressOf(cell: string): string | null {
  if (cell === '') return null;
  const url = URL.parse(cell);
  if (url === null || !/^https?:$/u.test(url.protocol)) throw new Rejected(`网址不对，应以 http:// 或 https:// 开头：${short(cell)}`);
  return cell;
}

function timeOf(cell: string, now: Date): Date | null {
  if (cell === '') return null;
  const compact = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/u.exec(cell);
  const [, y, m, d, h = '00', min = '00', s = '00'] = compact ?? [];
  const at = readDate(compact ? `${y}-${m}-${d} ${h}:${min}:${s}` : cell, now);
  if (at === null) throw new Rejected(`时间看不懂：${short(cell)}（写成 2026-11-23 18:30 这样）`);
  if (at.getTime() > now.getTime() + aheadMs) throw new Rejected(`时间还没有到：${short(cell)}`);
  return at;
}

function refuseClassifiedFile({ file, table }: ImportPlan): void {
  const mark = classifiedName(path.basename(file)) ?? classifiedMark(table.sheet ?? '');
  if (mark !== null) throw new GuanlanError('bad-input', classifiedRefusal(mark));
}

function short(cell: string): string {
  const text = redact(cell).text;
  return text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text;
}
