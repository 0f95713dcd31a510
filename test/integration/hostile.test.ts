import { lookup } from 'node:dns/promises';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { makeSourcesDue } from '@guanlan/database';
import type { HttpClientOptions } from '@guanlan/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { allChecked, incident, openWorld, rss, until, type World } from './path-world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** 127.0.0.2 stands for a public address; `public.example` is there. */
const publicHost: Partial<HttpClientOptions> = {
  reachOf: (address) => (address === '127.0.0.2' ? 'public' : 'private'),
  resolve: async (hostname) => {
    if (hostname === 'public.example') return [{ address: '127.0.0.2', family: 4 }];
    return (await lookup(hostname, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
  },
};
const bodyBytes = 200 * 1_048_576;

/** One hostile answer per path, and good feeds. */
function answer(path: string, response: ServerResponse, inside: string): unknown {
  if (path.startsWith('/good')) return response.end(rss([{ ...incident, link: `http://news.example${path}` }]));
  switch (path) {
    case '/page':
      return response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html><body><p>这是一个网页</p></body></html>');
    case '/large':
      return pour(response.writeHead(200, { 'content-type': 'application/rss+xml' }));
    case '/loris':
      return drip(response.writeHead(200, { 'content-type': 'application/rss+xml' }));
    case '/bomb.xml':
      return response.writeHead(200, { 'content-type': 'text/xml' }).end(laughs());
    case '/bomb.gz':
      return response.writeHead(200, { 'content-type': 'text/xml', 'content-encoding': 'gzip' }).end(gzipBomb());
    case '/inside':
      return response.writeHead(302, { location: inside }).end();
    default:
      return response.writeHead(404, { 'content-type': 'text/html' }).end('<html><body>找不到</body></html>');
  }
}

describe('hostile sources', () => {
  test('each leaves its reason and harms no other; memory stays bounded', { timeout: 120_000 }, async () => {
    const w = await openWorld({ http: publicHost });
    closers.push(() => w.close());
    const inside = await listener();
    let mended = false;
    const origin = await w.serve((request, response) => {
      if (mended && request.url !== '/robots.txt')
        return void response.end(rss([{ title: '恢复了', text: '正常', guid: request.url ?? '' }]));
      answer(request.url ?? '', response, inside.url);
    });
    const { port } = new URL(origin);
    const bad: Record<string, string> = {
      [`${origin}/missing`]: 'http-status',
      'http://nowhere.invalid/feed.xml': 'dns-failed',
      [`${origin}/page`]: 'not-a-feed',
      [`${origin}/large`]: 'body-too-large',
      [`${origin}/loris`]: 'fetch-timeout',
      [`http://public.example:${port}/inside`]: 'address-private',
      [`${origin}/bomb.xml`]: 'not-a-feed',
      [`${origin}/bomb.gz`]: 'body-too-large',
    };
    for (const url of Object.keys(bad)) await w.watch(url, { allowPrivate: !url.includes('public.example') });
    for (const name of ['good-1', 'good-2', 'good-3']) await w.watch(`${origin}/${name}`);

    const memory = watchMemory();
    const began = w.clock.now();
    await w.crawler({ timeoutMs: 2_000 });
    await allChecked(w);
    const grownMb = memory.stop();

    const faults = await sources(w, (url) => url in bad);
    expect(Object.fromEntries(faults.map((s) => [s.url, s.fault_code]))).toEqual(bad);
    for (const source of faults) {
      expect(source.fault_message, source.url).toMatch(/[\u4e00-\u9fff]{4}.*。$/u);
      expect(source.fault_message, 'for an analyst, not for a programmer').not.toMatch(/\n|\bat .+:\d+|Error|node:|undefined|\[object/u);
      expect(source.failing_since?.getTime(), source.url).toBeGreaterThanOrEqual(began.getTime());
      expect(source.failures).toBe(1);
      expect(source.last_success_at).toBeNull();
      expect(source.next_check_at.getTime(), 'tried again after half its interval at the earliest').toBeGreaterThanOrEqual(
        began.getTime() + 1_800_000,
      );
    }
    expect(inside.connections(), 'nothing connects to where the redirect leads').toBe(0);
    for (const source of await sources(w, (url) => url.includes('/good'))) {
      expect(source).toMatchObject({ fault_code: null, failing_since: null, failures: 0 });
      expect(source.last_new_item_at).not.toBeNull();
    }
    expect(await w.db.selectFrom('item').select('url').orderBy('url').execute()).toEqual(
      [1, 2, 3].map((n) => ({ url: `http://news.example/good-${n}` })),
    );
    expect(grownMb, 'growth of the process while it read them').toBeLessThan(300);
    expect(await w.bus.deadLetters()).toEqual([]);

    // Failing again keeps the first moment and waits twice as long; answering again clears everything.
    const lasting = faults.filter((s) => s.url.endsWith('/missing') || s.url.endsWith('/page'));
    await checkAgain(w, lasting);
    for (const [index, again] of (await sources(w, (url) => lasting.some((s) => s.url === url))).entries()) {
      expect(again.failing_since).toEqual(lasting[index]?.failing_since);
      expect(again.failures).toBe(2);
      expect(again.next_check_at.getTime() - (again.last_checked_at?.getTime() ?? 0)).toBe(3_600_000);
    }
    mended = true;
    await checkAgain(w, lasting);
    for (const healthy of await sources(w, (url) => lasting.some((s) => s.url === url))) {
      expect(healthy).toMatchObject({ fault_code: null, fault_message: null, failing_since: null, failures: 0 });
      expect(healthy.last_success_at).not.toBeNull();
    }
  });
});

async function sources({ db }: World, which: (url: string) => boolean) {
  const rows = await db.selectFrom('source').selectAll().orderBy('id').execute();
  return rows.filter((row) => which(row.url));
}

async function checkAgain(w: World, rows: readonly { id: number; url: string }[]): Promise<void> {
  const before = w.clock.now();
  await makeSourcesDue(
    w.db,
    rows.map((r) => r.id),
    before,
  );
  await until(
    () => sources(w, (url) => rows.some((r) => r.url === url)),
    (seen) => seen.every((s) => s.next_check_at > before && s.rung_at === null),
  );
}

/** A port where nothing is to arrive. */
async function listener(): Promise<{ url: string; connections(): number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections: () => connections };
}

/** 200 MB of something like a feed, as fast as it is taken. */
function pour(response: ServerResponse): void {
  const piece = Buffer.from(`<item><title>${'长'.repeat(20_000)}</title></item>`);
  response.write('<rss version="2.0"><channel>');
  let sent = 0;
  const more = () => {
    while (!response.destroyed && sent < bodyBytes) {
      sent += piece.length;
      if (!response.write(piece)) return;
    }
    if (!response.destroyed) response.end('</channel></rss>');
  };
  response.on('drain', more);
  more();
}

/** A byte now and then, for ever. */
function drip(response: ServerResponse): void {
  response.write('<rss>');
  const timer = setInterval(() => response.write(' '), 100);
  response.on('close', () => clearInterval(timer));
}

/** Ten entities, each ten times the one before: 10^10 words when expanded. */
function laughs(): string {
  const names = Array.from({ length: 11 }, (_, n) => `e${n}`);
  const entities = names.map((name, n) => `<!ENTITY ${name} "${n === 0 ? '观' : `&${names[n - 1]};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE bomb [${entities.join('')}]><bomb>&e10;</bomb>`;
}

let bomb: Buffer | undefined;
/** 100 MB of blanks in 100 KB. */
function gzipBomb(): Buffer {
  bomb ??= gzipSync(Buffer.alloc(100 * 1_048_576, ' '));
  return bomb;
}

function watchMemory(): { stop(): number } {
  // What making the bomb itself costs does not count.
  gzipBomb();
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return (peak - before) / 1_048_576;
    },
  };
}
