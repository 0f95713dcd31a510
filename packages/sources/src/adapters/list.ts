import { type RawItem, toGuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { type CrawledPage, crawlPages, isMarkup } from '../crawl.ts';
import { decode } from '../decode.ts';
import { defineSource } from '../define.ts';
import { type ListEntry, readList } from '../list/read.ts';
import { readPage } from '../page/read.ts';

const maxBytes = 8 * 1024 * 1024;
const selector = z.string().trim().min(1).max(500).optional();

export default defineSource({
  kind: 'list',
  title: '列表页（栏目、公告）',
  options: z.object({
    url: z.url({ protocol: /^https?$/u }).meta({ title: '列表页地址' }),
    item: selector.meta({ title: '每一条的选择器（可不填）' }),
    link: selector.meta({ title: '链接的选择器（可不填）' }),
    title: selector.meta({ title: '标题的选择器（可不填）' }),
    date: selector.meta({ title: '日期的选择器（可不填）' }),
    limit: z.coerce.number().int().min(1).max(200).default(30).meta({ title: '每次最多采集篇数' }),
  }),
  async *collect({ url, item, link, title, date, limit }, { fetch, signal, now, state, report, known }) {
    const answer = await fetch(url, { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal });
    if (answer.permanentRedirectTo !== null) report({ movedTo: answer.permanentRedirectTo });
    if (answer.notModified) return;
    const { text } = decode(await answer.bytes(), { contentType: answer.headers['content-type'] });
    const selectors = { item, link, title, date };
    const listed = (await readList(text, { base: answer.url, selectors, now })).filter((entry) => sameSite(entry.url, answer.url));
    const stored = await known(listed.map((entry) => entry.url));
    const fresh = listed.filter((entry) => !stored.has(entry.url));
    const due = fresh.slice(0, limit);

    const faults: unknown[] = [];
    const pages = await crawlPages(
      due.map((entry) => entry.url),
      { fetch, signal, failed: (_, error) => faults.push(error) },
    );
    const byUrl = new Map(pages.map((page) => [page.url, page]));
    for (const entry of due) {
      const page = byUrl.get(entry.url);
      if (page !== undefined) yield await itemOf(entry, page, now);
    }
    if (faults.length > 0 && pages.length === 0) throw toGuanlanError(faults[0]);
    // What is left over or failed must be seen again: then the list counts as not yet read.
    if (fresh.length === due.length && pages.length === due.length) report({ etag: answer.etag, lastModified: answer.lastModified });
  },
});

/** The page's own title, text and time; the list's word where the page has none. A file (PDF, Word) is named, not read. */
async function itemOf(entry: ListEntry, page: CrawledPage, now: Date): Promise<RawItem> {
  const named = { url: entry.url, externalId: null, title: entry.title, text: '', publishedAt: entry.publishedAt };
  if (!isMarkup(page.contentType)) return named;
  const { title, text, publishedAt } = await readPage(page.bytes, { url: page.loadedUrl, contentType: page.contentType, now });
  return { ...named, title: betterTitle(entry.title, title), text, publishedAt: precise(publishedAt, entry.publishedAt) };
}

/** A list cuts long titles short; a page may be titled after its column. */
function betterTitle(listed: string, own: string): string {
  const start = listed.replace(/(?:\.{3}|…)+$/u, '');
  if (own === '') return listed;
  return own.includes(start) || start !== listed ? own : listed;
}

function precise(own: Date | null, listed: Date | null): Date | null {
  if (own === null || listed === null) return own ?? listed;
  // Days apart, the page's date is somebody else's: a notice's subject, a comment, a copyright line.
  return Math.abs(own.getTime() - listed.getTime()) > 2 * 86_400_000 ? listed : own;
}

/** Same host, or hosts of one site (www. and the bare name, subdomains of it). */
function sameSite(url: string, base: string): boolean {
  const a = URL.parse(url);
  const b = URL.parse(base);
  if (a === null || b === null) return false;
  const bare = (host: string) => host.replace(/^(?:www|m)\./u, '');
  const [x, y] = [bare(a.hostname), bare(b.hostname)];
  if (x === y) return a.port === b.port || a.port === '' || b.port === '';
  return x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}
