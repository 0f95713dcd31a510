import { type FileHandle, open } from 'node:fs/promises';
import { redact } from '@guanlan/domain';
import { type Row, writeCsvRow } from '@guanlan/tables';

export interface Rejects {
  add(row: Row, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** Rows are written together, so many at a time. */
const held = 200;

/**
 * A CSV file (UTF-8 with a mark, as Excel and WPS like it) with the columns of the original, 行号 and 原因. It is made when there is a
 * first row for it, only the person who runs the import may read it, and personal data in it is masked. Mended, it can be imported itself.
 */
export function createRejects(file: string, columns: readonly string[]): Rejects {
  let handle: FileHandle | undefined;
  let waiting = '';
  let rows = 0;
  const flush = async () => {
    if (waiting === '') return;
    handle ??= await open(file, 'w', 0o600);
    await handle.appendFile(waiting);
    waiting = '';
  };
  return {
    add: async (row, reason) => {
      if (rows === 0) waiting = `\ufeff${writeCsvRow([...columns, '行号', '原因'])}`;
      rows += 1;
      const cells = columns.map((_, i) => redact(row.cells[i] ?? '').text);
      waiting += writeCsvRow([...cells, String(row.line), reason]);
      if (rows % held === 0) await flush();
    },
    close: async () => {
      await flush();
      await handle?.close();
    },
  };
}
