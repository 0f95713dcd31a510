import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('embedded PostgreSQL', () => {
  test('a fresh folder gets a UTF-8 cluster with durable commits, on loopback only, its password kept 0600', async () => {
    const dataDir = folder();
    const steps: string[] = [];
    const opened = await open(dataDir, { onProgress: (step) => steps.push(step) });
    expect(opened.adopted).toBe(false);
    expect(steps.join()).toContain('初始化');
    const names = [
      'fsync',
      'synchronous_commit',
      'server_encoding',
      'listen_addresses',
      'unix_socket_directories',
      'shared_buffers',
      'jit',
    ];
    const found = await query(opened, `select name, setting from pg_settings where name = any('{${names.join(',')}}')`);
    const values = Object.fromEntries(found.map((row) => [row.name, row.setting]));
    expect(values).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_buffers: '32768',
      jit: 'off',
    });
    expect(await query(opened, `select datlocprovider, datlocale from pg_database where datname = current_database()`)).toEqual([
      { datlocprovider: 'b', datlocale: 'C.UTF-8' },
    ]);
    expect(statSync(path.join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    const url = new URL(opened.connectionString);
    url.password = 'wrong';
    await expect(queryUrl(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  test('a path with spaces, quotes and Chinese characters; rows survive close and second open', async () => {
    const dataDir = path.join(folder(), `观澜 数据 "夹" $HOME 'x'`);
    const first = await open(dataDir);
    await query(first, `create table note (text text); insert into note values ('观水有术，必观其澜')`);
    await first.close();
    await expect(query(first, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const second = await open(dataDir);
    expect(second.adopted).toBe(false);
    expect(second.connectionString).toBe(first.connectionString);
    expect(await query(second, 'select text from note')).toEqual([{ text: '观水有术，必观其澜' }]);
  });

  test('a server left behind by a killed process is adopted, and stopped by whoever closes last', async () => {
    const dataDir = folder();
    const child = await holder(dataDir);
    await query(child, 'create table note (id int)');
    await kill(child.process);
    const opened = await open(dataDir);
    expect(opened.adopted).toBe(true);
    expect(opened.connectionString).toBe(child.connectionString);
    const pid = postmasterPid(dataDir);
    const second = await open(dataDir);
    expect(second.adopted).toBe(true);
    await opened.close();
    expect(await query(second, 'select count(*)::int as n from note')).toEqual([{ n: 0 }]);
    expect(postmasterPid(dataDir)).toBe(pid);
    await second.close();
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });

  test('processes racing to open an empty folder share one server; the last to close stops it', async () => {
    const dataDir = folder();
    const children = await Promise.all([holder(dataDir), holder(dataDir), holder(dataDir), holder(dataDir)]);
    expect(new Set(children.map((child) => child.connectionString)).size).toBe(1);
    expect(children.filter((child) => !child.adopted)).toHaveLength(1);
    await Promise.all(children.map((child) => child.close()));
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });

  test('opens and closes crossing each other always leave a server to whoever has it open', async () => {
    const dataDir = folder();
    const rounds = Array.from({ length: 6 }, async () => {
      for (let round = 0; round < 4; round++) {
        const opened = await openEmbeddedPostgres({ dataDir });
        try {
          expect(await query(opened, 'select 1 as one')).toEqual([{ one: 1 }]);
        } finally {
          await opened.close();
        }
      }
    });
    await Promise.all(rounds);
    expect(existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
    expect(existsSync(path.join(dataDir, 'postgres.lock'))).toBe(false);
  });

  test('after kill -9 of PostgreSQL the next open starts it again with every committed row', async () => {
    const dataDir = folder();
    const child = await holder(dataDir);
    await query(child, 'create table note (id int); insert into note select generate_series(1, 1000)');
    process.kill(postmasterPid(dataDir), 'SIGKILL');
    await kill(child.process);
    const opened = await open(dataDir);
    expect(opened.adopted).toBe(false);
    expect(await query(opened, 'select count(*)::int as n from note')).toEqual([{ n: 1000 }]);
  });

  test('a stale postmaster.pid whose process id now belongs to another program does not stop a start', async ({ skip }) => {
    if (!isLinux) skip('needs /proc (Linux)');
    const dataDir = folder();
    const first = await open(dataDir);
    const pidFile = path.join(dataDir, 'postgres/postmaster.pid');
    const lines = readFileSync(pidFile, 'utf8').split('\n');
    await first.close();
    writeFileSync(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
    expect((await open(dataDir)).adopted).toBe(false);
  });

  test('supervised, a killed server comes back on the same port, again and again', { timeout: 180_000 }, async () => {
    const dataDir = folder();
    const opened = await open(dataDir, { supervise: true });
    await query(opened, 'create table note (id int)');
    for (let round = 1; round <= 3; round++) {
      const pid = postmasterPid(dataDir);
      await query(opened, `insert into note values (${round})`);
      process.kill(pid, 'SIGKILL');
      expect(await eventually(() => query(opened, 'select count(*)::int as n from note'))).toEqual([{ n: round }]);
      expect(postmasterPid(dataDir)).not.toBe(pid);
    }
    // The mark on the server was renewed too: another process's close does not stop it.
    await eventually(async () => {
      const marks = await queryUrl(
        opened.connectionString.replace('/guanlan?', '/postgres?'),
        `select 1 from pg_locks where locktype = 'advisory'`,
      );
      if (marks.length !== 1) throw new Error('not held yet');
    });
    const child = await holder(dataDir);
    await child.close();
    expect(await query(opened, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a taken port is left to its owner; the cluster moves to another', async () => {
    const dataDir = folder();
    const first = await open(dataDir);
    await first.close();
    const port = Number(new URL(first.connectionString).port);
    const squatter = createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));
    cleanups.push(() => new Promise<void>((resolve) => squatter.close(() => resolve())));
    const second = await open(dataDir);
    expect(Number(new URL(second.connectionString).port)).not.toBe(port);
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('killed while initialising: the next open clears it away and starts whole', async () => {
    const dataDir = folder();
    const child = spawnHolder(dataDir);
    await eventually(() => {
      if (!readdirSync(dataDir).some((name) => name.startsWith('postgres.init-'))) throw new Error('not yet');
      return Promise.resolve();
    });
    await kill(child);
    expect(existsSync(path.join(dataDir, 'postgres/PG_VERSION'))).toBe(false);
    const opened = await open(dataDir);
    expect(await query(opened, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.includes('init-'))).toEqual([]);
  });

  test('a lost or damaged postgres.json costs a new password, not the data', async () => {
    const dataDir = folder();
    const first = await open(dataDir);
    await query(first, 'create table note (id int)');
    await first.close();
    writeFileSync(path.join(dataDir, 'postgres.json'), '{"clus');
    const second = await open(dataDir);
    expect(second.connectionString).not.toBe(first.connectionString);
    expect(await query(second, 'select count(*)::int as n from note')).toEqual([{ n: 0 }]);
  });

  test('a cluster that has gone missing is not silently replaced by an empty one', async () => {
    const dataDir = folder();
    await (await open(dataDir)).close();
    rmSync(path.join(dataDir, 'postgres'), { recursive: true });
    expect((await failure(openEmbeddedPostgres({ dataDir }))).message).toContain('postgres 不存在');
    rmSync(path.join(dataDir, 'postgres.json'));
    expect(await query(await open(dataDir), 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('data of another PostgreSQL version is refused with what to do, and left alone', async () => {
    const dataDir = folder();
    await (await open(dataDir)).close();
    writeFileSync(path.join(dataDir, 'postgres/PG_VERSION'), '17\n');
    const fault = await failure(openEmbeddedPostgres({ dataDir }));
    expect(fault.code).toBe('database-unavailable');
    expect(fault.message).toMatch(/PostgreSQL 17.*backup.*restore/);
    expect(readFileSync(path.join(dataDir, 'postgres/PG_VERSION'), 'utf8')).toBe('17\n');
  });

  test('a data folder that cannot be one gives one clear message', async () => {
    const file = path.join(folder(), 'file');
    writeFileSync(file, '');
    const fault = await failure(openEmbeddedPostgres({ dataDir: path.join(file, 'data') }));
    expect(fault.code).toBe('database-unavailable');
    expect(fault.message).toContain('打开数据文件夹失败');
    expect(fault.message).toContain(file);
  });

  test('a full disk gives one clear message', async ({ skip }) => {
    if (!isRoot || !isLinux) skip('needs root to mount a small disk');
    const dataDir = folder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', dataDir], { stdio: 'ignore' });
    } catch {
      skip('this machine does not allow mounting');
    }
    cleanups.push(() => void execFileSync('umount', [dataDir]));
    const fault = await failure(openEmbeddedPostgres({ dataDir }));
    expect(fault.message).toMatch(/只剩 \d+ MB.*--data/);
  });

  test('an ordinary user opens it too, everything staying in the data folder', async ({ skip }) => {
    if (!isRoot || !isLinux) skip('needs root to become another user');
    const dataDir = folder();
    chownSync(dataDir, nobody.uid, nobody.gid);
    const child = await holder(dataDir, nobody);
    expect(statSync(path.join(dataDir, 'postgres')).uid).toBe(nobody.uid);
    // Root joins (a command run with sudo) and leaves the folder the user's.
    const joined = await open(dataDir);
    expect(joined.adopted).toBe(true);
    await child.close();
    await joined.close();
    await (await open(dataDir)).close();
    expect(statSync(path.join(dataDir, 'postgres.json')).uid).toBe(nobody.uid);
    const again = await holder(dataDir, nobody);
    expect(await query(again, 'select 1 as one')).toEqual([{ one: 1 }]);
    await again.close();
  });

  test('another user’s folder is refused with one clear message', async ({ skip }) => {
    if (!isRoot || !isLinux) skip('needs root to become another user');
    const dataDir = folder();
    await (await open(dataDir)).close();
    const child = spawnHolder(dataDir, nobody);
    const [line] = await Promise.all([firstLine(child), exited(child)]);
    expect(line).toMatch(/^ERROR 打开数据文件夹失败：没有读写权限/);
  });

  test('as root in a folder closed to the database user, the cluster moves out and the parents stay closed', async ({ skip }) => {
    if (!isRoot || !isLinux) skip('needs root');
    const parent = folder();
    chmodSync(parent, 0o700);
    const dataDir = path.join(parent, '数据');
    const steps: string[] = [];
    const opened = await open(dataDir, { onProgress: (step) => steps.push(step) });
    const { cluster } = JSON.parse(readFileSync(path.join(dataDir, 'postgres.json'), 'utf8')) as { cluster: string };
    cleanups.push(() => rmSync(path.dirname(cluster), { recursive: true, force: true }));
    expect(cluster).toMatch(/^\/var\/lib\/guanlan\/[0-9a-f]{16}\/postgres$/);
    expect(steps.join()).toContain(path.dirname(cluster));
    await query(opened, 'create table note (id int)');
    await opened.close();
    expect(statSync(parent).mode & 0o777).toBe(0o700);
    const second = await open(dataDir);
    expect(await query(second, 'select count(*)::int as n from note')).toEqual([{ n: 0 }]);
    await second.close();
    // The data folder deleted: a fresh start, with the old data set aside rather than reused or destroyed.
    rmSync(dataDir, { recursive: true });
    const told: string[] = [];
    const third = await open(dataDir, { onProgress: (step) => told.push(step) });
    expect(await query(third, `select to_regclass('note') as found`)).toEqual([{ found: null }]);
    const aside = /保留在 (\S+?)，/.exec(told.join('\n'))?.[1] ?? '';
    expect(existsSync(path.join(aside, 'postgres/PG_VERSION'))).toBe(true);
    rmSync(aside, { recursive: true });
  });
});

const nobody = { uid: 65534, gid: 65534 };

interface Holder extends EmbeddedPostgres {
  process: ChildProcess;
}

/** A separate process that has the server open until told to close it. */
async function holder(dataDir: string, account: { uid?: number; gid?: number } = {}): Promise<Holder> {
  const child = spawnHolder(dataDir, account);
  const line = await firstLine(child);
  if (line.startsWith('ERROR')) throw new Error(line);
  const { connectionString, adopted } = JSON.parse(line) as EmbeddedPostgres;
  const close = async () => {
    child.stdin?.end();
    expect(await exited(child)).toBe(0);
  };
  return { process: child, connectionString, adopted, close };
}

function spawnHolder(dataDir: string, account: { uid?: number; gid?: number } = {}): ChildProcess {
  const program = `
    import { openEmbeddedPostgres } from '@guanlan/database';
    try {
      const opened = await openEmbeddedPostgres({ dataDir: process.argv[1] });
      process.stdout.write(JSON.stringify({ connectionString: opened.connectionString, adopted: opened.adopted }) + '\\n');
      process.stdin.on('end', () => opened.close()).resume();
    } catch (error) {
      process.stdout.write('ERROR ' + error.message + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    cwd: path.resolve(import.meta.dirname, '..'),
    stdio: ['pipe', 'pipe', 'inherit'],
    ...account,
  });
  cleanups.push(() => kill(child));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the child said nothing');
}

function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await exited(child);
}

async function open(
  dataDir: string,
  options: { onProgress?: (step: string) => void; supervise?: boolean } = {},
): Promise<EmbeddedPostgres> {
  const opened = await openEmbeddedPostgres({ dataDir, ...options });
  cleanups.push(() => opened.close());
  return opened;
}

/** A new folder that any user may enter; at the end whatever still runs in it is stopped and it is removed. */
function folder(): string {
  const made = realpathSync(mkdtempSync(path.join(tmpdir(), 'guanlan-embedded-')));
  chmodSync(made, 0o755);
  cleanups.push(() => {
    try {
      if (existsSync(path.join(made, 'postgres/postmaster.pid'))) process.kill(postmasterPid(made), 'SIGKILL');
    } catch {
      // The file outlived its server.
    }
    rmSync(made, { recursive: true, force: true, maxRetries: 10 });
  });
  return made;
}

function postmasterPid(dataDir: string): number {
  return Number.parseInt(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8'), 10);
}

function query(opened: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> {
  return queryUrl(opened.connectionString, text);
}

async function queryUrl(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Tries again for half a minute and more: a server that was killed may take several starts on a busy machine. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 1_200; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

async function failure(opening: Promise<unknown>): Promise<GuanlanError> {
  const fault = await opening.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof GuanlanError)) throw new Error(`expected a GuanlanError, got ${String(fault)}`);
  return fault;
}
