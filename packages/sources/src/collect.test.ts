import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { GuanlanError, type RawItem } from '@guanlan/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CollectContext, Fetch, SourceState } from './define.ts';
import { loadSources } from './load.ts';

/** What a site answers with; a number is a status. `{origin}` stands for the site. */
const pages = new Map<string, string | Buffer | number>();
const requests: string[] = [];
const server = createServer((request, response) => {
  const path = decodeURIComponent(request.url ?? '');
  const page = pages.get(path) ?? 404;
  const body = typeof page === 'string' ? page.replaceAll('{origin}', origin) : page;
  requests.push(path);
  const etag = `"${createHash('sha256').update(String(body)).digest('hex').slice(0, 16)}"`;
  if (typeof body !== 'number' && request.headers['if-none-match'] === etag) return void response.writeHead(304).end();
  response.writeHead(typeof body === 'number' ? body : 200, { etag, 'content-type': 'text/html; charset=utf-8' });
  response.end(typeof body === 'number' ? '' : body);
});
let origin = '';
const { get } = await loadSources();
const now = new Date('2026-11-23T12:00:00+08:00');

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  pages.clear();
  requests.length = 0;
});

/** One check; `state` is what the source remembers, changed only when it ends well. */
async function check(kind: string, options: Record<string, unknown>, state: SourceState, change: Partial<CollectContext> = {}) {
  const items: RawItem[] = [];
  const reported: SourceState = {};
  const context: CollectContext = {
    fetch,
    signal: AbortSignal.timeout(20_000),
    now,
    known: async () => new Set<string>(),
    report: (report) => void Object.assign(reported, report),
    ...change,
    state: structuredClone(state),
  };
  for await (const item of get(kind).collect(options, context)) items.push(item);
  Object.assign(state, JSON.parse(JSON.stringify(reported)));
  return items;
}

/** The narrow interface over Node's own fetch; the guarded client has tests of its own. */
const fetch: Fetch = async (url, { etag } = {}) => {
  const answer = await globalThis.fetch(url, { headers: etag ? { 'if-none-match': etag } : {} });
  const { status } = answer;
  if (status === 410) throw new GuanlanError('http-gone', `${url} 已停用`, { details: { status } });
  if (!answer.ok && status !== 304) throw new GuanlanError('http-status', `${url} 返回 ${status}`, { details: { status } });
  return {
    status,
    url: answer.url,
    headers: Object.fromEntries(answer.headers),
    etag: answer.headers.get('etag'),
    lastModified: null,
    notModified: status === 304,
    permanentRedirectTo: null,
    bytes: async () => new Uint8Array(await answer.arrayBuffer()),
    cancel: () => void answer.body?.cancel(),
  };
};

const article = (title: string) =>
  `<html><head><title>${title}</title></head><body><h1>${title}</h1><p>${'正文讲了一件事情。'.repeat(30)}</p></body></html>`;
const titles = ['河西街东段因管道检修停水', '文昌小区三号楼供暖温度偏低', '城东农贸市场东侧库房起火', '校园周边食品安全联合检查'];
const list = (names: readonly string[]) =>
  `<ul>${names.map((title, i) => `<li><a href="/a/1000${i}.html">${title}</a><span>2026-11-2${i}</span></li>`).join('')}</ul>`;

describe('list', () => {
  it('asks once for an article that is gone, and forgets it when it is listed no more', async () => {
    pages.set('/', list(titles));
    for (const [i, page] of [article(titles[0] ?? ''), 404, 410, article(titles[3] ?? '')].entries()) pages.set(`/a/1000${i}.html`, page);
    const state: SourceState = {};
    expect(await check('list', { url: `${origin}/` }, state)).toHaveLength(2);
    expect(requests.filter((path) => path === '/a/10001.html')).toHaveLength(1);
    expect(state.gone).toHaveLength(2);
    expect(state.etag).toBeTruthy();

    requests.length = 0;
    delete state.etag;
    const stored = new Set([`${origin}/a/10000.html`, `${origin}/a/10003.html`]);
    expect(await check('list', { url: `${origin}/` }, state, { known: async () => stored })).toEqual([]);
    expect(requests).toEqual(['/']);

    pages.set('/', list(titles).replaceAll('/a/1000', '/b/1000'));
    for (let i = 0; i < 4; i++) pages.set(`/b/1000${i}.html`, article(titles[i] ?? ''));
    expect(await check('list', { url: `${origin}/` }, state)).toHaveLength(4);
    expect(state.gone).toEqual([]);
  });
});

describe('sitemap', () => {
  const urlset = (...urls: string[]) => `<urlset>${urls.map((url) => `<url>${url}</url>`).join('')}</urlset>`;

  it('reads the sitemaps of an index that changed, gzip too, and only pages of the last days', async () => {
    pages.set(
      '/s.xml',
      '<sitemapindex><sitemap><loc>/new.xml.gz</loc><lastmod>2026-11-23</lastmod></sitemap><sitemap><loc>/same.xml</loc></sitemap></sitemapindex>',
    );
    pages.set(
      '/new.xml.gz',
      gzipSync(urlset('<loc>/1.html</loc><lastmod>2026-11-22</lastmod>', '<loc>/2.html</loc><lastmod>2026-10-01</lastmod>')),
    );
    pages.set('/same.xml', urlset('<loc>/3.html</loc><lastmod>2026-11-21</lastmod>'));
    for (const i of [1, 2, 3]) pages.set(`/${i}.html`, article(titles[i] ?? ''));
    const state: SourceState = {};
    const items = await check('sitemap', { url: `${origin}/s.xml` }, state);
    expect(items.map((item) => [item.url, item.publishedAt?.toISOString()])).toEqual([
      [`${origin}/1.html`, '2026-11-22T00:00:00.000Z'],
      [`${origin}/3.html`, '2026-11-21T00:00:00.000Z'],
    ]);

    // The index answers 304, the sitemaps are asked with validators of their own.
    pages.set('/same.xml', urlset('<loc>/4.html</loc><lastmod>2026-11-23</lastmod>'));
    pages.set('/4.html', article('新的一篇文章的标题'));
    requests.length = 0;
    expect((await check('sitemap', { url: `${origin}/s.xml` }, state)).map((item) => item.title)).toEqual(['新的一篇文章的标题']);
    expect(requests).toEqual(['/s.xml', '/new.xml.gz', '/same.xml', '/4.html']);
  });

  it('remembers addresses without a date at its first look, and brings those that come later', async () => {
    pages.set('/s.xml', urlset('<loc>/1.html</loc>', '<loc>/2.html</loc>'));
    const state: SourceState = {};
    expect(await check('sitemap', { url: `${origin}/s.xml` }, state)).toEqual([]);
    pages.set('/s.xml', urlset('<loc>/1.html</loc>', '<loc>/2.html</loc>', '<loc>/3.html</loc>'));
    pages.set('/3.html', article('后来的一篇文章'));
    expect((await check('sitemap', { url: `${origin}/s.xml` }, state)).map((item) => item.title)).toEqual(['后来的一篇文章']);
    expect(await check('sitemap', { url: `${origin}/s.xml` }, state)).toEqual([]);
  });

  it('says so when it cannot tell new from old', async () => {
    pages.set('/s.xml', urlset(...Array.from({ length: 3_000 }, (_, i) => `<loc>/${i}.html</loc>`)));
    await expect(check('sitemap', { url: `${origin}/s.xml` }, {})).rejects.toThrow(/没有日期/u);
  });
});

describe('page', () => {
  const board = (...lines: string[]) =>
    `<html><head><title>公告板</title></head><body><p>您是第 ${requests.length} 位访客</p><div>${lines.map((line) => `<p>${line}</p>`).join('')}</div></body></html>`;
  const old = '十一月二十日：河西街东段因管道检修，九时至十七时停水。';
  const fresh = '十一月二十四日：文昌路配电设备更换，八时至十二时停电。';

  it('brings only the text that is new, each change an item of its own', async () => {
    const state: SourceState = {};
    const options = { url: `${origin}/board` };
    pages.set('/board', board(old));
    expect(await check('page', options, state)).toEqual([]);
    pages.set('/board', board(fresh, old));
    const [first, ...none] = await check('page', options, state);
    expect(first).toMatchObject({ title: fresh, text: fresh, publishedAt: now });
    expect(first?.url).toMatch(/\/board#\/[0-9a-f]{12}$/u);
    expect(none).toEqual([]);
    // What comes back, or goes, is not new; nor is a counter.
    pages.set('/board', board(old));
    expect(await check('page', options, state)).toEqual([]);
    pages.set('/board', board(old, fresh, '第三条公告：今日起恢复供水。'));
    expect((await check('page', options, state)).map((item) => item.text)).toEqual(['第三条公告：今日起恢复供水。']);
  });

  it('says when the part it should watch is no longer there', async () => {
    pages.set('/board', board(old));
    await expect(check('page', { url: `${origin}/board`, area: '#gone' }, {})).rejects.toThrow(/改版/u);
    await expect(check('page', { url: `${origin}/board`, area: '<<' }, {})).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('json', () => {
  it('turns pages until there is nothing new', async () => {
    for (const i of [1, 2, 3]) pages.set(`/api?p=${i}`, JSON.stringify({ d: i === 3 ? [] : [{ t: `第 ${i} 页的标题`, u: `/a/${i}` }] }));
    const options = { url: `${origin}/api?p={page}`, items: '$.d[*]', title: '$.t', link: '$.u', pages: 9 };
    await expect(check('json', { ...options, items: '$.d[' }, {})).rejects.toMatchObject({ code: 'bad-input' });
    expect(await check('json', { ...options, items: '$.d' }, {})).toHaveLength(2);
    expect(requests).toEqual(['/api?p=1', '/api?p=2', '/api?p=3']);
    requests.length = 0;
    await check('json', options, {}, { known: async (urls) => new Set(urls) });
    expect(requests).toEqual(['/api?p=1']);
  });

  it('needs a mapping or a preset', async () => {
    await expect(check('json', { url: `${origin}/api` }, {})).rejects.toThrow(/preset/u);
  });
});

describe('rsshub', () => {
  it('joins instance, route and key', async () => {
    pages.set(
      '/weibo/keyword/青禾?key=k',
      '<rss version="2.0"><channel><title>关键词</title><item><title>一条</title></item></channel></rss>',
    );
    const options = { url: 'rsshub://weibo/keyword/青禾', instance: `${origin}/`, key: 'k' };
    expect(await check('rsshub', options, {})).toMatchObject([{ title: '一条' }]);
  });

  it('says what the instance lacks', async () => {
    pages.set('/zhihu/hot', 503);
    await expect(check('rsshub', { url: `${origin}/zhihu/hot` }, {})).rejects.toThrow(/ZHIHU_COOKIES/u);
    pages.set('/x/y', '<html>Welcome to RSSHub</html>');
    await expect(check('rsshub', { url: `${origin}/x/y` }, {})).rejects.toMatchObject({ code: 'not-a-feed' });
    await expect(check('rsshub', { url: `${origin}/none` }, {})).rejects.toThrow(/没有这个路由/u);
    await expect(check('rsshub', { url: 'rsshub://zhihu/hot' }, {})).rejects.toMatchObject({ code: 'bad-input' });
  });
});
