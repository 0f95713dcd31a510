import { GuanlanError } from '@guanlan/domain';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database } from './schema.ts';

export type Db = Kysely<Database>;

/** bigint ids stay below 2^53, and a calendar date stays the string it is. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === pg.types.builtins.INT8) return Number;
    if (oid === pg.types.builtins.DATE) return (value: string) => value;
    if (oid === int8Array) return (value: string) => (value === '{}' ? [] : value.slice(1, -1).split(',').map(Number));
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};
const int8Array = 1016;

export interface ConnectOptions {
  connectionString: string;
  /** Connections in the pool. Writes are batched, so a few serve. */
  max?: number;
  applicationName?: string;
  onError?: (error: Error) => void;
}

/** Opens a pool. A connection lost while idle is reported to `onError` and replaced; it never brings the process down. */
export function connect(options: ConnectOptions): Db {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max ?? 8,
    application_name: options.applicationName ?? 'guanlan',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types,
  });
  pool.on('error', (error) => options.onError?.(error));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/** Connection faults as `database-unavailable` (retryable); everything else as it came. */
export function databaseFault(error: unknown): unknown {
  const code = (error as { code?: unknown })?.code;
  if (typeof code !== 'string') return error;
  const lost = /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|08|57P0[123])/u.test(code);
  return lost ? new GuanlanError('database-unavailable', '数据库暂时连接不上，稍后自动重试。', { cause: error }) : error;
}
