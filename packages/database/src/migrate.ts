import { readdir } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './connect.ts';

const folder = new URL('./migrations/', import.meta.url);

/**
 * Brings the schema up to date. Safe to call from many processes at once: kysely holds an advisory lock meanwhile.
 * Returns the names of the migrations that ran.
 */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  const failed = results.find((r) => r.status === 'Error');
  if (error !== undefined && failed === undefined && isUnreachable(error))
    throw new GuanlanError(
      'database-unavailable',
      `连不上数据库（${(error as NodeJS.ErrnoException).code}）：请检查 DATABASE_URL 和数据库服务器是否在运行。`,
      { cause: error },
    );
  if (error !== undefined) {
    throw new GuanlanError(
      'internal',
      `数据库结构升级失败${failed ? `（${failed.migrationName}）` : ''}：${(error as Error).message ?? error}`,
      { cause: error },
    );
  }
  return results.map((r) => r.migrationName);
}

function isUnreachable(error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT', 'EAI_AGAIN'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

async function getMigrations(): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter((f) => f.endsWith('.ts')).sort();
  const entries = files.map(async (f) => [f.slice(0, -'.ts'.length), (await import(new URL(f, folder).href)) as Migration] as const);
  return Object.fromEntries(await Promise.all(entries));
}
