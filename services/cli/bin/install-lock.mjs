// One install at a time in one checkout. (The database's lock does the same in TypeScript, which does not run before the
// install has brought a Node that can run it.)
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from './install-fault.mjs';
import { tell } from './progress.mjs';

const timeoutMs = 30 * 60_000;

/** Runs `work` while this process alone holds `file`. The lock of a dead process is taken over at once. */
export async function withInstallLock(file, work) {
  const token = randomUUID();
  const deadline = performance.now() + timeoutMs;
  let told = false;
  while (!tryCreate(file, token)) {
    const owner = readOwner(file);
    if (owner === undefined) {
      breakLock(file);
      await delay(20);
      continue;
    }
    if (!told) tell(`另一个进程（PID ${owner.pid}）正在安装，等待它完成`);
    told = true;
    if (performance.now() > deadline) throw new Fault(`等待另一个安装进程（PID ${owner.pid}）超过 30 分钟。请结束它后重试。`);
    await delay(200);
  }
  try {
    return await work();
  } finally {
    if (read(file).includes(token)) rmSync(file, { force: true });
  }
}

function tryCreate(file, token) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, started: startedAt(process.pid), token }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'ENOSPC'
      ? new Fault(`无法写入 ${file}（${error.code}）：请检查项目文件夹的属主、权限和磁盘空间。`)
      : error;
  }
}

/** The living owner, or undefined when it is dead. */
function readOwner(file) {
  try {
    const owner = JSON.parse(read(file));
    return isAlive(owner.pid) && (owner.started === undefined || startedAt(owner.pid) === owner.started) ? owner : undefined;
  } catch {
    // Created but not yet written, unless that was long ago.
    return ageOf(file) > 2_000 ? undefined : { pid: 0 };
  }
}

/** Only the holder of a second, momentary lock may remove a dead lock: else the slower of two would remove the faster's new one. */
function breakLock(file) {
  const breaker = `${file}.break`;
  if (!tryCreate(breaker, 'break')) {
    if (ageOf(breaker) > 2_000) rmSync(breaker, { force: true });
    return;
  }
  try {
    if (readOwner(file) === undefined) rmSync(file, { force: true });
  } finally {
    rmSync(breaker, { force: true });
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * When a living process began, in whatever words the system has for it: tells it from a later one with the same id.
 * Undefined when it is dead (a zombie that nobody reaps included) or the system does not say (Windows).
 */
export function startedAt(pid) {
  if (process.platform === 'linux') {
    // Fields 3 (state) and 22 (ticks since boot) of proc_pid_stat(5).
    const text = read(`/proc/${pid}/stat`);
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  }
  if (process.platform === 'win32') return undefined;
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}
