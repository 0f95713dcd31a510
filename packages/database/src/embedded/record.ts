import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * `<dataDir>/postgres.json`, readable by its owner alone (0600). `cluster` is where the database files are: relative
 * to the data folder when inside it (so that the folder may be moved), absolute when they had to live elsewhere.
 */
export interface ServerRecord {
  cluster: string;
  port: number;
  user: string;
  password: string;
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** The record, or undefined when there is none or it cannot be understood (it can be made anew without loss of data). */
export async function readRecord(dataDir: string): Promise<ServerRecord | undefined> {
  let text: string;
  try {
    text = await readFile(recordFile(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { cluster, port, user, password } = JSON.parse(text) as Partial<ServerRecord>;
    if (typeof cluster !== 'string' || typeof port !== 'number' || typeof user !== 'string' || typeof password !== 'string')
      return undefined;
    return { cluster, port, user, password };
  } catch {
    return undefined;
  }
}

/** Written aside, synced and renamed: a kill or a full disk leaves the old record or the new one, never half of one. */
export async function writeRecord(dataDir: string, record: ServerRecord): Promise<void> {
  const file = recordFile(dataDir);
  const aside = `${file}.${process.pid}.new`;
  await rm(aside, { force: true });
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Root working in an ordinary user's folder must not lock that user out of it.
    if (process.getuid?.() === 0) {
      const folder = await stat(dataDir);
      await chown(aside, folder.uid, folder.gid);
    }
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dataDir);
}

/** Makes a rename in this folder survive a power cut. Windows cannot open a folder, and keeps its own order. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function recordFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.json');
}
