import type { QueueBaseOptions } from 'bullmq';
import { type PgPool, PostgresConnection, PostgresQueueBackend, runMigrations } from 'bullmq';
import type { Backend, PostgresBackendOptions } from './backend.ts';
import { untilReached } from './deadline.ts';
import { isLost, type Outage } from './outage.ts';

/**
 * BullMQ on PostgreSQL. Its own factory opens a pool and a listening connection for every queue and every worker;
 * here one {@link PostgresConnection} (a small pool and one listener) serves the whole process.
 */
export function openPostgres(options: PostgresBackendOptions, outage: Outage): Backend {
  const connection = new PostgresConnection({
    connectionString: options.connectionString,
    schema: options.schema ?? 'queue',
    max: options.maxConnections ?? 4,
    application_name: 'guanlan-queue',
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // The queue is the doorbell: a server crash may lose the last rings (under 1 s), and the sweep rings them again.
    options: '-c synchronous_commit=off',
  });
  connection.setMaxListeners(0);
  connection.on('error', (error: unknown) => outage.down(error));
  watch(connection.pool, outage);
  oneQueryAtATime(connection);

  const backendOf = (name: string, queueOptions: QueueBaseOptions<object>, owner: boolean) =>
    new PostgresQueueBackend(connection, name, { ...queueOptions, connection: connection.pool }, owner);
  return {
    kind: 'postgres',
    idleWait: 15,
    async open(timeoutMs) {
      // BullMQ remembers a failed bootstrap for ever: let it begin only once the server answers.
      await untilReached(() => connection.pool.query('select 1'), timeoutMs);
      await migrate(connection);
      await connection.waitUntilReady();
    },
    producers: (name, queueOptions) => backendOf(name, queueOptions, false),
    consumers(name, queueOptions) {
      // Only an owner takes up listening again on a new connection; the shared one outlives each of them.
      const backend = backendOf(name, queueOptions, true);
      backend.close = async () => {};
      return backend;
    },
    async ping() {
      await connection.pool.query('select 1');
    },
    close: () => connection.close(),
  };
}

/** As the connection's own `migrate: true`, but flushed: a crash right after the start must not take the schema with it. */
async function migrate({ pool, schema }: PostgresConnection): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set synchronous_commit = on');
    await runMigrations(client, schema);
  } finally {
    client.release(true);
  }
}

/**
 * BullMQ pauses before it tries again only where it recognises a lost connection, which is `ECONNREFUSED`; at
 * anything else (a server starting up, a terminated backend) its workers would spin. All of them get that code.
 */
function watch(pool: PgPool, outage: Outage): void {
  const query: PgPool['query'] = pool.query.bind(pool);
  pool.query = async (text, params) => {
    try {
      const result = await query(text, params);
      outage.up();
      // The row type is the caller's claim, as in `query` itself.
      return result as never;
    } catch (error) {
      if (!isLost(error)) throw error;
      outage.down(error);
      throw Object.assign(new Error('queue database lost', { cause: error }), { code: 'ECONNREFUSED' });
    }
  };
}

/** Workers share the listening connection and would query it at the same time, which pg deprecates. */
function oneQueryAtATime(connection: PostgresConnection): void {
  const listenClient = connection.getListenClient.bind(connection);
  const known = new WeakSet<object>();
  connection.getListenClient = async () => {
    const client = await listenClient();
    if (known.has(client)) return client;
    known.add(client);
    const query = client.query.bind(client);
    let last: Promise<unknown> = Promise.resolve();
    client.query = (text, params) => {
      const next = last.then(() => query(text, params));
      last = next.catch(() => {});
      return next as never;
    };
    return client;
  };
}
