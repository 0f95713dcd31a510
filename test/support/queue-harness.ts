import { type BackendOptions, type Bus, createBus, type Delivery, type QueueDepth } from '@guanlan/queue';
import { createLogger, type Logger } from '@guanlan/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { createPostgresServer, type TestServer } from './postgres-server.ts';
import { type QueuePayload, queueContracts } from './queue-fixture.ts';
import { createRedisServer, findRedis } from './redis-server.ts';

export type TestBus = Bus<typeof queueContracts>;

export interface QueueHarness {
  readonly server: TestServer;
  /** Where the last bus was opened. */
  readonly backend: BackendOptions;
  readonly logger: Logger;
  /** A bus in a namespace of its own. */
  freshBus(): TestBus;
  /** Another bus, as of another process, in the same namespace. */
  busHere(): TestBus;
}

/** Declares the same tests for each backend, on one real server each. */
export function onEachBackend(title: string, tests: (harness: QueueHarness) => void): void {
  describe(`${title} on PostgreSQL`, () => {
    tests(harness(createPostgresServer, (url, space) => ({ kind: 'postgres', connectionString: url, schema: space })));
  });
  const redis = findRedis();
  describe.skipIf(!redis)(`${title} on Redis (needs redis-server)`, () => {
    tests(
      harness(
        () => createRedisServer(redis ?? ''),
        (url, space) => ({ kind: 'redis', url, prefix: space }),
      ),
    );
  });
}

function harness(createServer: () => Promise<TestServer>, backendAt: (url: string, space: string) => BackendOptions): QueueHarness {
  const logger = createLogger({ level: 'silent' });
  const open: TestBus[] = [];
  let running: TestServer | undefined;
  let spaces = 0;

  beforeAll(async () => {
    running = await createServer();
    await running.start();
  });
  afterAll(() => running?.remove());
  afterEach(async () => {
    for (const bus of open.splice(0)) await bus.close(0);
  });

  const server = () => {
    if (!running) throw new Error('the test server is not running');
    return running;
  };
  return {
    logger,
    get server() {
      return server();
    },
    get backend() {
      return backendAt(server().url, `space_${spaces}`);
    },
    freshBus() {
      spaces++;
      return this.busHere();
    },
    busHere() {
      const bus = createBus({ backend: this.backend, logger, pipeline: queueContracts, ringTimeoutMs: 500, graceMs: 5_000 });
      open.push(bus);
      return bus;
    },
  };
}

export async function depthOfSingle(bus: TestBus): Promise<QueueDepth | undefined> {
  return (await bus.depth()).find(({ topic }) => topic === 'single');
}

export async function untilIdle(bus: TestBus): Promise<void> {
  await vi.waitFor(async () => {
    for (const queue of await bus.depth()) expect(queue).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
  }, 5_000);
}

/** Collects deliveries; `act` runs inside the handler. */
export function inbox(act: (delivery: Delivery<QueuePayload>) => unknown = () => {}) {
  const seen: Delivery<QueuePayload>[] = [];
  return {
    seen,
    numbers: () => seen.map(({ payload }) => payload.notificationId),
    handler: async (delivery: Delivery<QueuePayload>) => {
      seen.push(delivery);
      await act(delivery);
    },
    has: (count: number, timeout = 5_000) => vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(count), { timeout }),
  };
}
