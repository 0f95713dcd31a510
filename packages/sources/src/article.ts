import { GuanlanError, keyOfUrl, type RawItem, toGuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { type CrawledPage, crawlPages, isMarkup } from './crawl.ts';
import type { CollectContext } from './define.ts';
import { readPage } from './page/read.ts';

/** An article that a list page or a sitemap names. */
export interface ListedArticle {
  url: string;
  /** Empty where the list only names addresses. */
  title: string;
  publishedAt: Date | null;
  /** Counts as the time of publication only where nobody says another. */
  modifiedAt?: Date | null;
}

/** Articles that answered 404 or 410 are remembered while they are listed; no list that is read has more entries. */
const goneLimit = 500;

/**
 * Fetches the pages of those listed articles that are new, at most `limit`, and yields them in the list's order. Articles that
 * are gone (404, 410) are remembered and not asked for again. Where nothing is new, one that is known is read again now and then: somebody
 * may have changed it.
 *
 * @returns whether nothing was left over: only then may the list's validators be stored
 * @throws GuanlanError of the first page when none could be had
 */
export async function* collectArticles(
  listed: readonly ListedArticle[],
  limit: number,
  { fetch, signal, now, state, report, known, skipped }: CollectContext,
): AsyncGenerator<RawItem, boolean> {
  const before = new Set(Array.isArray(state.gone) ? state.gone : []);
  const stored = await known(listed.map((entry) => entry.url));
  const fresh = listed.filter((entry) => !stored.has(entry.url) && !before.has(keyOfUrl(entry.url)));
  const due = fresh.slice(0, limit);

  const faults: unknown[] = [];
  const gone = new Set<string>();
  const failed = (url: string, error: unknown) => {
    if (isGone(error)) gone.add(url);
    else faults.push(error);
    skipped?.(url, toGuanlanError(error).message);
  };
  for (const entry of listed) if (stored.has(entry.url)) skipped?.(entry.url, '已经存入');
  for (const entry of fresh.slice(limit)) skipped?.(entry.url, `超过每次 ${limit} 篇的上限，下次再读`);
  const again = due.length === 0 ? toReread(listed, stored, state.reread, now) : null;
  if (again !== null) report({ reread: again.state });
  if (again?.entry !== undefined) {
    // That it cannot be had now is no fault of the list.
    const [page] = await crawlPages([again.entry.url], { fetch, signal });
    if (page !== undefined) yield await itemOf(again.entry, page, now);
  }
  const pages = await crawlPages(
    due.map((entry) => entry.url),
    { fetch, signal, failed },
  );
  const byUrl = new Map(pages.map((page) => [page.url, page]));
  for (const entry of due) {
    const page = byUrl.get(entry.url);
    if (page !== undefined) yield await itemOf(entry, page, now);
  }
  if (faults.length > 0 && pages.length === 0) throw toGuanlanError(faults[0]);
  const remembered = listed.filter((entry) => gone.has(entry.url) || before.has(keyOfUrl(entry.url))).map((entry) => keyOfUrl(entry.url));
  if (remembered.length > 0 || before.size > 0) report({ gone: remembered.slice(0, goneLimit) });
  return fresh.length === due.length && pages.length + gone.size === due.length;
}

/** Of what is stored already: one article an hour, of the first ten of the list, while it is young enough to be edited. */
const reread = { everyMs: 3_600_000, among: 10, youngMs: 2 * 86_400_000 };
const rereadState = z.object({ at: z.iso.datetime(), turn: z.int().min(0) });

/** The article to read again for edits, in turn, and what is then remembered; null while it is too soon. */
function toReread(
  listed: readonly ListedArticle[],
  stored: ReadonlySet<string>,
  before: unknown,
  now: Date,
): { entry: ListedArticle | undefined; state: z.output<typeof rereadState> } | null {
  const last = rereadState.safeParse(before).data;
  // They have just been read for the first time.
  if (last === undefined) return { entry: undefined, state: { at: now.toISOString(), turn: 0 } };
  if (now.getTime() - Date.parse(last.at) < reread.everyMs) return null;
  const young = listed
    .slice(0, reread.among)
    .filter(({ url, publishedAt }) => stored.has(url) && publishedAt !== null && now.getTime() - publishedAt.getTime() < reread.youngMs);
  const turn = last.turn % Math.max(1, young.length);
  return { entry: young[turn], state: { at: now.toISOString(), turn: turn + 1 } };
}

/** Whether a page is no more, so that asking again is of no use. */
export function isGone(error: unknown): boolean {
  return error instanceof GuanlanError && (error.code === 'http-gone' || error.details.status === 404);
}

/** The page's own title, text and time; the list's word where the page has none. A file (PDF, Word) is named, not read. */
async function itemOf(entry: ListedArticle, page: CrawledPage, now: Date): Promise<RawItem> {
  const listedAt = entry.publishedAt ?? entry.modifiedAt ?? null;
  const named = { url: entry.url, externalId: null, title: entry.title || fileName(entry.url), text: '', publishedAt: listedAt };
  if (!isMarkup(page.contentType)) return named;
  const { title, text, publishedAt } = await readPage(page.bytes, { url: page.loadedUrl, contentType: page.contentType, now });
  return {
    ...named,
    title: betterTitle(entry.title, title),
    text,
    publishedAt: precise(publishedAt, entry.publishedAt) ?? listedAt,
  };
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

function fileName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** Same host, or hosts of one site (www. and the bare name, subdomains of it). */
export function sameSite(url: string, base: string): boolean {
  const a = URL.parse(url);
  const b = URL.parse(base);
  if (a === null || b === null) return false;
  const bare = (host: string) => host.replace(/^(?:www|m)\./u, '');
  const [x, y] = [bare(a.hostname), bare(b.hostname)];
  if (x === y) return a.port === b.port || a.port === '' || b.port === '';
  return x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}
