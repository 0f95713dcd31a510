/** The product's crawler: due sources from the database, queue, robots.txt, redaction, storing, rhythm and health records. */
import { createCrawler } from '@guanlan/crawler';
import { addSource, connect, makeSourcesDue, migrate } from '@guanlan/database';
import { createBus } from '@guanlan/queue';
import { systemClock as clock, createHttpClient, createLogger } from '@guanlan/runtime';
import { sql } from 'kysely';
import { answer, input } from '../ingest/variant.ts';

const { databaseUrl, urls, itemsPerFeed } = input();
const logger = createLogger({ level: 'warn' });
const db = connect({ connectionString: databaseUrl });
await migrate(db);
const bus = createBus({ backend: { kind: 'postgres', connectionString: databaseUrl }, logger });
await bus.start();
const userAgent = 'GuanlanBench/1.0';
const http = createHttpClient({ userAgent, perHostIntervalMs: 0 });
const ids: number[] = [];
for (const [index, url] of urls.entries()) {
  const { id } = await addSource(db, {
    ...{ kind: 'feed', name: `${index}`, url, options: {}, local: false, allowPrivate: true, authorKind: 'media' },
    everySeconds: 3_600,
  });
  ids.push(id);
}
// Not due while the service starts: the round begins when it runs.
await db
  .updateTable('source')
  .set({ next_check_at: new Date(Date.now() + 3_600_000) })
  .execute();
const crawler = createCrawler({ db, bus, clock, logger, http, userAgent, tickMs: 50 });
await crawler.start();
const from = performance.now();
await makeSourcesDue(db, ids, clock.now());
for (let left = 1; left > 0; ) {
  await new Promise((resolve) => setTimeout(resolve, 25));
  const { rows } = await sql<{ left: number }>`select count(*) as left from source where last_success_at is null and kind = 'feed'`.execute(
    db,
  );
  left = rows[0]?.left ?? 1;
}
const ms = performance.now() - from;
await crawler.stop();
const { items } = await db
  .selectFrom('item')
  .select((eb) => eb.fn.countAll<number>().as('items'))
  .executeTakeFirstOrThrow();
if (items !== urls.length * itemsPerFeed) throw new Error(`${items} items stored, not ${urls.length * itemsPerFeed}`);
answer({ items, ms, alerts: 0 });
await bus.close();
await http.close();
await db.destroy();
