import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSitemap } from './read.ts';

const url = 'https://www.example.org/sitemap.xml';
const read = (text: string) => readSitemap(Buffer.from(text), { url });

it('reads an index, with prefixes and without a namespace', () => {
  const sitemap = read(
    '<sm:sitemapindex><sm:sitemap><sm:loc> https://www.example.org/1.xml </sm:loc><sm:lastmod>2026-11-23</sm:lastmod></sm:sitemap></sm:sitemapindex>',
  );
  expect(sitemap).toEqual({
    index: true,
    entries: [{ url: 'https://www.example.org/1.xml', modifiedAt: new Date('2026-11-23T00:00:00Z'), title: '', publishedAt: null }],
  });
});

it('reads plain text, one address to a line, and gzip', () => {
  const bytes = gzipSync('https://www.example.org/1\r\nhttps://www.example.org/2\nnonsense\n');
  expect(readSitemap(bytes, { url }).entries.map((entry) => entry.url)).toEqual(['https://www.example.org/1', 'https://www.example.org/2']);
});

it('gives what can be read of a broken one', () => {
  expect(read('<urlset><url><loc>/1</loc><url><loc>/2</loc></urlset>').entries.map((entry) => entry.url)).toContain(
    'https://www.example.org/2',
  );
});

it.each([['<html><body>登录</body></html>'], ['<rss version="2.0"/>'], ['']])('refuses %s', (text) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code: 'not-a-list' }));
});

it('refuses a gzip file that is damaged or holds too much', () => {
  expect(() => readSitemap(gzipSync('x').subarray(0, 12), { url })).toThrow(expect.objectContaining({ code: 'not-a-list' }));
  expect(() => readSitemap(gzipSync(Buffer.alloc(40 * 1024 * 1024)), { url })).toThrow(expect.objectContaining({ code: 'body-too-large' }));
});

it('reads no more entries than the protocol allows', () => {
  expect(read(`<urlset>${'<url><loc>/a</loc></url>'.repeat(60_000)}</urlset>`).entries).toHaveLength(50_000);
});
