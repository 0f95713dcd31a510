import { GuanlanError } from '@guanlan/domain';
import { decode } from '../decode.ts';
import { readFeedDate } from '../feed/date.ts';
import { absolute } from '../feed/entry.ts';
import { readXml } from '../feed/xml.ts';
import { oneLine } from '../text.ts';
import { unzipped } from '../unzip.ts';

/** One address of a sitemap: a page, or another sitemap. */
export interface SitemapEntry {
  url: string;
  modifiedAt: Date | null;
  /** Of a news sitemap (xmlns:news): title and time of publication. */
  title: string;
  publishedAt: Date | null;
}

export interface Sitemap {
  /** Whether it lists other sitemaps. */
  index: boolean;
  entries: SitemapEntry[];
}

/** By the protocol (https://www.sitemaps.org/protocol.html); what is over it is left out. */
const entryLimit = 50_000;

/**
 * Reads a sitemap or an index of sitemaps: XML or plain text, gzip or not. Ill-formed documents give what can be read.
 *
 * @throws GuanlanError `not-a-list` when it is neither; `body-too-large`
 */
export function readSitemap(bytes: Uint8Array, options: { url: string; contentType?: string | undefined }): Sitemap {
  const damaged = (cause: unknown) => new GuanlanError('not-a-list', `站点地图的压缩文件已损坏：${options.url}`, { cause });
  const { text } = decode(unzipped(bytes, damaged), { contentType: options.contentType });
  const lines = /^\s*https?:\/\/\S/u.test(text) && !text.includes('<') ? text.split(/\r?\n/u) : null;
  const sitemap = lines === null ? readDocument(text, options.url) : { index: false, entries: lines.flatMap((line) => plainEntry(line)) };
  if (sitemap === null) throw new GuanlanError('not-a-list', `内容不是站点地图（sitemap）：${options.url}。可改用“列表页”类型。`);
  return sitemap;
}

function plainEntry(line: string): SitemapEntry[] {
  const url = absolute(line, null);
  return url === null ? [] : [{ url, modifiedAt: null, title: '', publishedAt: null }];
}

/** Of what stands directly in an entry the local name counts: prefixes and namespaces are wrong on many sites. */
const direct: Readonly<Record<string, keyof Draft | undefined>> = { __proto__: null as never, loc: 'loc', lastmod: 'lastmod' };
const news: Readonly<Record<string, keyof Draft | undefined>> = {
  __proto__: null as never,
  'news:title': 'title',
  'news:publication_date': 'published',
};

interface Draft {
  loc: string;
  lastmod: string;
  title: string;
  published: string;
}

function readDocument(text: string, base: string): Sitemap | null {
  let root: string | null = null;
  let draft: Draft | null = null;
  let field: keyof Draft | undefined;
  let depth = 0;
  let entryDepth = 0;
  const entries: SitemapEntry[] = [];
  const handler = {
    wantsText: false,
    open(name: string) {
      const local = name.slice(name.lastIndexOf(':') + 1);
      root ??= local;
      depth += 1;
      if (local === 'url' || local === 'sitemap') {
        draft = { loc: '', lastmod: '', title: '', published: '' };
        entryDepth = depth;
      }
      // The pictures and videos of a page have addresses and titles of their own, one level down.
      field = draft === null ? undefined : depth === entryDepth + 1 ? direct[local] : news[name];
      handler.wantsText = field !== undefined;
    },
    text(value: string) {
      if (draft !== null && field !== undefined && draft[field].length < 4_000) draft[field] += value;
    },
    close(name: string) {
      depth -= 1;
      field = undefined;
      handler.wantsText = false;
      const local = name.slice(name.lastIndexOf(':') + 1);
      if (draft === null || (local !== 'url' && local !== 'sitemap')) return;
      const url = absolute(draft.loc, base);
      if (url !== null && entries.length < entryLimit) {
        const dates = { modifiedAt: readFeedDate(draft.lastmod), publishedAt: readFeedDate(draft.published) };
        entries.push({ url, title: oneLine(draft.title).slice(0, 500), ...dates });
      }
      draft = null;
    },
  };
  readXml(text, handler);
  const name = root as string | null;
  return name === 'urlset' || name === 'sitemapindex' ? { index: name === 'sitemapindex', entries } : null;
}
