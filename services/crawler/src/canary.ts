import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Db, failCanary, landCanary, launchCanary, type NewItem } from '@guanlan/database';
import { canaryEveryMs, GuanlanError, toGuanlanError } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import { type Clock, createRobots, type HttpClient, type Logger, type Robots, repeat, type Service } from '@guanlan/runtime';
import { loadSources, type SourceRegistry } from '@guanlan/sources';
import { fetchFor, prepared } from './collector.ts';
import { createItemWriter } from './writer.ts';

export interface CanaryOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  http: HttpClient;
  userAgent: string;
  /** Milliseconds between two looks whether one is due or has come back. */
  tickMs?: number;
}

/**
 * A sign of life from end to end: publishes one harmless, marked item on loopback, fetches it like any feed (the guarded client,
 * robots.txt, the parser, redaction), stores it like any item and rings for it. When the classifier has judged it, it is taken back, with
 * everything that was made of it. One that does not come back is told by the dispatcher. See docs/decisions/0010-canary.md.
 */
export function createCanary(options: CanaryOptions): Service {
  const { db, bus, clock, logger, http, userAgent, tickMs = 3_000 } = options;
  const site = createSite();
  let rounds: { stop(): Promise<void> } | undefined;

  return {
    name: 'canary',
    start: async () => {
      await site.start();
      const robots = createRobots({ client: http, userAgent, clock });
      // Not through the classifier's door: the queue is to be shown alive too.
      const writer = createItemWriter({ db, bus, clock, logger });
      const kinds = await loadSources();
      rounds = repeat('canary', tickMs, logger, async () => {
        await landCanary(db, { now: clock.now(), bad: '已研判，但结果不对；请查看研判服务的日志，并用 lexicon test 检查词库。' });
        const sourceId = await launchCanary(db, { now: clock.now(), everyMs: canaryEveryMs });
        if (sourceId === null) return;
        try {
          const origin = { id: sourceId, local: false, lastSuccessAt: null };
          const added = await writer.add(origin, await fetched({ sourceId, url: site.publish(), http, robots, kinds, now: clock.now() }));
          if (added !== 1) throw new GuanlanError('internal', `应存入 1 条，存入了 ${added} 条。`);
        } catch (error) {
          logger.warn({ err: error }, 'canary did not take off');
          await failCanary(db, `没有采集到或没有存入；${toGuanlanError(error).message}`);
        }
      });
    },
    stop: async () => {
      await rounds?.stop();
      await site.stop();
    },
  };
}

async function fetched(flight: {
  sourceId: number;
  url: string;
  http: HttpClient;
  robots: Robots;
  kinds: SourceRegistry;
  now: Date;
}): Promise<NewItem[]> {
  const { sourceId, url, http, robots, kinds, now } = flight;
  const items: NewItem[] = [];
  const context = {
    fetch: fetchFor({ allowPrivate: true, url }, { http, robots }),
    signal: AbortSignal.timeout(60_000),
    ...{ now, state: {}, report: () => {}, known: async () => new Set<string>() },
  };
  for await (const raw of kinds.get('feed').collect({ url }, context)) {
    const item = prepared(raw, { id: sourceId, authorKind: 'unknown' });
    if (item !== null) items.push(item);
  }
  return items;
}

/** A site of one feed with one entry, on loopback only. */
function createSite() {
  const server = createServer((request, response) => answer(request.url, response));
  let entry: { id: string; title: string; text: string } = { id: '', title: '', text: '' };
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = (path: string | undefined, response: ServerResponse) => {
    if (path !== `/${entry.id}.json`) return void response.writeHead(404).end();
    const items = [{ id: entry.id, url: `${origin()}/${entry.id}`, title: entry.title, content_text: entry.text }];
    const feed = { version: 'https://jsonfeed.org/version/1.1', title: '自检', items };
    response.writeHead(200, { 'content-type': 'application/feed+json' }).end(JSON.stringify(feed));
  };
  return {
    async start() {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    },
    /** A new entry, like none before it, so that it tells no story with any other. Returns the feed's address. */
    publish(): string {
      const words = crypto
        .randomUUID()
        .replaceAll('-', '')
        .replace(/./gu, (digit) => 'bcdfghjkmnpqrstv'.charAt(Number.parseInt(digit, 16)))
        .match(/.{4}/gu) as string[];
      entry = { id: words.join(''), title: `自检 ${words.slice(0, 4).join(' ')}`, text: words.toReversed().join(' ') };
      return `${origin()}/${entry.id}.json`;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
