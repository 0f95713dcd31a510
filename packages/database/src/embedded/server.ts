import { type ChildProcess, spawn } from 'node:child_process';
import { lstat, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GuanlanError } from '@guanlan/domain';
import type pg from 'pg';
import type { Cluster, Credentials } from './cluster.ts';
import { explainFault } from './faults.ts';
import { commandLine, isAlive, workingDirectory } from './process-identity.ts';
import { programEnvironment, runProgram } from './program.ts';
import { knock } from './session.ts';
import { settingArguments } from './settings.ts';

/** A server that answers, with one connection to its maintenance database. */
export interface Running {
  port: number;
  client: pg.Client;
}

/**
 * The server already running on this cluster (ours from before a kill -9, or another process's), waiting while it
 * starts, recovers or shuts down; undefined when there is none. Removes what a dead server left behind.
 */
export async function findRunning(cluster: Cluster, credentials: Credentials, onWait: () => void): Promise<Running | undefined> {
  const deadline = performance.now() + recoveryTimeoutMs;
  let rounds = 0;
  for (;;) {
    const postmaster = await readPidFile(cluster.directory);
    if (!postmaster) return undefined;
    const owner = whoseProcess(postmaster.pid, cluster.directory);
    if (owner === 'nobody' || owner === 'stranger') {
      // The process id was given to another program meanwhile; PostgreSQL itself would refuse to start over that.
      await rm(path.join(cluster.directory, 'postmaster.pid'), { force: true });
      return undefined;
    }
    const answer = postmaster.port > 0 ? await knock(postmaster.port, credentials) : ({ kind: 'nobody' } as const);
    if (answer.kind === 'ready') {
      if (owner === 'server' || (await samePlace(answer.directory, cluster.directory)))
        return { port: postmaster.port, client: answer.client };
      await answer.client.end();
    }
    if (answer.kind === 'stranger' && owner === 'server') {
      const text = answer.cause instanceof Error ? answer.cause.message : String(answer.cause);
      throw explainFault('连接内置数据库', text, cluster.directory, answer.cause);
    }
    if (rounds++ === 20) onWait();
    if (performance.now() > deadline) {
      throw new GuanlanError(
        'database-unavailable',
        `内置数据库进程（PID ${postmaster.pid}）在 ${recoveryTimeoutMs / 60_000} 分钟内没有就绪。请查看 ${path.join(cluster.directory, 'log')} 中的日志；若确认该进程不是 PostgreSQL，请删除 ${path.join(cluster.directory, 'postmaster.pid')} 后重试。`,
      );
    }
    await delay(50);
  }
}

/** Starts a server on a cluster that has none. The server is nobody's child: it survives this process. */
export async function startServer(cluster: Cluster, credentials: Credentials, port: number, onWait: () => void): Promise<Running> {
  const deadline = performance.now() + leftoverTimeoutMs;
  for (;;) {
    const { running, output } = await launch(cluster, credentials, port, onWait);
    if (running) return running;
    const fault = explainFault('启动内置数据库', output, cluster.directory);
    // Sessions of a postmaster killed with -9 notice within moments; one busy in a long statement does not.
    if (fault.details.kind !== 'leftover') throw fault;
    if (performance.now() > deadline && !(await killLeftovers(cluster.directory))) throw fault;
    await delay(200);
  }
}

/** Fast shutdown: sessions are cut, everything is written. Throws `database-unavailable` when it does not end in time. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const { directory, account, binaries } = cluster;
  const ended = await runProgram(binaries.pgCtl, ['stop', '-D', directory, '-m', 'fast', '-w', '-s', '-t', '120'], {
    account,
    cwd: directory,
  });
  if (ended.code === 0) return;
  const postmaster = await readPidFile(directory);
  if (postmaster && whoseProcess(postmaster.pid, directory) === 'server') throw explainFault('停止内置数据库', ended.output, directory);
}

/**
 * The wanted port when it is free on loopback, else another free one, below the range from which systems take the near
 * ends of outgoing connections: one of those could else sit on our port when the server has to come back.
 */
export async function freePort(wanted: number): Promise<number> {
  const candidates = [wanted, ...Array.from({ length: 20 }, () => 15_432 + Math.floor(Math.random() * 10_000))];
  for (const port of candidates.filter((candidate) => candidate > 0)) {
    if ((await tryPort(port)) !== undefined) return port;
  }
  return (await tryPort(0)) ?? 0;
}

/** Keeps the newest logs; with their rotation at 10 MB this bounds them to 80 MB. */
export async function pruneLogs(directory: string): Promise<void> {
  for (const file of (await logFiles(directory)).slice(0, -8)) await rm(file, { force: true }).catch(() => {});
}

const recoveryTimeoutMs = 300_000;
const leftoverTimeoutMs = 1_500;

async function launch(
  cluster: Cluster,
  credentials: Credentials,
  port: number,
  onWait: () => void,
): Promise<{ running: Running; output?: never } | { running?: never; output: string }> {
  const logsBefore = new Set(await logFiles(cluster.directory));
  const child = spawn(cluster.binaries.postgres, ['-D', cluster.directory, '-p', String(port), ...settingArguments()], {
    cwd: cluster.directory,
    env: programEnvironment(),
    // Its own session: a Ctrl-C in our terminal is for us. What it says before its log is open comes through the pipe.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
    ...cluster.account,
  });
  const ended = watchEnd(child);
  const deadline = performance.now() + recoveryTimeoutMs;
  for (let round = 0; ; round++) {
    if (ended.output !== undefined) {
      const fresh = (await logFiles(cluster.directory)).filter((file) => !logsBefore.has(file));
      const logged = await Promise.all(fresh.map((file) => readFile(file, 'utf8').catch(() => '')));
      return { output: [ended.output, ...logged].join('\n') };
    }
    const answer = await knock(port, credentials);
    if (answer.kind === 'ready' && (await samePlace(answer.directory, cluster.directory))) {
      child.stderr?.destroy();
      child.unref();
      return { running: { port, client: answer.client } };
    }
    if (answer.kind === 'ready') await answer.client.end();
    // A wrong password while our own child lives; a stranger's port would have ended the child.
    if (answer.kind === 'stranger' && round > 40) {
      child.kill('SIGINT');
      throw explainFault('连接内置数据库', String(answer.cause), cluster.directory, answer.cause);
    }
    if (round === 60) onWait();
    if (performance.now() > deadline) {
      child.kill('SIGINT');
      return { output: `server not ready after ${recoveryTimeoutMs} ms` };
    }
    await delay(round < 20 ? 15 : 50);
  }
}

function watchEnd(child: ChildProcess): { output?: string } {
  const ended: { output?: string } = {};
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-20_000);
  });
  child.once('error', (error) => {
    ended.output = `${said}\n${error.message}`;
  });
  child.once('close', () => {
    ended.output ??= said;
  });
  return ended;
}

async function readPidFile(directory: string): Promise<{ pid: number; port: number } | undefined> {
  // Line 1 the process id, line 4 the port: src/include/utils/pidfile.h.
  const text = await readFile(path.join(directory, 'postmaster.pid'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { pid: Number.parseInt(lines[0] ?? '', 10) || 0, port: Number.parseInt(lines[3] ?? '', 10) || 0 };
}

/** 'unknown': it lives, and this system does not tell what it is. */
function whoseProcess(pid: number, directory: string): 'server' | 'stranger' | 'nobody' | 'unknown' {
  if (!isAlive(pid)) return 'nobody';
  const folder = workingDirectory(pid);
  // A postmaster works in its data directory, and only its owner or root gets here.
  if (folder !== undefined) return folder === directory ? 'server' : 'stranger';
  const command = commandLine(pid);
  if (command === undefined) return 'unknown';
  return command.includes(directory) ? 'server' : 'stranger';
}

async function samePlace(a: string, b: string): Promise<boolean> {
  const real = (folder: string) => realpath(folder).catch(() => folder);
  return (await real(a)) === (await real(b));
}

/**
 * Ends sessions that outlived their postmaster (Linux). Safe: what they had committed is in the log, and nobody can
 * commit through them any more. Returns whether any was found.
 */
async function killLeftovers(directory: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const ids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && workingDirectory(pid) === directory);
  let found = false;
  for (const pid of ids) {
    const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (command.trim() !== 'postgres') continue;
    found = true;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
  return found;
}

async function logFiles(directory: string): Promise<string[]> {
  const folder = path.join(directory, 'log');
  const names = await readdir(folder).catch(() => [] as string[]);
  const files: string[] = [];
  // Names carry their date, so their order is their age. Links are not followed: the folder is another user's.
  for (const name of names.filter((entry) => /^postgresql-.*\.log$/.test(entry)).sort()) {
    const file = path.join(folder, name);
    if ((await lstat(file).catch(() => undefined))?.isFile()) files.push(file);
  }
  return files;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
