import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { GuanlanError } from '@guanlan/domain';
import { isAlive, startedAt } from './process-identity.ts';

/**
 * Runs `work` while this process alone holds `file`. A lock whose owner died (even by kill -9) is recognised by
 * process id and start time and taken over at once.
 *
 * Throws `database-unavailable` after `timeoutMs`.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options: { timeoutMs: number; onWait?: (ownerPid: number) => void },
): Promise<T> {
  const token = randomUUID();
  const deadline = performance.now() + options.timeoutMs;
  let told = false;
  while (!(await tryCreate(file, token))) {
    const owner = await readOwner(file);
    if (owner === 'gone') continue;
    if (owner === 'dead') {
      await breakLock(file);
      continue;
    }
    if (!told) options.onWait?.(owner.pid);
    told = true;
    if (performance.now() > deadline) {
      throw new GuanlanError(
        'database-unavailable',
        `等待另一个进程（PID ${owner.pid}）启动或停止数据库超过 ${Math.round(options.timeoutMs / 1000)} 秒。请查看该进程是否卡住；确认没有其他观澜进程后，可删除 ${file} 再试。`,
      );
    }
    await delay(20 + Math.random() * 30);
  }
  try {
    return await work();
  } finally {
    if ((await readFile(file, 'utf8').catch(() => '')).includes(token)) await rm(file, { force: true });
  }
}

interface Owner {
  pid: number;
  started: string | undefined;
}

async function tryCreate(file: string, token: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify({ pid: process.pid, started: startedAt(process.pid), token }));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readOwner(file: string): Promise<Owner | 'gone' | 'dead'> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    throw error;
  }
  try {
    const owner = JSON.parse(text) as Owner;
    const same = isAlive(owner.pid) && (owner.started === undefined || startedAt(owner.pid) === owner.started);
    return same ? owner : 'dead';
  } catch {
    // Created but not yet written, or its writer was killed between the two: give it a moment.
    return (await age(file)) > 2_000 ? 'dead' : { pid: 0, started: undefined };
  }
}

/**
 * Removes a dead owner's lock. Two waiters may both have seen it dead, and the slower must not remove the lock
 * that the faster has just taken: so only the holder of a second, momentary lock may look again and remove.
 */
async function breakLock(file: string): Promise<void> {
  const breaker = `${file}.break`;
  if (!(await tryCreate(breaker, 'break'))) {
    if ((await age(breaker)) > 2_000) await rm(breaker, { force: true });
    await delay(10);
    return;
  }
  try {
    if ((await readOwner(file)) === 'dead') await rm(file, { force: true });
  } finally {
    await rm(breaker, { force: true });
  }
}

/** Milliseconds since the file was written; both times are the file system's own world, not the product's clock. */
async function age(file: string): Promise<number> {
  const facts = await stat(file).catch(() => undefined);
  return facts ? Date.now() - facts.mtimeMs : 0;
}
