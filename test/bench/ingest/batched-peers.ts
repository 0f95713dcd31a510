/** Baseline: the usual libraries, one batch per feed, no queue. */
import Parser from 'rss-parser';
import { judge, openPeerStore, store } from './peer-store.ts';
import { answer, each, input } from './variant.ts';

const { databaseUrl, urls, itemsPerFeed } = input();
const db = await openPeerStore(databaseUrl);
const parser = new Parser();
let alerts = 0;
const from = performance.now();
await each(urls, 8, async (url) => {
  const feed = await parser.parseString(await (await fetch(url)).text());
  const judged = feed.items.map((i) =>
    judge({ url: i.link ?? '', title: i.title ?? '', text: (i.content ?? '').replace(/<[^>]*>/gu, '') }),
  );
  alerts += await store(db, judged);
});
const ms = performance.now() - from;
answer({ items: urls.length * itemsPerFeed, ms, alerts });
await db.destroy();
