import { GuanlanError } from '@guanlan/domain';
import pg from 'pg';
import type { Credentials } from './cluster.ts';

/** What answers at the port: our server; ours but not ready (starting, recovering, shutting down); nobody; another. */
export type Answer =
  | { kind: 'ready'; directory: string; client: pg.Client }
  | { kind: 'busy' }
  | { kind: 'nobody' }
  | { kind: 'stranger'; cause: unknown };

/** Knocks at the port. With `ready` the caller owns the client and ends it. */
export async function knock(port: number, credentials: Credentials): Promise<Answer> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    ...credentials,
    database: 'postgres',
    application_name: 'guanlan-holder',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // Loopback; and no PGSSLMODE of the environment may say otherwise.
    ssl: false,
  });
  // Without a listener a lost connection would end the process; who cares listens to 'end'.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ directory: string }>(`select current_setting('data_directory') as directory`);
    return { kind: 'ready', directory: rows[0]?.directory ?? '', client };
  } catch (cause) {
    await client.end().catch(() => {});
    return sortFault(cause);
  }
}

/** Marks this process as a user of the server for as long as the connection lives. */
export async function holdShared(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock_shared($1)', [holdersKey]);
}

/** Gives up this process's mark; true when no other process has one, so that the server may be stopped. */
export async function releaseAsLast(client: pg.Client): Promise<boolean> {
  await client.query('select pg_advisory_unlock_shared($1)', [holdersKey]);
  const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [holdersKey]);
  return rows[0]?.last === true;
}

/** Makes the product's database in a new cluster; does nothing when it is there. */
export async function ensureDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
}

// Any fixed number does: the lock lives in the maintenance database `postgres`, where only we take one.
const holdersKey = '7238531240219504';

function sortFault(cause: unknown): Answer {
  const fault = cause as { code?: string; message?: string };
  if (fault.code === 'ECONNREFUSED') return { kind: 'nobody' };
  // 57P03 cannot_connect_now, 57P01 admin_shutdown, 53300 too_many_connections; a reset is a server that just died.
  if (['57P03', '57P01', '57P02', '53300', 'ECONNRESET', 'EPIPE'].includes(fault.code ?? '')) return { kind: 'busy' };
  if (/timeout|Connection terminated/i.test(fault.message ?? '')) return { kind: 'busy' };
  if (cause instanceof GuanlanError) throw cause;
  return { kind: 'stranger', cause };
}
