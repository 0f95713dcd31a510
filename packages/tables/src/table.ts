import { open, stat } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import { detectCharset } from './charset.ts';
import { suggested } from './columns.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './jsonl.ts';
import { type Row, tableLimits } from './row.ts';
import { openWorkbook } from './xlsx.ts';

export interface Table {
  format: 'csv' | 'xlsx' | 'jsonl';
  /** Encoding of a text file, lower case (`utf-8`, `gb18030`, `utf-16le`, `utf-16be`); null for a workbook. */
  charset: string | null;
  /** The sheet that is read; null for a text file. */
  sheet: string | null;
  columns: string[];
  /** Line of the header; 0 when the names stand in each line (JSONL). */
  headerLine: number;
  /** To be walked once. Empty rows are left out. Ends the file's reading when it is left early. */
  rows: AsyncIterable<Row>;
  /** Share of the file that has been read, 0–1. */
  progress(): number;
}

export interface ReadOptions {
  /** Sheet of a workbook; the first visible one when left out. */
  sheet?: string | undefined;
}

/**
 * Opens a CSV, XLSX or JSONL file as rows under a header, holding a few rows at a time whatever its size. What the file is, is
 * told by its bytes, not by its name. The header is, of the first rows, the one whose names are known best, so that a
 * title above the table does no harm. Formulas are never evaluated: their stored value is what counts.
 *
 * @throws GuanlanError `bad-input` (no such file, empty, another format), `parse-limit`
 */
export async function readTable(file: string, options: ReadOptions = {}): Promise<Table> {
  const size = await sizeOf(file);
  const kind = await recognise(file);
  if (kind === 'xlsx') {
    const book = await openWorkbook(file, options.sheet);
    return { format: 'xlsx', charset: null, sheet: book.sheet, ...(await underHeader(book.rows)), progress: book.progress };
  }
  if (options.sheet !== undefined) throw new GuanlanError('bad-input', `${file} 不是 Excel 工作簿，没有工作表可选。`);
  const charset = await detectCharset(file);
  let read = 0;
  const source = { file, charset, onRead: (bytes: number) => (read += bytes) };
  const progress = () => Math.min(1, read / Math.max(1, size));
  if (kind === 'jsonl') return { format: 'jsonl', charset, sheet: null, headerLine: 0, ...(await readJsonLines(source)), progress };
  return { format: 'csv', charset, sheet: null, ...(await underHeader(readCsv(source))), progress };
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw new GuanlanError('bad-input', `打不开文件 ${file}（${cause.code === 'ENOENT' ? '没有这个文件' : cause.code}）。`, { cause });
  });
  if (!found.isFile()) throw new GuanlanError('bad-input', `${file} 不是文件。`);
  if (found.size === 0) throw new GuanlanError('bad-input', `文件 ${file} 是空的。`);
  if (found.size > tableLimits.fileBytes) {
    throw new GuanlanError('parse-limit', `文件 ${file} 超过 ${tableLimits.fileBytes / 2 ** 20} MB，请分成几个文件导入。`);
  }
  return found.size;
}

async function recognise(file: string): Promise<'csv' | 'xlsx' | 'jsonl'> {
  const handle = await open(file);
  const head = Buffer.alloc(512);
  const { bytesRead } = await handle.read(head, 0, head.length, 0).finally(() => handle.close());
  const start = head.subarray(0, bytesRead);
  if (start.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))) return 'xlsx';
  if (start.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) {
    throw new GuanlanError('bad-input', `${file} 是旧版 .xls 或加了密码的工作簿，请在 Excel 或 WPS 中打开，另存为不加密的 .xlsx 再导入。`);
  }
  const text = start
    .toString('latin1')
    .replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/u, '')
    .replaceAll('\u0000', '')
    .trimStart();
  if (/^(?:<!doctype|<html|<\?xml|<table|<meta)/iu.test(text)) {
    throw new GuanlanError('bad-input', `${file} 的内容是网页表格，请在 Excel 或 WPS 中打开，另存为 .xlsx 再导入。`);
  }
  return text.startsWith('{') ? 'jsonl' : 'csv';
}

const headerRows = 10;

/** Finds the header among the first rows, and fits every row below to it. */
async function underHeader(raw: AsyncGenerator<Row>): Promise<Pick<Table, 'columns' | 'headerLine' | 'rows'>> {
  const first: Row[] = [];
  let more = true;
  while (first.length < headerRows && more) {
    const next = await raw.next();
    if (next.done) more = false;
    else if (next.value.fault !== null || next.value.cells.some((cell) => cell.trim() !== '')) first.push(next.value);
  }
  const candidates = first.filter((row) => row.fault === null);
  const header = candidates.reduce<Row | undefined>(
    (best, row) => (best && suggested(best.cells) >= suggested(row.cells) ? best : row),
    undefined,
  );
  if (header === undefined) {
    await raw.return(undefined);
    throw new GuanlanError('bad-input', first[0]?.fault ?? '文件里没有表头，第一行应为各列的名称。');
  }
  const columns = named(header.cells);
  const left = first.slice(first.indexOf(header) + 1);
  return { columns, headerLine: header.line, rows: fitted(columns.length, left, raw) };
}

/** Names without white space at their ends; nameless columns and second ones of a name get one of their own. */
function named(cells: readonly string[]): string[] {
  let width = cells.length;
  while (width > 1 && (cells[width - 1] ?? '').trim() === '') width -= 1;
  const taken = new Set<string>();
  return cells.slice(0, width).map((cell, i) => {
    let name = cell.replace(/\s+/gu, ' ').trim() || `第${i + 1}列`;
    if (taken.has(name)) name = `${name}（第${i + 1}列）`;
    taken.add(name);
    return name;
  });
}

async function* fitted(width: number, left: readonly Row[], raw: AsyncGenerator<Row>): AsyncGenerator<Row> {
  try {
    for (const row of left) yield fit(row, width);
    for await (const row of raw) {
      if (row.fault !== null || row.cells.some((cell) => cell.trim() !== '')) yield fit(row, width);
    }
  } finally {
    await raw.return(undefined);
  }
}

function fit(row: Row, width: number): Row {
  const extra = row.cells.slice(width).some((cell) => cell.trim() !== '');
  const cells = Array.from({ length: width }, (_, i) => row.cells[i] ?? '');
  return { line: row.line, cells, fault: row.fault ?? (extra ? `单元格比表头多（表头 ${width} 列）` : null) };
}
