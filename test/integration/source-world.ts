import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assessSources, collectNow } from '@guanlan/crawler';
import { addSource, listSources, type NewSource, type SourceRow } from '@guanlan/database';
import { type Bus, createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, type HttpClient, manualClock } from '@guanlan/runtime';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A web site on loopback that answers as it is told; its news come by the injected clock. */
export interface Site {
  origin: string;
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  down(): Promise<void>;
  up(): Promise<void>;
}

export interface SourceWorld {
  test: TestDatabase;
  clock: ReturnType<typeof manualClock>;
  site: Site;
  http: HttpClient;
  bus: Bus;
  add(source: Partial<NewSource> & { url: string }): Promise<number>;
  row(id: number): Promise<SourceRow>;
  /** Moves the clock to when the source is due, checks and judges it; again and again until the time has come or `until` holds. */
  watch(id: number, options: { for: number; until?: (row: SourceRow) => boolean }): Promise<SourceRow>;
  close(): Promise<void>;
}

/** The crawler's own code over a real database and a real server; only the clock is moved by hand. */
export async function createSourceWorld(start: Date): Promise<SourceWorld> {
  const test = await createTestDatabase();
  const logger = createLogger({ level: 'silent' });
  const clock = manualClock(start);
  const bus: Bus = createBus({ backend: { kind: 'postgres', connectionString: test.connectionString }, logger });
  await bus.start();
  const http = createHttpClient({ userAgent: 'Guanlan-test/1.0', clock, perHostIntervalMs: 0 });
  const site = await startSite();
  const resources = { db: test.db, bus, clock, logger, http, config: { userAgent: 'Guanlan-test/1.0' } };
  const row = async (id: number) => {
    const found = (await listSources(test.db)).find((source) => source.id === id);
    if (!found) throw new Error(`no source ${id}`);
    return found;
  };
  return {
    test,
    clock,
    site,
    http,
    bus,
    row,
    async add(source) {
      const { id } = await addSource(test.db, {
        ...{ kind: 'feed', name: '县政府网', options: {}, local: true, allowPrivate: true, authorKind: 'agency', everySeconds: 1_800 },
        ...source,
      });
      await test.db.updateTable('source').set({ next_check_at: clock.now(), created_at: clock.now() }).where('id', '=', id).execute();
      return id;
    },
    async watch(id, { for: ms, until = () => false }) {
      const end = new Date(clock.now().getTime() + ms);
      for (;;) {
        const before = await row(id);
        if (before.paused || before.nextCheckAt > end) {
          clock.set(end);
          return before;
        }
        if (before.nextCheckAt > clock.now()) clock.set(before.nextCheckAt);
        await collectNow(resources, [id]);
        await assessSources(test.db, clock.now());
        const after = await row(id);
        if (until(after)) return after;
      }
    },
    async close() {
      await bus.close();
      await http.close();
      await site.down();
      await test.drop();
    },
  };
}

async function startSite(): Promise<Site> {
  let server = createServer();
  let port = 0;
  const site: Site = {
    get origin() {
      return `http://127.0.0.1:${port}`;
    },
    answer: (_, response) => response.writeHead(404).end(),
    async down() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async up() {
      server = createServer((request, response) => site.answer(request, response));
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      port = (server.address() as AddressInfo).port;
    },
  };
  await site.up();
  return site;
}

/** RSS of these numbered items. */
export function rss(numbers: readonly number[], change: { title?: (n: number) => string; text?: (n: number) => string } = {}): string {
  const { title = (n) => `第 ${n} 条公告`, text = (n) => `第 ${n} 条公告的正文，`.repeat(20) } = change;
  const items = numbers.map(
    (n) =>
      `<item><title>${title(n)}</title><link>http://news.example/${n}.html</link><pubDate>${new Date(Date.UTC(2026, 9, 1) + n * hour).toUTCString()}</pubDate><description>${text(n)}</description></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>公告</title><link>http://news.example/</link>${items.join('')}</channel></rss>`;
}

/** The newest `count` numbers of what comes every hour, by this clock. */
export function hourly(now: Date, count = 20): number[] {
  const newest = Math.floor(now.getTime() / hour);
  return Array.from({ length: count }, (_, n) => newest - n);
}
