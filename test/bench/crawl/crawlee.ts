/** Baseline: Crawlee in memory, htmlparser2 and one INSERT per feed. */
import { Configuration, HttpCrawler, LogLevel, log } from '@crawlee/http';
import { answer, input } from '../ingest/variant.ts';
import { openPlainStore } from './plain-store.ts';

const { databaseUrl, urls } = input();
const { store, close } = await openPlainStore(databaseUrl);
log.setLevel(LogLevel.OFF);
let items = 0;
const crawler = new HttpCrawler(
  {
    maxConcurrency: 40,
    minConcurrency: 40,
    additionalMimeTypes: ['application/rss+xml'],
    requestHandler: async ({ body }) => {
      const added = await store(body.toString());
      items += added;
    },
  },
  new Configuration({ persistStorage: false, purgeOnStart: false }),
);
const from = performance.now();
await crawler.run([...urls]);
answer({ items, ms: performance.now() - from, alerts: 0 });
await close();
process.exit(0);
