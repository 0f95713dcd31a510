import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import type { Logger } from '@guanlan/runtime';
import { type Cluster, type Credentials, clusterExists, initialiseCluster, resetPassword } from './cluster.ts';
import { explainFileFault } from './faults.ts';
import { holdServer } from './hold.ts';
import { withLock } from './lock.ts';
import { openDataFolder, placeCluster } from './place.ts';
import { newPassword, readRecord, writeRecord } from './record.ts';
import { findRunning, freePort, pruneLogs, type Running, startServer, stopServer } from './server.ts';
import { ensureDatabase, holdShared } from './session.ts';

export interface EmbeddedPostgresOptions {
  /** The data folder; made when missing. May hold spaces and any characters. */
  dataDir: string;
  logger?: Logger;
  /** Told each slow step in plain Chinese, for a person who waits. */
  onProgress?: (message: string) => void;
  /** Start the server again (same port, with back-off) when it dies while open. Otherwise its return is only awaited. */
  supervise?: boolean;
}

export interface EmbeddedPostgres {
  /** `postgres://…@127.0.0.1:<port>/guanlan`; holds the password. Stays valid over a supervised restart. */
  readonly connectionString: string;
  /** True when a server was already running: of another process, or left by one that was killed. */
  readonly adopted: boolean;
  /** Gives the server up; the last user stops it (fast shutdown). Close your own connections first. */
  close(): Promise<void>;
}

/**
 * Opens the product's own PostgreSQL in a data folder: finds it running, or starts it, or makes it first. Any number
 * of processes may have it open. It survives the kill of any of them, and is found again by the next.
 *
 * Throws `database-unavailable` with one message that says what to do: disk full, folder not writable, no programs for
 * this platform, data of another PostgreSQL version, no user to run as, not ready in time.
 */
export async function openEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const onProgress = options.onProgress ?? (() => {});
  const dataDir = await openDataFolder(options.dataDir);
  const lock = <T>(work: () => Promise<T>) => {
    const onWait = (pid: number) => onProgress(`另一个观澜进程（PID ${pid}）正在启动或停止数据库，等待它完成`);
    return withLock(path.join(dataDir, 'postgres.lock'), work, { timeoutMs: lockTimeoutMs, onWait });
  };
  try {
    const { cluster, credentials, running, adopted } = await lock(() => bringUp(dataDir, onProgress));
    const { port } = running;
    const onWait = () => options.logger?.info('embedded PostgreSQL is recovering');
    const { close } = holdServer({
      client: running.client,
      lock,
      logger: options.logger,
      stop: () => stopServer(cluster),
      regain: async () => {
        const found = await findRunning(cluster, credentials, onWait);
        if (found || options.supervise !== true) return found?.client;
        // The same port, as the connections of this process point at it.
        return (await startServer(cluster, credentials, port, onWait)).client;
      },
    });
    options.logger?.debug({ port, adopted }, 'embedded PostgreSQL open');
    const { user, password } = credentials;
    return { connectionString: `postgres://${user}:${password}@127.0.0.1:${port}/${databaseName}?sslmode=disable`, adopted, close };
  } catch (error) {
    throw explainFileFault('打开内置数据库', error, dataDir);
  }
}

interface Opened {
  cluster: Cluster;
  credentials: Credentials;
  running: Running;
  adopted: boolean;
}

const databaseName = 'guanlan';
const lockTimeoutMs = 360_000;

/** Under the lock: from whatever state the folder is in to a server that answers and that we hold. */
async function bringUp(dataDir: string, onProgress: (message: string) => void): Promise<Opened> {
  const known = await readRecord(dataDir);
  const { cluster, recorded } = await placeCluster(dataDir, known, onProgress);
  const credentials = known ? { user: known.user, password: known.password } : { user: 'guanlan', password: newPassword() };
  const record = (port: number) => writeRecord(dataDir, { cluster: recorded, port, ...credentials });
  if (!(await clusterExists(cluster))) {
    // It was there once. A disk not mounted must not turn into an empty database that then gathers facts of its own.
    if (known && known.port > 0) {
      throw new GuanlanError(
        'database-unavailable',
        `postgres.json 记载的数据库文件夹 ${cluster.directory} 不存在。请检查磁盘是否已挂载、文件夹是否被移走，或从备份恢复；确实要从空数据库重新开始，请删除 ${path.join(dataDir, 'postgres.json')} 后重试。`,
      );
    }
    onProgress('正在初始化数据库（只在第一次）');
    // Before the cluster appears: one whose password nobody knows would be of no use.
    await record(0);
    await initialiseCluster(cluster, credentials);
  } else if (!known) {
    onProgress('postgres.json 丢失或损坏，正在重设数据库密码（数据不受影响）');
    await stopServer(cluster);
    await resetPassword(cluster, credentials);
    await record(0);
  }
  const onWait = () => onProgress('数据库正在恢复上次未正常关闭的数据，请稍候');
  const found = await findRunning(cluster, credentials, onWait);
  const running = found ?? (await startOnFreePort(cluster, credentials, known?.port ?? 0, onWait));
  try {
    await holdShared(running.client);
    await ensureDatabase(running.client, databaseName);
    if (running.port !== known?.port) await record(running.port);
    await pruneLogs(cluster.directory);
  } catch (error) {
    await running.client.end().catch(() => {});
    if (!found) await stopServer(cluster).catch(() => {});
    throw error;
  }
  return { cluster, credentials, running, adopted: found !== undefined };
}

async function startOnFreePort(cluster: Cluster, credentials: Credentials, wanted: number, onWait: () => void): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? wanted : 0);
    try {
      return await startServer(cluster, credentials, port, onWait);
    } catch (error) {
      // Somebody took the port between our look and the server's bind.
      const taken = error instanceof GuanlanError && error.details.kind === 'port';
      if (!taken || attempt === 5) throw error;
    }
  }
}
