import { type TextSource, textOf } from './charset.ts';
import { type Row, tableLimits } from './row.ts';
import type { Table } from './table.ts';

/** Lines whose names make up the columns. */
const namingLines = 1_000;

/**
 * Rows of a file with one JSON object per line. The columns are the names that its first 1,000 lines use, in their order;
 * numbers and truth values become text, lists and objects their JSON. A line that is no object comes with a fault.
 */
export async function readJsonLines(source: TextSource): Promise<Pick<Table, 'columns' | 'rows'>> {
  const columns = new Map<string, number>();
  let seen = 0;
  for await (const { text } of linesOf(textOf({ ...source, onRead: () => {} }))) {
    const value = text === null ? null : objectOf(text);
    for (const name of Object.keys(value ?? {})) {
      if (columns.size < tableLimits.columns && !columns.has(name)) columns.set(name, columns.size);
    }
    seen += 1;
    if (seen >= namingLines) break;
  }
  return { columns: [...columns.keys()], rows: rowsOf(source, columns) };
}

async function* rowsOf(source: TextSource, columns: ReadonlyMap<string, number>): AsyncGenerator<Row> {
  for await (const { text, line } of linesOf(textOf(source))) {
    const cells = Array.from({ length: columns.size }, () => '');
    const value = text === null ? null : objectOf(text);
    for (const [name, cell] of Object.entries(value ?? {})) {
      const column = columns.get(name);
      if (column !== undefined) cells[column] = textOfCell(cell);
    }
    const fault = text === null ? `一行超过 ${tableLimits.rowLength} 个字` : value === null ? '不是一个 JSON 对象' : null;
    if (fault !== null || cells.some((cell) => cell.trim() !== '')) yield { line, cells, fault };
  }
}

/** Lines that are not blank; the text of one that is too long is null and never held. */
async function* linesOf(pieces: AsyncIterable<string>): AsyncGenerator<{ text: string | null; line: number }> {
  let held = '';
  let tooLong = false;
  let line = 1;
  for await (const piece of pieces) {
    const parts = piece.split('\n');
    for (const [i, part] of parts.entries()) {
      if (!tooLong) held += part;
      if (held.length > tableLimits.rowLength) {
        tooLong = true;
        held = '';
      }
      if (i === parts.length - 1) break;
      if (tooLong || held.trim() !== '') yield { text: tooLong ? null : held, line };
      held = '';
      tooLong = false;
      line += 1;
    }
  }
  if (tooLong || held.trim() !== '') yield { text: tooLong ? null : held, line };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
