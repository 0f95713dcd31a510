import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { rootDir } from '@guanlan/runtime';

export interface Product {
  /** The console's address, once it is ready. */
  address: string;
  /** The one-time link's token; null on an installation that has an account. */
  setupToken: string | null;
  /** Everything written to stderr so far. */
  log(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to the product itself and to whatever started it. */
  kill(): Promise<void>;
}

/** Starts the product as `npm start` does and waits until it says that it is ready. */
export async function startProduct(args: readonly string[], env: Record<string, string> = {}): Promise<Product> {
  const child = spawn(process.execPath, [path.join(rootDir, 'services', 'cli', 'bin', 'start.mjs'), ...args], {
    env: { ...process.env, GUANLAN_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  const address = await said(child, () => log, /观澜已就绪：(http:\/\/\S+)\n[\s\S]*按 Ctrl\+C 停止/u);
  const setupToken = /\/setup\?token=([\w-]+)/u.exec(log)?.[1] ?? null;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    address,
    setupToken,
    log: () => log,
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
    kill: async () => {
      // The entry starts the product as a child; that is the one whose death matters.
      const pids = await childrenOf(child.pid);
      if (pids.length === 0) return end('SIGKILL');
      const gone = once(child, 'exit');
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      // It ends when the product has; killed before, it would leave nobody to tell us.
      if (child.exitCode === null && child.signalCode === null) await gone;
    },
  };
}

/** The command line in a process of its own. */
export async function guanlan(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [path.join(rootDir, 'services', 'cli', 'bin', 'guanlan.mjs'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}

function said(child: ChildProcess, log: () => string, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = pattern.exec(log());
      if (found) resolve(found[1] ?? '');
    };
    child.stderr?.on('data', look);
    child.once('exit', (code) => reject(new Error(`ended (exit ${code}) before it was ready:\n${log().slice(-2_000)}`)));
  });
}
