import { connect, migrate, openEmbeddedPostgres } from '@guanlan/database';
import type { TestProject } from 'vitest/node';
import { administer, databaseUrl } from './administer.ts';
import { temporaryFolder } from './temporary-folder.ts';

const template = process.env.TEST_TEMPLATE ?? 'guanlan_template';

/** One real PostgreSQL for the whole run: the product's own embedded one, or `TEST_DATABASE_URL` (a role that may create databases). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const folder = given === undefined ? await temporaryFolder() : null;
  const embedded = folder === null ? null : await openEmbeddedPostgres({ dataDir: folder.dir });
  const server = embedded?.connectionString ?? (given as string);

  await administer(server, `drop database if exists ${template} with (force)`);
  await administer(server, `create database ${template}`);
  const db = connect({ connectionString: databaseUrl(server, template), max: 1 });
  await migrate(db);
  await db.destroy();

  project.provide('postgres', server);
  project.provide('template', template);
  return async () => {
    await embedded?.close();
    await folder?.remove();
  };
}
