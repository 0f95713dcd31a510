import type { Readable } from 'node:stream';
import { GuanlanError } from '@guanlan/domain';
import { SaxesParser } from 'saxes';
import { type Row, tableLimits } from './row.ts';
import { openArchive } from './xlsx-archive.ts';
import { serialText } from './xlsx-date.ts';
import { local, readBook, readDateStyles, readSharedTexts } from './xlsx-parts.ts';

export interface Workbook {
  sheet: string;
  rows: AsyncGenerator<Row>;
  progress(): number;
}

/**
 * Rows of one sheet of an Office Open XML workbook (ISO/IEC 29500), streamed out of its archive. Held in memory are the shared
 * texts and the row at hand. Dates become `2026-11-23 18:30:00`; a formula is its stored value.
 *
 * @throws GuanlanError `bad-input` (not a workbook, no such sheet), `parse-limit`
 */
export async function openWorkbook(file: string, wanted: string | undefined): Promise<Workbook> {
  const archive = await openArchive(file);
  try {
    const book = await readBook(archive);
    const visible = book.sheets.filter((sheet) => !sheet.hidden);
    const sheet = wanted === undefined ? (visible[0] ?? book.sheets[0]) : book.sheets.find(({ name }) => name === wanted);
    if (sheet === undefined) {
      const names = book.sheets.map(({ name }) => name).join('、');
      throw new GuanlanError('bad-input', wanted === undefined ? '工作簿里没有工作表。' : `没有名为“${wanted}”的工作表；有：${names}。`);
    }
    const texts = await readSharedTexts(archive, book.sharedTexts);
    const dateStyles = await readDateStyles(archive, book.styles);
    const { stream, size } = await archive.read(sheet.part);
    let read = 0;
    const context: SheetContext = { texts, dateStyles, date1904: book.date1904 };
    return {
      sheet: sheet.name,
      rows: rowsOf(
        stream,
        context,
        (bytes) => (read += bytes),
        () => archive.close(),
      ),
      progress: () => Math.min(1, read / Math.max(1, size)),
    };
  } catch (error) {
    archive.close();
    throw error;
  }
}

interface SheetContext {
  texts: readonly string[];
  /** By the number of a cell's style: whether it shows a date. */
  dateStyles: readonly boolean[];
  date1904: boolean;
}

async function* rowsOf(stream: Readable, context: SheetContext, onRead: (bytes: number) => void, close: () => void): AsyncGenerator<Row> {
  const ready: Row[] = [];
  const parser = sheetParser(context, (row) => ready.push(row));
  const decoder = new TextDecoder();
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      onRead(chunk.length);
      parser.write(decoder.decode(chunk, { stream: true }));
      if (ready.length > 0) yield* ready.splice(0);
    }
    parser.write(decoder.decode()).close();
    yield* ready;
  } catch (cause) {
    if (cause instanceof GuanlanError) throw cause;
    throw new GuanlanError('bad-input', '工作表的内容损坏，读不下去；请在 Excel 或 WPS 中打开，另存一份再导入。', { cause });
  } finally {
    stream.destroy();
    close();
  }
}

/** Calls `emit` for each `<row>` as its end is read. */
function sheetParser({ texts, dateStyles, date1904 }: SheetContext, emit: (row: Row) => void): SaxesParser {
  const parser = new SaxesParser();
  let row: Row = { line: 0, cells: [], fault: null };
  let length = 0;
  let column = -1;
  let type = '';
  let style = 0;
  let value = '';
  let reading = false;
  let phonetic = false;

  const finishCell = () => {
    const text =
      type === 's' ? (texts[Number(value)] ?? '') : type === 'n' ? numberText(value, dateStyles[style] ?? false, date1904) : value;
    length += text.length;
    if (length > tableLimits.rowLength) row.fault ??= `一行超过 ${tableLimits.rowLength} 个字`;
    else if (column >= tableLimits.columns) row.fault ??= text === '' ? null : `超过 ${tableLimits.columns} 列`;
    else if (text !== '' && type !== 'e') {
      while (row.cells.length < column) row.cells.push('');
      row.cells[column] = text;
    }
  };

  parser.on('opentag', ({ name, attributes }) => {
    const tag = local(name);
    if (tag === 'row') {
      const said = Number(attributes.r);
      row = { line: Number.isSafeInteger(said) && said > 0 ? said : row.line + 1, cells: [], fault: null };
      length = 0;
      column = -1;
    } else if (tag === 'c') {
      column = columnOf(String(attributes.r ?? '')) ?? column + 1;
      type = String(attributes.t ?? 'n');
      style = Number(attributes.s ?? 0);
      value = '';
    } else if (tag === 'v' || (tag === 't' && !phonetic)) reading = true;
    else if (tag === 'rPh') phonetic = true;
  });
  parser.on('text', (text) => {
    if (reading && value.length <= tableLimits.rowLength) value += text;
  });
  parser.on('closetag', ({ name }) => {
    const tag = local(name);
    if (tag === 'v' || tag === 't') reading = false;
    else if (tag === 'rPh') phonetic = false;
    else if (tag === 'c') finishCell();
    else if (tag === 'row') emit(row);
  });
  parser.on('error', (error) => {
    throw error;
  });
  return parser;
}

/** Number of the column in a reference: A1 → 0, AB12 → 27; null when there is none. */
function columnOf(reference: string): number | null {
  const letters = /^[A-Z]{1,3}/u.exec(reference)?.[0];
  if (letters === undefined) return null;
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number - 1;
}

/** Whole numbers without an exponent, others without the noise of their 16th digit. */
function numberText(value: string, isDate: boolean, date1904: boolean): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  if (isDate) return serialText(number, date1904) ?? value;
  return Number.isInteger(number)
    ? number.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 0 })
    : String(Number(number.toPrecision(15)));
}
