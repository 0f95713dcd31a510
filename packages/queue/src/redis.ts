import { createRedisBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { Backend, RedisBackendOptions } from './backend.ts';
import { untilReached } from './deadline.ts';
import type { Outage } from './outage.ts';

/**
 * BullMQ on Redis: one connection for rings, one shared by the workers, and one blocking connection per worker,
 * which BullMQ derives from the workers' own.
 */
export function openRedis(options: RedisBackendOptions, outage: Outage): Backend {
  const prefix = options.prefix ?? 'guanlan';
  const common = { keepAlive: 10_000, connectTimeout: 2_000, retryStrategy: (times: number) => Math.min(times * 100, 1_000) };
  // A ring says at once that the server is away; a worker's commands wait until it is back.
  const producer = new Redis(options.url, { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 2_000 });
  const worker = new Redis(options.url, { ...common, maxRetriesPerRequest: null });
  producer.setMaxListeners(0).on('error', outage.down).on('ready', outage.up);
  worker.setMaxListeners(0).on('error', outage.down).on('ready', outage.up);
  return {
    kind: 'redis',
    idleWait: 5,
    async open(timeoutMs) {
      await untilReached(() => producer.ping(), timeoutMs);
    },
    producers: (name, queueOptions, more) => createRedisBackend(name, { ...queueOptions, prefix, connection: producer } as never, more),
    consumers: (name, queueOptions, more) => createRedisBackend(name, { ...queueOptions, prefix, connection: worker } as never, more),
    async ping() {
      await producer.ping();
    },
    async close() {
      producer.disconnect();
      worker.disconnect();
    },
  };
}
