import type { BackendFactory, IQueueBackend } from 'bullmq';
import type { Outage } from './outage.ts';
import { openPostgres } from './postgres.ts';
import { openRedis } from './redis.ts';

export interface PostgresBackendOptions {
  kind: 'postgres';
  connectionString: string;
  /** The schema BullMQ keeps to itself (`queue`). */
  schema?: string;
  /** Connections for queries in this process (4); one more listens when there are subscribers. */
  maxConnections?: number;
}

export interface RedisBackendOptions {
  kind: 'redis';
  url: string;
  /** Namespace of every key (`guanlan`). */
  prefix?: string;
}

export type BackendOptions = PostgresBackendOptions | RedisBackendOptions;

/** What the bus needs of a server; the connections are shared by every queue and worker of the process. */
export interface Backend {
  readonly kind: BackendOptions['kind'];
  /** Resolves when the server answers and holds our schema; rejects after `timeoutMs`. */
  open(timeoutMs: number): Promise<void>;
  readonly producers: BackendFactory<IQueueBackend, object>;
  readonly consumers: BackendFactory<IQueueBackend, object>;
  /** How long an idle worker waits for a call before it looks for itself, in seconds. */
  readonly idleWait: number;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function openBackend(options: BackendOptions, outage: Outage): Backend {
  return options.kind === 'postgres' ? openPostgres(options, outage) : openRedis(options, outage);
}
