/** The product: its own services and queue in one process, its own lexicon plus ten thousand keywords. */
import { createThread } from '@guanlan/cli';
import { createCounter } from '@guanlan/counter';
import { addSource, connect, migrate, publishLexicon, setSourcePaused } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { lexiconDigest, loadLexiconFolder } from '@guanlan/lexicon';
import { createBus } from '@guanlan/queue';
import { systemClock as clock, createHttpClient, createLogger, defaultsDir, startAll } from '@guanlan/runtime';
import { sql } from 'kysely';
import { answer, input } from './variant.ts';
import { keywordRules } from './vocabulary.ts';

const { databaseUrl, urls, itemsPerFeed } = input();
const total = urls.length * itemsPerFeed;
const logger = createLogger({ level: 'warn' });
const db = connect({ connectionString: databaseUrl });
await migrate(db);
const shipped = await loadLexiconFolder(`${defaultsDir}/lexicon`);
const body = `${shipped.text}\n#!文件 bench.txt\n${keywordRules()}`;
await publishLexicon(db, { digest: lexiconDigest(body), body, note: 'bench' });
const bus = createBus({ backend: { kind: 'postgres', connectionString: databaseUrl }, logger });
await bus.start();
const http = createHttpClient({ userAgent: 'GuanlanBench/1.0' });
const common = { db, bus, clock, logger };
// As `guanlan up` divides a whole installation: fetching and judging in a thread, deciding and counting here.
const running = await startAll(
  [
    createThread(['crawler', 'classifier'], { databaseUrl, logger, freeHosts: ['127.0.0.1'], tickMs: 50 }),
    createDispatcher({ ...common, http }),
    createCounter(common),
  ],
  logger,
);

for (const [index, url] of urls.entries()) {
  const { id } = await addSource(db, {
    kind: 'feed',
    name: `${index}`,
    url,
    options: {},
    local: false,
    allowPrivate: true,
    authorKind: 'media',
    everySeconds: 3_600,
  });
  await setSourcePaused(db, id, true, clock.now());
}
const from = performance.now();
// All due at this moment: the clock of the run starts before the first request.
await sql`update source set paused_at = null, rung_at = null, next_check_at = ${clock.now()} where kind = 'feed'`.execute(db);
// A cheap question until every feed has been read; only then what is left to assess, decide and count.
for (let unread = 1; unread > 0; ) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { rows } = await sql<{
    unread: number;
  }>`select count(*) as unread from source where last_success_at is null and kind = 'feed'`.execute(db);
  unread = rows[0]?.unread ?? 1;
}
for (let left = 1; left > 0; ) {
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { rows } = await sql<{ left: number }>`
    select (select ${total} - count(*) from assessment) + (select count(*) from event where decide_at is not null)
      + (select count(*) from assessment a where a.relevant and not exists (select 1 from tally t where t.item_id = a.item_id)) as left`.execute(
    db,
  );
  left = rows[0]?.left ?? 1;
}
const ms = performance.now() - from;
const { alerts } = await db
  .selectFrom('alert')
  .select((eb) => eb.fn.countAll<number>().as('alerts'))
  .executeTakeFirstOrThrow();
answer({ items: total, ms, alerts });
await running.stop();
await bus.close();
await http.close();
await db.destroy();
