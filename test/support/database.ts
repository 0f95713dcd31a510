import { randomBytes } from 'node:crypto';
import { connect, type Db } from '@guanlan/database';
import { inject } from 'vitest';
import { administer, databaseUrl } from './administer.ts';

export interface TestDatabase {
  db: Db;
  connectionString: string;
  drop(): Promise<void>;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Administrator's address of the run's PostgreSQL. */
    postgres: string;
    /** Name of a migrated database to copy from. */
    template: string;
  }
}

/** A database of its own, migrated, on the run's real PostgreSQL. Copying the template takes some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} template ${inject('template')}`);
  const connectionString = databaseUrl(server, name);
  const db = connect({ connectionString, max: 6 });
  return {
    db,
    connectionString,
    drop: async () => {
      await db.destroy();
      await administer(server, `drop database if exists ${name} with (force)`);
    },
  };
}
