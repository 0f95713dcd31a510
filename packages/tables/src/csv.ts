import { type TextSource, textOf } from './charset.ts';
import { type Row, tableLimits } from './row.ts';

/**
 * Rows of a CSV file (RFC 4180; comma, semicolon or tab, whichever its first lines have most of). Rows of other lengths pass, and so do
 * quotes where they do not belong. A row that is too long, or whose quote is never closed, costs that line only: it comes with a fault,
 * and reading goes on with the next one (which is why this is no library: those tried lose every row after such a one).
 */
export async function* readCsv(source: TextSource): AsyncGenerator<Row> {
  let held = '';
  let from = 0;
  let line = 1;
  let delimiter = '';
  const pieces = textOf(source);
  for (let final = false; !final; ) {
    const piece = await pieces.next();
    final = piece.done === true;
    held = held.slice(from) + (piece.done ? '' : piece.value);
    from = 0;
    if (delimiter === '') delimiter = delimiterOf(held);
    while (from < held.length) {
      const record = recordAt(held, from, delimiter, final);
      if (record === null) break;
      yield { line, cells: record.cells, fault: record.fault };
      from = record.end;
      line += record.lines;
    }
  }
}

interface CsvRecord {
  cells: string[];
  fault: string | null;
  /** Where the next one begins, and how many lines on. */
  end: number;
  lines: number;
}

/** Lines that a cell in quotes may have; with more, its quote is taken as one that is never closed. */
const cellLines = 1_000;

/** The record that begins at `from`; null when more of the file is needed to tell. */
function recordAt(text: string, from: number, delimiter: string, final: boolean): CsvRecord | null {
  const cells: string[] = [];
  let lines = 1;
  let width = 0;
  for (let at = from; ; ) {
    let cell: string;
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1, delimiter, final);
      const inside = text.slice(at + 1, end ?? text.length);
      const breaks = inside.split('\n').length - 1;
      const endless = inside.length > tableLimits.rowLength || breaks > cellLines;
      if (endless || (end === null && final)) return faulty(text, from, final, '引号没有成对');
      if (end === null) return null;
      lines += breaks;
      cell = inside.replaceAll('""', '"');
      at = end + 1;
    } else {
      const end = cellEnd(text, at, delimiter);
      cell = text.slice(at, end);
      at = end;
    }
    width += 1;
    if (width <= tableLimits.columns) cells.push(unguarded(cell));
    if (at - from > tableLimits.rowLength) return faulty(text, from, final, `一行超过 ${tableLimits.rowLength} 个字`);
    if (text[at] === delimiter) {
      at += 1;
      continue;
    }
    // A carriage return at the very end may be half of a line end.
    if (!final && at + 1 >= text.length) return null;
    const end = at + (text.startsWith('\r\n', at) ? 2 : 1);
    return { cells, fault: width > tableLimits.columns ? `超过 ${tableLimits.columns} 列` : null, end, lines };
  }
}

/** The first line alone, given up. */
function faulty(text: string, from: number, final: boolean, fault: string): CsvRecord | null {
  const end = text.indexOf('\n', from);
  // What is held of an endless line may go: its next piece is given up in its turn.
  if (end === -1 && !final && text.length - from <= tableLimits.rowLength * 2) return null;
  const stop = end === -1 ? text.length : end;
  return { cells: [text.slice(from, Math.min(stop, from + 200))], fault, end: end === -1 ? text.length : end + 1, lines: 1 };
}

/** Where the quote is that ends the cell: one that a delimiter or a line end follows. Others, and doubled ones, are part of it. */
function closingQuote(text: string, from: number, delimiter: string, final: boolean): number | null {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 1)) {
    const next = text[at + 1];
    if (next === '"') at += 1;
    else if (next === undefined) return final ? at : null;
    else if (next === delimiter || next === '\n' || next === '\r') return at;
  }
  return null;
}

function cellEnd(text: string, from: number, delimiter: string): number {
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === delimiter || char === '\n' || char === '\r') return at;
  }
  return text.length;
}

/**
 * One line of CSV with its line end. A cell that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV
 * injection); {@link readCsv} takes it away again.
 */
export function writeCsvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => quoted(/^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell)).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function unguarded(cell: string): string {
  return /^'[=+\-@\t\r]/u.test(cell) ? cell.slice(1) : cell;
}

function delimiterOf(head: string): string {
  const lines = head.split(/\r?\n/u, 5);
  const count = (delimiter: string) => Math.max(...lines.map((line) => line.split(delimiter).length));
  return [',', '\t', ';'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}
