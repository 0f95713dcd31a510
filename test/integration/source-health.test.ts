import { assessSources } from '@guanlan/crawler';
import { addChannel, listNotifications, listOpenConditions, listSourceEntries, readCoverage, setSourcePaused } from '@guanlan/database';
import { createDispatcher, createPathWatch, tellDaily, tellSourceHealth } from '@guanlan/dispatcher';
import { createLogger } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReceiver } from './dispatcher-world.ts';
import { createSourceWorld, day, hour, hourly, minute, rss, type SourceWorld } from './source-world.ts';

const start = new Date('2026-11-02T08:00:00+08:00');
let world: SourceWorld;

beforeEach(async () => {
  world = await createSourceWorld(start);
  await addChannel(world.test.db, { kind: 'log', name: '日志', options: {}, allowPrivate: false });
});
afterEach(() => world.close());

const feedOf =
  (numbers: () => number[], change?: Parameters<typeof rss>[1]) =>
  (request: { url?: string | undefined }, response: import('node:http').ServerResponse) => {
    if (request.url !== '/feed.xml') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(numbers(), change));
  };
const now = () => world.clock.now();
const tell = () => tellSourceHealth(world.test.db, { now: now(), link: null });
const ledger = async () =>
  (await listNotifications(world.test.db, { limit: 50 })).map(({ reason, level, alertId }) => ({ reason, level, alertId }));

/** An hourly feed watched for a day; nothing is the matter with it. */
async function wellKnownFeed(): Promise<{ id: number; intervalMs: number }> {
  world.site.answer = feedOf(() => hourly(now()));
  const id = await world.add({ url: `${world.site.origin}/feed.xml` });
  const row = await world.watch(id, { for: day });
  expect(row.conditions).toEqual([]);
  return { id, intervalMs: (row.intervalSeconds ?? 0) * 1_000 };
}

describe('a source that stops is noticed within two expected intervals, and told in one sentence', () => {
  test('killed', async () => {
    const { id, intervalMs } = await wellKnownFeed();
    const killedAt = now();
    await world.site.down();
    const row = await world.watch(id, { for: day, until: ({ conditions }) => conditions.length > 0 });
    expect(now().getTime() - killedAt.getTime()).toBeLessThanOrEqual(2 * intervalMs);
    expect(row.conditions).toMatchObject([
      { kind: 'failing', sentence: expect.stringMatching(/^自 .* 起读取失败，已连续 2 次：无法连接/u) },
    ]);
    await tell();
    await tell();
    expect(await ledger()).toMatchObject([{ level: 'none', alertId: null, reason: row.conditions[0]?.sentence }]);

    await world.site.up();
    const well = await world.watch(id, { for: day, until: ({ conditions }) => conditions.length === 0 });
    expect(well.failingSince).toBeNull();
    await tell();
    expect((await ledger())[0]?.reason).toMatch(/^“读取失败”已结束，前后约/u);
    expect(await ledger()).toHaveLength(2);
  });

  test('an empty list', async () => {
    const { id, intervalMs } = await wellKnownFeed();
    const emptiedAt = now();
    world.site.answer = feedOf(() => []);
    const row = await world.watch(id, { for: day, until: ({ conditions }) => conditions.length > 0 });
    expect(now().getTime() - emptiedAt.getTime()).toBeLessThanOrEqual(2 * intervalMs);
    expect(row.conditions).toMatchObject([{ kind: 'empty', sentence: expect.stringContaining('往常有 20 条，现在 0 条') }]);
    // It stays noticed: what it is now does not become what it used to be.
    expect((await world.watch(id, { for: 3 * day })).conditions).toMatchObject([{ kind: 'empty' }]);
  });

  test('a feed redesigned: bodies gone, titles gone', async () => {
    const { id, intervalMs } = await wellKnownFeed();
    const at = now();
    world.site.answer = feedOf(() => hourly(now()), { title: () => '', text: (n) => `详见${n}` });
    const row = await world.watch(id, { for: day, until: ({ conditions }) => conditions.length > 0 });
    expect(now().getTime() - at.getTime()).toBeLessThanOrEqual(2 * intervalMs);
    expect(row.conditions.map(({ kind }) => kind)).toEqual(['untitled', 'shrunk']);
  });

  test('a list page redesigned', async () => {
    const article = (n: number) =>
      `<html><head><title>第 ${n} 条</title></head><body><h1>第 ${n} 条公告</h1><p>2026-11-02 08:00</p><div><p>${`第 ${n} 条公告的正文。`.repeat(30)}</p></div></body></html>`;
    let page = () =>
      `<html><body><ul class="list">${hourly(now(), 10)
        .map((n) => `<li><a href="/a/${n}.html">关于第 ${n} 号事项的公告全文</a><span>2026-11-02</span></li>`)
        .join('')}</ul></body></html>`;
    world.site.answer = (request, response) => {
      const n = /^\/a\/(\d+)\.html$/u.exec(request.url ?? '')?.[1];
      if (request.url === '/list.html') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page());
      else if (n) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(article(Number(n)));
      else response.writeHead(404).end();
    };
    const id = await world.add({ kind: 'list', url: `${world.site.origin}/list.html` });
    const before = await world.watch(id, { for: 8 * hour });
    expect(before.conditions).toEqual([]);
    expect(before.items).toBeGreaterThan(10);
    const at = now();
    page = () => '<html><body><div id="app"></div><script src="/app.js"></script></body></html>';
    const row = await world.watch(id, { for: day, until: ({ conditions }) => conditions.length > 0 });
    expect(now().getTime() - at.getTime()).toBeLessThanOrEqual(2 * (before.intervalSeconds ?? 0) * 1_000);
    expect(row.conditions[0]).toMatchObject({ kind: 'unreadable', sentence: expect.stringContaining('可能已改版') });
  });

  test('silent: it answers, and brings nothing new', async () => {
    const { id, intervalMs } = await wellKnownFeed();
    const last = hourly(now());
    const fellSilentAt = now();
    world.site.answer = feedOf(() => last);
    const row = await world.watch(id, { for: 2 * day, until: ({ conditions }) => conditions.length > 0 });
    // Two of the longest gaps between what it brings (an hour, seen at most one look late).
    expect(now().getTime() - fellSilentAt.getTime()).toBeLessThanOrEqual(2 * (hour + intervalMs));
    expect(row.conditions).toMatchObject([
      { kind: 'silent', sentence: expect.stringMatching(/起没有新信息，已 .*；网站能打开，往常最多隔/u) },
    ]);
    const coverage = await readCoverage(world.test.db, { from: new Date(now().getTime() - day), to: now() });
    expect(coverage).toMatchObject({ sources: 1 });
    expect(coverage.score).toBeGreaterThan(0.95);
  });
});

describe('what servers ask for', () => {
  test('410 stops the source, with a reason, a line in its timeline and a notice', async () => {
    world.site.answer = (_, response) => response.writeHead(410).end();
    const id = await world.add({ url: `${world.site.origin}/feed.xml` });
    const row = await world.watch(id, { for: day });
    expect(row).toMatchObject({ paused: true, pauseReason: expect.stringContaining('410'), conditions: [{ kind: 'stopped' }] });
    expect(await listSourceEntries(world.test.db, id)).toMatchObject([{ kind: 'stopped' }]);
    await tell();
    expect((await ledger())[0]?.reason).toMatch(/^已停止监测：/u);
  });

  test('a permanent redirect is taken on after three answers over an hour, not before', async () => {
    const to = `${world.site.origin}/new.xml`;
    world.site.answer = (request, response) => {
      if (request.url === '/old.xml') response.writeHead(301, { location: to }).end();
      else if (request.url === '/new.xml') response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(hourly(now())));
      else response.writeHead(404).end();
    };
    const id = await world.add({ url: `${world.site.origin}/old.xml` });
    await world.watch(id, { for: 40 * minute });
    expect((await world.row(id)).url).toBe(`${world.site.origin}/old.xml`);
    await world.watch(id, { for: 2 * hour });
    expect((await world.row(id)).url).toBe(to);
    expect(await listSourceEntries(world.test.db, id)).toMatchObject([{ kind: 'moved', note: expect.stringContaining(`→ ${to}`) }]);
    expect((await world.watch(id, { for: 2 * hour })).failures).toBe(0);
  });

  test('Retry-After is kept, and the rhythm adapts between its bounds', async () => {
    world.site.answer = (_, response) => response.writeHead(503, { 'retry-after': '7200' }).end();
    const busy = await world.add({ url: `${world.site.origin}/feed.xml` });
    // robots.txt itself cannot be had: nothing is fetched, and it is not asked for again before it said.
    await world.watch(busy, { for: 0 });
    expect((await world.row(busy)).nextCheckAt.getTime() - start.getTime()).toBeGreaterThanOrEqual(2 * hour);
    world.site.answer = feedOf(() => hourly(now()));
    const id = await world.add({ url: `${world.site.origin}/feed.xml?2`, minSeconds: 120, maxSeconds: 10_800, everySeconds: 300 });
    world.site.answer = (request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss([1, 2, 3]));
    };
    expect((await world.watch(id, { for: 4 * day })).intervalSeconds).toBe(10_800);
    const every5Minutes = () => Array.from({ length: 20 }, (_, n) => Math.floor(now().getTime() / (2 * minute)) - n);
    world.site.answer = (request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(every5Minutes()));
    };
    expect((await world.watch(id, { for: 12 * hour })).intervalSeconds).toBeLessThanOrEqual(180);
  });

  test('a changed robots.txt is noticed; a changed comment is not', async () => {
    let robots = 'User-agent: *\nDisallow: /private\n';
    world.site.answer = (request, response) => {
      if (request.url === '/robots.txt') response.writeHead(200).end(robots);
      else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(hourly(now())));
    };
    const id = await world.add({ url: `${world.site.origin}/feed.xml` });
    await world.watch(id, { for: hour });
    robots = `# today\n${robots}`;
    expect((await world.watch(id, { for: hour })).conditions).toEqual([]);
    robots = 'User-agent: *\nDisallow: /private\nDisallow: /old\n';
    expect((await world.watch(id, { for: hour })).conditions).toMatchObject([{ kind: 'robots' }]);
  });
});

describe('notices', () => {
  test('a person who pauses a source hears no more of it', async () => {
    world.site.answer = (_, response) => response.writeHead(410).end();
    const id = await world.add({ url: `${world.site.origin}/feed.xml` });
    await world.watch(id, { for: 0 });
    await setSourcePaused(world.test.db, id, true, now());
    expect(await tell()).toEqual([]);
    expect((await world.row(id)).conditions).toEqual([]);
  });

  test('many at one time are one, and none is lost while there is no channel', async () => {
    await world.test.db.updateTable('route').set({ channel_ids: [] }).execute();
    world.site.answer = (_, response) => response.writeHead(410).end();
    for (let n = 0; n < 6; n += 1) await world.watch(await world.add({ url: `${world.site.origin}/${n}.xml`, name: `源${n}` }), { for: 0 });
    expect(await tell()).toEqual([]);
    await world.test.db
      .updateTable('route')
      .set({ channel_ids: [1] })
      .execute();
    expect(await tell()).toHaveLength(1);
    const [notice] = await ledger();
    expect(notice?.reason.split('\n')).toHaveLength(6);
    expect(notice?.reason).toContain('另有 1 项');
  });

  test('a running dispatcher delivers one to its receiver, and the ledger keeps it', async () => {
    const receiver = await createReceiver(world.clock);
    const { db } = world.test;
    const { id } = await addChannel(db, { kind: 'webhook', name: '值班群', options: receiver.options, allowPrivate: true });
    await db
      .updateTable('route')
      .set({ channel_ids: [id] })
      .execute();
    world.site.answer = (_, response) => response.writeHead(410).end();
    await world.watch(await world.add({ url: `${world.site.origin}/feed.xml` }), { for: 0 });
    const { bus, clock, http } = world;
    const service = createDispatcher({ db, bus, clock, http, logger: createLogger({ level: 'silent' }), sweepMs: 100, noticeMs: 100 });
    await service.start();
    try {
      await expect.poll(async () => (await listNotifications(db, { limit: 5 }))[0]?.state, { timeout: 15_000 }).toBe('delivered');
    } finally {
      await service.stop();
      await receiver.down();
    }
    expect(receiver.received).toMatchObject([
      { verified: true, message: { notice: 'source-health', level: 'none', alertId: 0, title: '信息源已停用：县政府网' } },
    ]);
  });

  test('two dispatchers tell once', async () => {
    world.site.answer = (_, response) => response.writeHead(410).end();
    await world.watch(await world.add({ url: `${world.site.origin}/feed.xml` }), { for: 0 });
    const told = await Promise.all([tell(), tell(), tell()]);
    expect(told.flat()).toHaveLength(1);
    expect(await listOpenConditions(world.test.db)).toHaveLength(1);
  });

  test('the daily word comes once, after its hour, on a day on which nothing else was sent', async () => {
    await wellKnownFeed();
    const daily = () => tellDaily(world.test.db, { now: now(), hour: 18, link: null });
    world.clock.set(new Date('2026-11-03T17:59:00+08:00'));
    expect(await daily()).toEqual([]);
    world.clock.set(new Date('2026-11-03T18:01:00+08:00'));
    expect((await Promise.all([daily(), daily()])).flat()).toHaveLength(1);
    expect(await daily()).toEqual([]);
    expect((await ledger())[0]?.reason).toMatch(
      /^过去 24 小时没有预警；在看 1 个信息源（覆盖率 \d+\.\d%）；收到信息 \d+ 条，其中涉本县 0 条；待研判 \d+ 条，最早的已等 .*；信息源全部正常。$/u,
    );
    // The next day something was sent: no word is needed.
    world.site.answer = (_, response) => response.writeHead(410).end();
    world.clock.set(new Date('2026-11-04T09:00:00+08:00'));
    await world.watch(await world.add({ url: `${world.site.origin}/gone.xml` }), { for: 0 });
    await tell();
    world.clock.set(new Date('2026-11-04T18:01:00+08:00'));
    expect(await daily()).toEqual([]);
  });

  test('a path that stands still is told when it is seen twice, and once', async () => {
    await wellKnownFeed();
    const path = createPathWatch(world.test.db);
    const look = () => path.tell({ now: now(), link: null });
    await world.test.db.deleteFrom('item_pending').execute();
    await assessSources(world.test.db, now());
    expect(await look()).toEqual([]);
    world.clock.advance(3 * hour);
    expect(await look()).toEqual([]);
    world.clock.advance(minute);
    // The crawler’s loop, and a source that is due.
    expect(await look()).toHaveLength(2);
    expect(await look()).toEqual([]);
    expect((await ledger()).map(({ reason }) => reason).join()).toContain('采集服务自');
  });
});
