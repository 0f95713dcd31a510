import { prepareItem, type RawItem } from '@guanlan/domain';
import { createHttpClient, createLogger, createRobots, manualClock } from '@guanlan/runtime';
import { loadSources, parseFeed, readList, readPage, type SourceState } from '@guanlan/sources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoCounty, type DemoSource } from './county.ts';
import { createSchedule, type Publication } from './schedule.ts';
import { sites } from './sites.ts';

const start = new Date('2026-11-23T01:00:00Z');
const clock = manualClock(start);
const county = createDemoCounty({ clock, port: 0 });
const logger = createLogger({ level: 'silent' });
const client = createHttpClient({ userAgent: 'Guanlan/0.1 (demo test)', perHostIntervalMs: 0 });
const written = createSchedule({ start, pace: 1 });
/** Enough of the story for every kind of document, before a fate strikes. */
const early = 55;

beforeAll(() => county.start({ logger }));
afterAll(async () => {
  await client.close();
  await county.stop();
});

const sourceOf = (id: string) => county.sources()[sites.findIndex((site) => site.id === id)] as DemoSource;
const at = (seconds: number) => clock.set(new Date(start.getTime() + seconds * 1_000));
const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers, redirect: 'manual' });
const read = async (url: string) => {
  const answer = await get(url);
  return { status: answer.status, contentType: answer.headers.get('content-type') ?? '', bytes: Buffer.from(await answer.arrayBuffer()) };
};
const here = (id: string): Publication[] => written.visible(clock.now()).filter(({ site }) => site === id);

describe('the sources', () => {
  it('are about thirty: twenty feeds of four formats and ten list pages, several not in UTF-8', () => {
    const kinds = Map.groupBy(county.sources(), ({ kind }) => kind);
    expect(kinds.get('feed')?.length).toBeGreaterThanOrEqual(20);
    expect(kinds.get('list')?.length).toBeGreaterThanOrEqual(10);
    expect(sites.filter(({ charset }) => charset !== 'utf-8').length).toBeGreaterThanOrEqual(10);
    expect(county.sources().every(({ allowPrivate, everySeconds }) => allowPrivate && everySeconds >= 10 && everySeconds <= 20)).toBe(true);
    expect(new Set(county.sources().map(({ url }) => url)).size).toBe(county.sources().length);
  });

  it('fit the kinds of sources there are', async () => {
    const kinds = await loadSources();
    for (const { kind, url, options } of county.sources())
      expect(kinds.get(kind).options.safeParse({ ...options, url }).success).toBe(true);
  });
});

describe('each feed', () => {
  it.each(sites.filter((site) => 'feed' in site.shape).map((site) => [site.id, site] as const))(
    '%s parses to what was written',
    async (id, site) => {
      at(early);
      const { url } = sourceOf(id);
      const { contentType, bytes } = await read(url);
      const feed = parseFeed(bytes, { url, contentType });
      expect(feed.title).toBe(`${site.name}（演示）`);
      expect(feed.charset).toBe(site.charset === 'utf-8' ? 'utf-8' : 'gb18030');
      const expected = here(id).reverse();
      expect(expected.length).toBeGreaterThan(0);
      expect(feed.entries.map(({ title }) => title)).toEqual(expected.map(({ title }) => title));
      expect(feed.entries.map(({ text }) => text)).toEqual(expected.map(({ paragraphs }) => paragraphs.join('\n')));
      for (const [i, { publishedAt, url: page }] of feed.entries.entries()) {
        expect(Math.abs((publishedAt?.getTime() ?? 0) - (expected[i]?.publishedAt.getTime() ?? 0))).toBeLessThan(1_000);
        expect(page).toBe(`${county.origin}/${id}/${expected[i]?.id}.html`);
      }
    },
  );

  it('has pages that can be opened', async () => {
    at(early);
    const item = here('bbs')[0] as Publication;
    expect((await read(`${county.origin}/bbs/${item.id}.html`)).status).toBe(200);
    expect((await read(`${county.origin}/bbs/`)).status).toBe(200);
    expect((await read(`${county.origin}/bbs/123.html`)).status).toBe(404);
  });
});

describe('each list page', () => {
  const lists = sites.filter((site) => 'list' in site.shape && site.fate === undefined);

  it.each(lists.map((site) => [site.id] as const))('%s is read, and so is each of its articles', async (id) => {
    at(early);
    const { url, options } = sourceOf(id);
    const page = await read(url);
    const selectors = { item: options.item, link: options.link, date: options.dateSelector } as Record<string, string | undefined>;
    const html = new TextDecoder(/charset=([\w-]+)/u.exec(page.contentType)?.[1] ?? 'utf-8').decode(page.bytes);
    const entries = await readList(html, { base: url, selectors, now: clock.now() });
    const expected = here(id).reverse();
    expect(expected.length).toBeGreaterThanOrEqual(4);
    expect(entries.map(({ title }) => title)).toEqual(expected.map(({ title }) => title));
    for (const [i, entry] of entries.entries()) {
      const { bytes, contentType } = await read(entry.url);
      const article = await readPage(bytes, { url: entry.url, contentType, now: clock.now() });
      const { title, paragraphs, publishedAt } = expected[i] as Publication;
      expect(article.title).toBe(title);
      expect(article.text).toBe(paragraphs.join('\n'));
      expect(article.publishedAt?.getTime()).toBe(Math.floor(publishedAt.getTime() / 60_000) * 60_000);
    }
  });

  it('gives copies the fingerprint they have in a feed', async () => {
    at(early);
    const kinds = await loadSources();
    const collect = async (id: string): Promise<RawItem[]> => {
      const source = sourceOf(id);
      const context = {
        fetch: (url: string, options = {}) => client.fetch(url, { ...options, allowPrivate: true }),
        signal: AbortSignal.timeout(20_000),
        now: clock.now(),
        state: {} as SourceState,
        report: () => {},
        known: async () => new Set<string>(),
      };
      return Array.fromAsync(kinds.get(source.kind).collect({ ...source.options, url: source.url }, context));
    };
    const [gov, portal, rongmei] = await Promise.all(['gov', 'portal', 'rongmei'].map(collect));
    const prints = [gov, portal, rongmei].map(
      (items) => new Set(items?.map((item) => prepareItem(item, { sourceId: 1, authorKind: 'unknown' }).fingerprint)),
    );
    const shared = [...(prints[0] ?? [])].filter((print) => prints.every((set) => set.has(print)));
    expect(shared.length).toBeGreaterThanOrEqual(1);
  });
});

describe('every document', () => {
  it('says that it is a demonstration', async () => {
    at(early);
    for (const { url, kind } of county.sources()) {
      const { bytes } = await read(url);
      const text = [new TextDecoder('utf-8').decode(bytes), new TextDecoder('gb18030').decode(bytes)].join();
      expect(text, url).toContain('观澜演示数据');
      expect(text.includes('（演示）'), url).toBe(true);
      expect(kind).toMatch(/^(?:feed|list)$/u);
    }
  });

  it('is not sent again unchanged', async () => {
    at(early);
    for (const id of ['rongmei', 'gov', 'tieba']) {
      const { url } = sourceOf(id);
      const first = await get(url);
      await first.arrayBuffer();
      const etag = first.headers.get('etag') ?? '';
      const modified = first.headers.get('last-modified') ?? '';
      expect((await get(url, { 'if-none-match': etag })).status).toBe(304);
      expect((await get(url, { 'if-none-match': '"other"', 'if-modified-since': modified })).status).toBe(200);
      expect((await get(url, { 'if-modified-since': modified })).status).toBe(304);
      at(early + 300);
      expect((await get(url, { 'if-none-match': etag })).status).toBe(200);
      at(early);
    }
    expect(county.stats().notModified).toBeGreaterThanOrEqual(6);
  });
});

describe('what becomes of sites', () => {
  it('one dies: first 404, then nobody answers', async () => {
    const { url } = sourceOf('tongcheng');
    at(149);
    expect((await read(url)).status).toBe(200);
    at(150);
    expect((await read(url)).status).toBe(404);
    at(211);
    await expect(read(url)).rejects.toThrow();
  });

  it('one moves for good', async () => {
    const { url } = sourceOf('gongre');
    at(91);
    const answer = await client.fetch(url, { allowPrivate: true });
    expect(answer.permanentRedirectTo).toMatch(/\/gongre\/rss\/v2\.xml$/u);
    expect(parseFeed(await answer.bytes()).entries.length).toBeGreaterThan(0);
  });

  it('one gets slow and asks for a name', async () => {
    const { url } = sourceOf('jiuban');
    at(61);
    const { bytes, contentType } = await read(url);
    expect(() => parseFeed(bytes, { url, contentType })).toThrow(/网页（HTML）/u);
  });

  it('one is not to be fetched, and a polite client does not', async () => {
    const robots = createRobots({ client, userAgent: 'Guanlan/0.1 (demo test)' });
    await expect(robots.check(sourceOf('neibu').url, { allowPrivate: true })).rejects.toMatchObject({ code: 'robots-disallowed' });
    await expect(robots.check(sourceOf('portal').url, { allowPrivate: true })).resolves.toBeDefined();
    expect((await read(sourceOf('neibu').url)).status).toBe(200);
  });
});

describe('the county', () => {
  it('takes another port when its own is taken', async () => {
    const port = Number(new URL(county.origin).port);
    const other = createDemoCounty({ clock, port });
    await other.start({ logger });
    expect(other.origin).not.toBe(county.origin);
    await other.stop();
  });

  it('is shut when stopped', async () => {
    const other = createDemoCounty({ clock, port: 0 });
    expect(() => other.origin).toThrow(/没有启动/u);
    await other.start({ logger });
    const { origin } = other;
    expect((await read(`${origin}/`)).status).toBe(200);
    await other.stop();
    await expect(read(`${origin}/`)).rejects.toThrow();
    await other.stop();
  });
});
