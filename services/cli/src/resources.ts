import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { connect, type Db, migrate, openEmbeddedPostgres, reserveHostStart } from '@guanlan/database';
import { GuanlanError } from '@guanlan/domain';
import { type BackendOptions, type Bus, createBus } from '@guanlan/queue';
import {
  type Clock,
  type Config,
  createHttpClient,
  createLogger,
  createSharedPace,
  type HttpClient,
  type Logger,
  loadConfig,
  rootDir,
  systemClock,
} from '@guanlan/runtime';

/** What commands and services are made of. */
export interface Resources {
  config: Config;
  clock: Clock;
  logger: Logger;
  db: Db;
  /** Where the database is, the embedded one's password included. */
  databaseUrl: string;
  bus: Bus;
  http: HttpClient;
  /** Whether this process (or one beside it) runs the database from the data folder. */
  embedded: boolean;
  close(): Promise<void>;
}

export interface ResourceOptions {
  /** Overrides of the environment, from the command line. */
  overrides?: Parameters<typeof loadConfig>[1];
  /** Brings an embedded server back when it dies; for processes that stay. */
  supervise?: boolean;
  logLevel?: string;
  /** Hosts that are this process's own and need no wait between two requests. */
  freeHosts?: readonly string[];
  onProgress?: (step: string) => void;
}

/** Opens the database (embedded, unless `DATABASE_URL` is set), brings its schema up to date and connects the queue. */
export async function openResources(options: ResourceOptions = {}): Promise<Resources> {
  const config = loadConfig(process.env, options.overrides);
  const logger = createLogger({ level: options.logLevel ?? config.logLevel });
  const progress = options.onProgress ?? (() => {});
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer().catch((error) => logger.warn({ err: error }, 'did not close cleanly'));
    closers.length = 0;
  };
  try {
    let connectionString = config.databaseUrl;
    if (connectionString === undefined) {
      progress('启动内置 PostgreSQL');
      const dataDir = dataFolder(config);
      await makeFolder(dataDir);
      const embedded = await openEmbeddedPostgres({
        dataDir,
        logger,
        onProgress: progress,
        ...(options.supervise ? { supervise: true } : {}),
      });
      closers.push(() => embedded.close());
      connectionString = embedded.connectionString;
    }
    const db = connect({ connectionString, onError: (error) => logger.debug({ err: error }, 'idle database connection lost') });
    closers.push(() => db.destroy());
    progress('检查数据库结构');
    await migrate(db);
    progress('连接队列');
    const bus = createBus({ backend: queueBackend(config, connectionString), logger });
    await bus.start();
    closers.push(() => bus.close());
    const http = createHttpClient({
      userAgent: config.userAgent,
      // One budget per host, however many processes collect.
      pace: createSharedPace({
        clock: systemClock,
        reserve: (reservation) => reserveHostStart(db, reservation),
        onOutage: (error) => logger.warn({ err: error }, 'the shared budget per host cannot be asked; pacing within this process'),
      }),
      perHostIntervalMs: (host) => (options.freeHosts?.includes(host) ? 0 : config.hostIntervalMs),
    });
    closers.push(() => http.close());
    return {
      config,
      clock: systemClock,
      logger,
      db,
      databaseUrl: connectionString,
      bus,
      http,
      embedded: config.databaseUrl === undefined,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens resources for one command and closes them whatever happens. */
export async function withResources<T>(options: ResourceOptions, work: (resources: Resources) => Promise<T>): Promise<T> {
  const resources = await openResources({ logLevel: process.env.GUANLAN_LOG_LEVEL ?? 'warn', ...options });
  try {
    return await work(resources);
  } finally {
    await resources.close();
  }
}

/** The data folder: as configured, or `data` in the checkout. */
export function dataFolder(config: Config): string {
  return path.resolve(config.dataDir ?? path.join(rootDir, 'data'));
}

function queueBackend(config: Config, connectionString: string): BackendOptions {
  return config.redisUrl === undefined ? { kind: 'postgres', connectionString } : { kind: 'redis', url: config.redisUrl };
}

async function makeFolder(dir: string): Promise<void> {
  try {
    // Open to pass through: the server's own user (as root) must reach its cluster, which is closed itself.
    await mkdir(dir, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new GuanlanError(
      'config-invalid',
      `数据文件夹 ${dir} 不能创建（${(error as NodeJS.ErrnoException).code}）。请用 --data 指定一个可写的文件夹。`,
      { cause: error },
    );
  }
}
