import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';
import type { TestServer } from './postgres-server.ts';

/** Where `redis-server` is, or undefined on a machine without it. */
export function findRedis(): string | undefined {
  try {
    return execFileSync('which', ['redis-server'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** A Redis that a test may stop, kill and start again; it keeps its keys over a restart (append-only file). */
export async function createRedisServer(binary: string): Promise<TestServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const data = mkdtempSync(path.join(os.tmpdir(), 'guanlan-queue-redis-'));
  let server: ChildProcess | undefined;
  const stop: TestServer['stop'] = async (how = 'fast') => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    await gone;
  };
  return {
    url,
    async start() {
      const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--dir', data];
      server = spawn(binary, flags, { stdio: 'ignore' });
      await untilAnswering(url);
    },
    stop,
    async remove() {
      await stop('kill');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function untilAnswering(url: string): Promise<void> {
  for (;;) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.ping();
      return;
    } catch {
      await sleep(30);
    } finally {
      client.disconnect();
    }
  }
}
