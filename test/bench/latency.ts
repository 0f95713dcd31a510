import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClassifier } from '@guanlan/classifier';
import { createCounter } from '@guanlan/counter';
import { createCrawler } from '@guanlan/crawler';
import { addChannel, addSource, connect, makeSourcesDue, migrate, openEmbeddedPostgres } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { createBus } from '@guanlan/queue';
import { systemClock as clock, createHttpClient, createLogger, startAll } from '@guanlan/runtime';
import { startReceiver } from '../support/receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type BenchResult, quantile } from './result.ts';

const samples = 40;

/** In an idle embedded system: from the moment a feed's body with a new incident leaves the site to the receiver's having the alert. */
export async function run(): Promise<BenchResult[]> {
  const folder = await temporaryFolder();
  const postgres = await openEmbeddedPostgres({ dataDir: folder.dir });
  const receiver = await startReceiver();
  let current = -1;
  let servedAt = 0;
  const web = createServer((request, response) => {
    if (request.url !== '/feed.xml') return response.writeHead(404).end();
    if (servedAt === 0) servedAt = performance.now();
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(feed(current));
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const logger = createLogger({ level: 'warn' });
  const db = connect({ connectionString: postgres.connectionString });
  await migrate(db);
  const bus = createBus({ backend: { kind: 'postgres', connectionString: postgres.connectionString }, logger });
  await bus.start();
  const userAgent = 'GuanlanBench/1.0';
  const http = createHttpClient({ userAgent, perHostIntervalMs: 0 });
  const common = { db, bus, clock, logger };
  await addChannel(db, { kind: 'webhook', name: 'receiver', options: { url: receiver.url, secret: receiver.secret }, allowPrivate: true });
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/feed.xml`;
  const source = await addSource(db, {
    kind: 'feed',
    name: 'feed',
    url,
    options: {},
    local: true,
    allowPrivate: true,
    authorKind: 'media',
    everySeconds: 3_600,
  });
  const running = await startAll(
    [
      createCrawler({ ...common, http, userAgent }),
      createClassifier(common),
      createDispatcher({ ...common, http, publicUrl: null }),
      createCounter(common),
    ],
    logger,
  );
  const taken: number[] = [];
  try {
    // The first rounds load what is loaded on first use.
    for (let n = 0; n < samples + 3; n += 1) {
      const before = receiver.received.length;
      current = n;
      servedAt = 0;
      await makeSourcesDue(db, [source.id], new Date());
      while (receiver.received.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
      if (n >= 3) taken.push(performance.now() - servedAt);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  } finally {
    await running.stop();
    await bus.close();
    await http.close();
    await db.destroy();
    await receiver.close();
    web.close();
    web.closeAllConnections();
    await postgres.close();
    await folder.remove();
  }
  const note = `p50 ${Math.round(quantile(taken, 0.5))} ms, max ${Math.round(Math.max(...taken))} ms; from fetch to receiver, idle embedded system`;
  return [{ name: 'latency', unit: 'ms at p95', value: quantile(taken, 0.95), baselines: {}, ratios: {}, runs: samples, note }];
}

function feed(n: number): string {
  return `<rss version="2.0"><channel><title>t</title><item><title>巨鹿县官亭镇一厂房突发火灾（第${n}起）</title><link>http://news.example/${n}</link><description>今天上午，官亭镇一家厂房突然起火，现场浓烟滚滚，有2人被困，消防救援人员已赶到扑救。编号${n}</description></item></channel></rss>`;
}
