import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readPage } from './read.ts';

const paragraphs = [
  '今年入冬以来，县里组织各乡镇对养老机构、学校食堂和农贸市场开展消防安全检查，累计检查场所一百二十余处，发现隐患六十三条。',
  '检查组要求，各单位要落实主体责任，疏散通道不得堆放杂物，灭火器材要定期检查，值班人员要会使用、会报警、会组织疏散。',
  '有关负责人表示，下一步将对未按期整改的场所进行复查，并把检查结果向社会公布，欢迎群众通过热线反映身边的安全隐患。',
];
const body = `<div class="article">${paragraphs.map((text) => `<p>${text}</p>`).join('')}</div>`;
const page = (head: string, before: string) =>
  `<!DOCTYPE html><html><head>${head}</head><body><ul><li><a href="/">首页</a></li></ul>${before}${body}</body></html>`;
const read = (html: string) =>
  readPage(Buffer.from(html), { url: 'https://www.example.org/a/1.html#top', now: new Date('2026-11-23T12:00:00+08:00') });

it('reads the article and nothing around it', async () => {
  const { text, charset, canonicalUrl, siteName, title } = await read(
    page('<title>县里开展消防检查_某县人民政府</title>', '<h1>县里开展消防检查</h1>'),
  );
  expect({ charset, canonicalUrl, siteName, title }).toEqual({
    charset: 'utf-8',
    canonicalUrl: 'https://www.example.org/a/1.html',
    siteName: '某县人民政府',
    title: '县里开展消防检查',
  });
  expect(text).toBe(paragraphs.join('\n'));
});

describe('title', () => {
  it.each([
    ['<title>第三水厂检修停水的通知_通知公告_某县人民政府网</title>', '', '第三水厂检修停水的通知'],
    ['<title>第三水厂检修停水的通知-通知公告-某某新闻网</title>', '', '第三水厂检修停水的通知'],
    ['<title>新冠-19 疫苗接种点调整的通知</title>', '', '新冠-19 疫苗接种点调整的通知'],
    ['<title>城东-城西公交线路调整 今起执行_某站</title>', '<h2>城东-城西公交线路调整 今起执行</h2>', '城东-城西公交线路调整 今起执行'],
    ['<title>通知公告</title>', '<h1>第三水厂检修停水的通知</h1>', '第三水厂检修停水的通知'],
    [
      '<meta property="og:title" content="第三水厂检修停水的通知"><title>第三水厂检修停水的通知 某站点的一句宣传语</title>',
      '',
      '第三水厂检修停水的通知',
    ],
  ])('%s', async (head, before, title) => expect((await read(page(head, before))).title).toBe(title));
});

describe('publishedAt', () => {
  const title = '<title>县里开展消防检查</title>';
  it.each([
    [`${title}<meta property="article:published_time" content="2026-11-20T08:00:00+08:00">`, '', '2026-11-20T00:00:00.000Z'],
    [
      `${title}<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-20T08:00:00+08:00",}</script>`,
      '',
      '2026-11-20T00:00:00.000Z',
    ],
    [title, '<h1>县里开展消防检查</h1><span>来源：县融媒体 2026年11月20日 08:00</span>', '2026-11-20T00:00:00.000Z'],
    [title, '<p>时间：2026-11-20 08:00</p><h1>县里开展消防检查</h1>', '2026-11-20T00:00:00.000Z'],
    [title, '<h1>县里开展消防检查</h1><span>3小时前</span>', '2026-11-23T01:00:00.000Z'],
    [
      `${title}<meta name="PubDate" content="2026-11-20">`,
      '<h1>县里开展消防检查</h1><span>2026-11-20 08:00</span>',
      '2026-11-20T00:00:00.000Z',
    ],
  ])('%s %s', async (head, before, iso) => expect((await read(page(head, before))).publishedAt?.toISOString()).toBe(iso));

  it.each([
    ['<meta name="publishdate" content="20261120080000">', '2026-11-20T00:00:00.000Z'],
    ['<meta name="pubdate" content="Fri, 20 Nov 2026 00:00:00 GMT">', '2026-11-20T00:00:00.000Z'],
    ['<meta property="article:published_time" content="1795132800">', '2026-11-20T00:00:00.000Z'],
  ])('%s', async (meta, iso) =>
    expect((await read(page(`${title}${meta}`, '<h1>县里开展消防检查</h1>'))).publishedAt?.toISOString()).toBe(iso),
  );

  it('is not the day of what the page announces', async () => {
    const html = page('<title>12月5日起河西街停水</title>', '<h1>12月5日起河西街停水</h1><p>停水时间：2026年12月5日</p>');
    expect((await read(html)).publishedAt).toBeNull();
  });

  it('is null where there is none, and not the year of the copyright', async () => {
    const html = page(title, '<h1>县里开展消防检查</h1>').replace('</body>', '<div>版权所有 2019-01-01 某县</div></body>');
    expect((await read(html)).publishedAt).toBeNull();
  });
});

it('reads a page whose declaration is wrong', async () => {
  const html = page('<meta charset="utf-8"><title>县里开展消防检查</title>', '');
  expect(await readPage(iconv.encode(html, 'gb18030'))).toMatchObject({
    charset: 'gb18030',
    title: '县里开展消防检查',
    url: null,
    canonicalUrl: null,
  });
});

it("believes a page's canonical address, but not its site's front page", async () => {
  expect((await read(page('<link rel="canonical" href="/b/2.html">', ''))).canonicalUrl).toBe('https://www.example.org/b/2.html');
  expect((await read(page('<link rel="canonical" href="https://www.example.org/">', ''))).canonicalUrl).toBe(
    'https://www.example.org/a/1.html',
  );
});

it('reads a page too deep for a tree as text', async () => {
  const { title, text } = await read(`<html><title>很深的页面</title><body>${'<div>'.repeat(200_000)}正文`);
  expect({ title, text }).toEqual({ title: '很深的页面', text: '很深的页面\n正文' });
});
