/** Baseline: the usual libraries, one BullMQ job (on PostgreSQL) for each item. */
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import Parser from 'rss-parser';
import { judge, openPeerStore, type PeerItem, store } from './peer-store.ts';
import { answer, each, input } from './variant.ts';

const { databaseUrl, urls, itemsPerFeed } = input();
const db = await openPeerStore(databaseUrl);
const connection = { connectionString: databaseUrl, migrate: true };
const queue = new Queue<PeerItem>(
  'items',
  { connection, defaultJobOptions: { removeOnComplete: true } } as never,
  createPostgresBackend as never,
);
await queue.waitUntilReady();
const total = urls.length * itemsPerFeed;
let done = 0;
let alerts = 0;
const finished = Promise.withResolvers<void>();
const worker = new Worker<PeerItem>(
  'items',
  async (job) => {
    alerts += await store(db, [judge(job.data)]);
    done += 1;
    if (done === total) finished.resolve();
  },
  { connection, concurrency: 50 } as never,
  createPostgresBackend as never,
);
await worker.waitUntilReady();
const parser = new Parser();
const from = performance.now();
await each(urls, 8, async (url) => {
  const feed = await parser.parseString(await (await fetch(url)).text());
  const jobs = feed.items.map((i) => ({
    name: 'item',
    data: { url: i.link ?? '', title: i.title ?? '', text: (i.content ?? '').replace(/<[^>]*>/gu, '') },
  }));
  await queue.addBulk(jobs as never);
});
await finished.promise;
const ms = performance.now() - from;
answer({ items: total, ms, alerts });
await worker.close();
await queue.close();
await db.destroy();
