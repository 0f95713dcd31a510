import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A Guanlan that runs on a data folder. */
export interface Running {
  pid: number;
  /** Where its console is; null in a process without one. */
  address: string | null;
}

/** Notes that this process runs on the folder, for the commands beside it. Returns what takes the note away. */
export async function noteRunning(dataDir: string, address: string | null): Promise<() => Promise<void>> {
  const file = fileIn(dataDir);
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify({ pid: process.pid, address } satisfies Running));
  return async () => {
    // Another may have come since: its note stays.
    if ((await runningOn(dataDir))?.pid === process.pid) await rm(file, { force: true });
  };
}

/** The Guanlan that runs on the folder; null for none, also where one was killed and left its note behind. */
export async function runningOn(dataDir: string): Promise<Running | null> {
  try {
    const noted = JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as Partial<Running> | null;
    if (typeof noted?.pid !== 'number' || !isAlive(noted.pid)) return null;
    return { pid: noted.pid, address: typeof noted.address === 'string' ? noted.address : null };
  } catch {
    return null;
  }
}

function fileIn(dataDir: string): string {
  return path.join(dataDir, 'running.json');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
