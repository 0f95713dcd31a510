import { readFile } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue/catalogue.ts';
import { decode } from './decode.ts';
import { feedLimits } from './feed/feed.ts';
import { parseFeed } from './feed/parse.ts';
import { readJson } from './json/read.ts';
import { readList } from './list/read.ts';
import { loadSources } from './load.ts';
import { readBlocks } from './page/blocks.ts';
import { readPage } from './page/read.ts';
import { readSitemap } from './sitemap/read.ts';

const fixture = (path: string) => readFile(new URL(`../fixtures/${path}`, import.meta.url));
const feed = await fixture('feed/feed.xml');
const article = await fixture('list/article-1.page');
const list = await fixture('list/index.page');
const sitemap = await fixture('sitemap/sitemap.xml');
const answer = await fixture('json/list.json');
const subscriptions = Buffer.from(
  '<opml><body><outline text="甲"><outline text="乙" xmlUrl="https://example.org/feed"/></outline></body></opml>',
);
const catalogue = Buffer.from('sources:\n  - { name: 甲, kind: list, url: "https://example.org/", every: 5m, options: { limit: 3 } }\n');
const kinds = await loadSources();

const scrap = fc.constantFrom(
  '<',
  '>',
  '&',
  '&amp;',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<item>',
  '</item>',
  '<!DOCTYPE a [',
  '<?',
  '"',
  "'",
  '\0',
  'xmlns="',
  '</',
  '<p',
  '<script>',
  '&#xD800;',
  '\ufeff',
  '<title>',
);
type Edit = { at: number; drop: number; insert: Uint8Array };
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.nat(60),
  insert: fc.oneof(
    scrap.map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 8 }),
  ),
});

function mutate(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let result = Buffer.from(bytes);
  for (const { at, drop, insert } of edits) {
    const from = Math.floor(at * result.length);
    result = Buffer.concat([result.subarray(0, from), insert, result.subarray(from + drop)]);
  }
  return result;
}

const bounded = { numRuns: 400, seed: 20_261_123 };

describe('mutated documents give an answer or an error of ours', () => {
  it('feeds', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
        const bytes = mutate(feed, edits);
        try {
          const { entries, title } = parseFeed(bytes, { url: 'https://example.org/feed' });
          expect(JSON.stringify({ entries, title }).length).toBeLessThan(bytes.length * 8 + 1_000);
          for (const each of entries) expect(each.url === null || /^https?:/u.test(each.url)).toBe(true);
        } catch (error) {
          if (!(error instanceof GuanlanError)) throw error;
        }
      }),
      { ...bounded, numRuns: 1_500 },
    );
  });

  it('pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
        const bytes = mutate(article, edits);
        const page = await readPage(bytes, { url: 'https://example.org/1' });
        expect(page.text.length).toBeLessThan(bytes.length * 2);
        expect(page.publishedAt === null || !Number.isNaN(page.publishedAt.getTime())).toBe(true);
      }),
      bounded,
    );
  });

  it('lists', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
        try {
          for (const { url } of await readList(decode(mutate(list, edits)).text, { base: 'https://example.org/' }))
            expect(url).toMatch(/^https?:/u);
        } catch (error) {
          if (!(error instanceof GuanlanError)) throw error;
        }
      }),
      bounded,
    );
  });

  it.each<[string, Uint8Array, (bytes: Uint8Array) => unknown]>([
    ['sitemaps', sitemap, (bytes) => readSitemap(bytes, { url: 'https://example.org/s.xml' })],
    [
      'interfaces',
      answer,
      (bytes) =>
        readJson(decode(bytes).text, { items: '$..list[*]', title: '$.subject' }, { url: 'https://example.org/', now: new Date(0) }),
    ],
    ['OPML', subscriptions, (bytes) => readCatalogue(decode(bytes).text, kinds)],
    ['YAML', catalogue, (bytes) => readCatalogue(decode(bytes).text, kinds)],
    ['watched pages', article, (bytes) => readBlocks(decode(bytes).text, { url: 'https://example.org/', area: '.content' })],
  ])('%s', async (_, document, read) => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 12 }), async (edits) => {
        try {
          await read(mutate(document, edits));
        } catch (error) {
          if (!(error instanceof GuanlanError)) throw error;
        }
      }),
      bounded,
    );
  });

  it('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          parseFeed(bytes);
        } catch (error) {
          if (!(error instanceof GuanlanError)) throw error;
        }
      }),
      bounded,
    );
  });
});

/** Each of these took minutes or all memory in some parser. The runner's time limit is what fails them. */
describe('documents made to hurt', () => {
  const many = 200_000;
  const rss = (content: string) =>
    `<rss version="2.0"><channel><item><title>甲</title><description>${content}</description></item></channel></rss>`;
  const laughs = Array.from({ length: 20 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  it.each([
    ['nested elements', '<a>'.repeat(many)],
    ['nested markup in an entry', rss(`${'<b>'.repeat(many)}x${'</b>'.repeat(many)}`)],
    ['unclosed lines in an entry', rss('<br>'.repeat(many))],
    ['end tags of nothing', rss('<b>'.repeat(150) + '</c>'.repeat(many))],
    ['unclosed items', `<rss><channel>${'<item>'.repeat(many)}`],
    ['attributes', `<rss ${'a="b" '.repeat(many)}><channel/></rss>`],
    ['namespaces', `<rss>${Array.from({ length: 20_000 }, (_, i) => `<item xmlns:n${i}="urn:${i}"><n${i}:x/>`).join('')}`],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${rss('&l20;'.repeat(1_000))}`],
    ['quadratic entities', `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(4_000)}">]>${rss('&a;'.repeat(many))}`],
    ['an unclosed document type', `<!DOCTYPE x [${'<!ENTITY a "b"'.repeat(20_000)}`],
    ['blanks', rss(' '.repeat(1_000_000))],
    ['brackets', rss(`<![CDATA[${'<'.repeat(500_000)}]]>`)],
    ['nested JSON', '['.repeat(many)],
  ])('%s: the feed reader', (_, document) => {
    try {
      const parsed = parseFeed(Buffer.from(document));
      expect(parsed.entries.length).toBeLessThanOrEqual(feedLimits.entries);
      for (const each of parsed.entries) expect(each.text.length).toBeLessThanOrEqual(feedLimits.text);
      expect(JSON.stringify(parsed).length).toBeLessThan(document.length * 2 + 400_000);
    } catch (error) {
      if (!(error instanceof GuanlanError)) throw error;
    }
  });

  it.each([
    ['nested elements', '<div>'.repeat(many)],
    ['chains of elements', `${'<div>'.repeat(30)}正文，正文${'</div>'.repeat(30)}`.repeat(800)],
    ['steep chains', `${'<div>'.repeat(200)}正文，${'</div>'.repeat(200)}`.repeat(14)],
    ['paragraphs', `<div>${'<p>正文，正文正文，正文。'.repeat(24_000)}</div>`],
    ['deep columns', `${'<div>'.repeat(240)}正文${'</div>'.repeat(240)}`.repeat(60)],
    ['brackets', '<'.repeat(1_000_000)],
    ['references', `<p>${'&nbsp;&a;'.repeat(many)}`],
    ['digits', `<h1>标题标题标题</h1>${'2026-11-'.repeat(50_000)}`],
    ['links', `<ul>${'<li><a href="/a/12345.html">关于某事的一条新闻标题</a>'.repeat(30_000)}`],
  ])('%s: the page and list readers', async (_, document) => {
    await readPage(Buffer.from(document), { url: 'https://example.org/', now: new Date(0) });
    await readList(document, { base: 'https://example.org/', now: new Date(0) }).catch((error: unknown) => {
      if (!(error instanceof GuanlanError)) throw error;
    });
  });
});
