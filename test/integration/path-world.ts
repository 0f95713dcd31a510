import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Classifier, type ClassifierOptions, createClassifier } from '@guanlan/classifier';
import { createCounter } from '@guanlan/counter';
import { type CrawlerOptions, createCrawler } from '@guanlan/crawler';
import { addSource, type Db, type NewSource } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { type Bus, createBus } from '@guanlan/queue';
import {
  type Clock,
  createHttpClient,
  createLogger,
  type HttpClient,
  type HttpClientOptions,
  type Logger,
  type Service,
  systemClock,
} from '@guanlan/runtime';
import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** The path's own services over a database and a queue of their own; a test starts those it wants. */
export interface World extends TestDatabase {
  bus: Bus;
  clock: Clock;
  http: HttpClient;
  logger: Logger;
  crawler(options?: Partial<CrawlerOptions>): Promise<void>;
  classifier(options?: Partial<ClassifierOptions>): Promise<void>;
  dispatcher(): Promise<void>;
  counter(sweepMs?: number): Promise<void>;
  /** A feed that this test's own servers answer for. Returns the source's id. */
  watch(url: string, source?: Partial<NewSource>): Promise<number>;
  /** Serves on loopback until the end. Returns the origin. */
  serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string>;
  /** Stops the services started so far. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(
  options: {
    clock?: Clock;
    http?: Partial<HttpClientOptions>;
    /** How items come to be judged: by a classifier somewhere, or by one in the crawler's own process. */
    way?: 'through the queue' | 'at the door';
  } = {},
): Promise<World> {
  const database = await createTestDatabase();
  const { db, connectionString } = database;
  const clock = options.clock ?? systemClock;
  const logger = createLogger({ level: 'silent' });
  const bus = createBus({ backend: { kind: 'postgres', connectionString }, logger });
  await bus.start();
  const userAgent = 'GuanlanTest/1.0';
  const http = createHttpClient({ userAgent, perHostIntervalMs: 0, ...options.http });
  const running: Service[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  const start = async (service: Service) => {
    await service.start();
    running.push(service);
  };
  const common = { db, bus, clock, logger };
  let door: Classifier['door'] | undefined;
  const stop = async () => {
    for (const service of running.splice(0)) await service.stop();
  };
  return {
    ...{ ...database, bus, clock, http, logger, stop },
    crawler: (more) => start(createCrawler({ ...common, http, userAgent, tickMs: 20, door, ...more })),
    classifier: (more) => {
      const classifier = createClassifier({ ...common, ...more });
      if (options.way === 'at the door') door = classifier.door;
      return start(classifier);
    },
    dispatcher: () => start(createDispatcher({ ...common, http, publicUrl: null })),
    counter: (sweepMs) => start(createCounter({ ...common, ...(sweepMs === undefined ? {} : { sweepMs }) })),
    watch: async (url, source = {}) =>
      (
        await addSource(db, {
          ...{ kind: 'feed', name: url, url, options: {}, local: false, allowPrivate: true, authorKind: 'media', everySeconds: 3_600 },
          ...source,
        })
      ).id,
    serve: async (handler) => {
      const server = createServer(handler);
      await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
      closers.push(
        () =>
          new Promise((resolve) => {
            server.close(resolve);
            server.closeAllConnections();
          }),
      );
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close: async () => {
      await stop();
      await bus.close();
      for (const close of closers) await close();
      await http.close();
      await database.drop();
    },
  };
}

/** An entry as a feed of these tests tells it; what is absent is left out of the document. */
export interface Entry {
  title?: string;
  link?: string;
  guid?: string;
  text?: string;
}

/** RSS 2.0 of our own. */
export function rss(entries: readonly Entry[], title = '测试订阅源'): string {
  const items = entries.map(
    (e) => `<item>${element('title', e.title)}${element('link', e.link)}${element('guid', e.guid)}${element('description', e.text)}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${title}</title>${items.join('')}</channel></rss>`;
}

function element(name: string, value: string | undefined): string {
  return value === undefined ? '' : `<${name}>${value}</${name}>`;
}

/** An everyday incident of the county that the shipped lexicon gives a level. */
export const incident = {
  title: '巨鹿县小吕寨镇一厂房突发火灾',
  text: '今天上午，巨鹿县小吕寨镇一家厂房突然起火，现场浓烟滚滚，有2人被困，消防救援人员已赶到扑救。',
};

export interface PathCounts {
  items: number;
  pending: number;
  assessments: number;
  /** Assessments with a level. */
  levelled: number;
  /** Items of events. */
  grouped: number;
  events: number;
  relevant: number;
  undecided: number;
  tallied: number;
  counted: number;
  duplicates: number;
  struck: number;
  alerts: number;
}

/** How many rows of everything. */
export async function countRows(db: Db): Promise<PathCounts> {
  const { rows } = await sql<PathCounts>`
    select (select count(*) from item) as items, (select count(*) from item_pending) as pending,
      (select count(*) from assessment) as assessments,
      (select count(*) from assessment where rank > 0) as levelled, (select coalesce(sum(item_count), 0) from event) as grouped,
      (select count(*) from event) as events, (select count(*) from assessment where relevant) as relevant,
      (select count(*) from event where decide_at is not null) as undecided, (select count(*) from tally) as tallied,
      (select count(*) from tally where state = 'counted') as counted,
      (select count(*) from tally where state = 'duplicate') as duplicates,
      (select count(*) from tally where state = 'struck') as struck, (select count(*) from alert) as alerts`.execute(db);
  if (rows[0] === undefined) throw new Error('a query without FROM answers one row');
  return rows[0];
}

/** Waits until a look at the rows satisfies `done`; after a minute it fails with the last look. */
export async function until<T>(look: () => Promise<T>, done: (seen: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (done(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`not in time: ${JSON.stringify(seen)}`);
    await sleep(20);
  }
}

/** Every source has been checked since it was last due. */
export async function allChecked({ db }: World): Promise<void> {
  await until(
    () => db.selectFrom('source').select(['url', 'last_checked_at', 'rung_at', 'next_check_at']).where('removed_at', 'is', null).execute(),
    (rows) => rows.every((r) => r.last_checked_at !== null && r.rung_at === null && r.next_check_at > r.last_checked_at),
  );
}
