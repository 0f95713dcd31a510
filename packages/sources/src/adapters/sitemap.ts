import { createHash } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { collectArticles, type ListedArticle, sameSite } from '../article.ts';
import { type CollectContext, defineSource } from '../define.ts';
import { readSitemap, type SitemapEntry } from '../sitemap/read.ts';

const maxBytes = 16 * 1024 * 1024;
/** Sitemaps of an index that are read in one check: those that changed last. */
const partLimit = 5;
/** Addresses without any date that are remembered, to tell new ones from old. */
const undatedLimit = 2_000;
const dayMs = 86_400_000;

/** What is remembered of each sitemap of an index. */
const parts = z.record(
  z.string(),
  z.object({ etag: z.string().nullish(), lastModified: z.string().nullish(), modified: z.string().nullish() }),
);
type Parts = z.output<typeof parts>;

export default defineSource({
  kind: 'sitemap',
  title: '站点地图（sitemap）',
  options: z.object({
    url: z.url({ protocol: /^https?$/u }).meta({ title: '站点地图地址（可为索引或 .gz）' }),
    match: z.string().trim().min(1).max(200).optional().meta({ title: '只采集网址中含此文字的页面（可不填）' }),
    days: z.coerce.number().int().min(1).max(365).default(7).meta({ title: '只采集最近几天的页面' }),
    limit: z.coerce.number().int().min(1).max(200).default(30).meta({ title: '每次最多采集篇数' }),
  }),
  async *collect({ url, match, days, limit }, context) {
    const { fetch, signal, now, state, report, skipped } = context;
    const answer = await fetch(url, { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal });
    if (answer.permanentRedirectTo !== null) report({ movedTo: answer.permanentRedirectTo });
    const before = parts.safeParse(state.parts).data ?? {};
    // An index often stays as it is while the sitemaps that it names change.
    if (answer.notModified && Object.keys(before).length === 0) return;
    const root = answer.notModified
      ? { index: true, entries: Object.keys(before).map((part) => ({ url: part, modifiedAt: null, title: '', publishedAt: null })) }
      : readSitemap(await answer.bytes(), { url: answer.url, contentType: answer.headers['content-type'] });
    const { entries, seen } = root.index ? await readParts(root.entries, before, answer.url, context) : { entries: root.entries, seen: {} };

    const own = entries.filter((entry) => sameSite(entry.url, url) && (match === undefined || entry.url.includes(match)));
    const since = now.getTime() - days * dayMs;
    const dated = own.filter((entry) => (dateOf(entry)?.getTime() ?? 0) >= since).sort((a, b) => timeOf(b) - timeOf(a));
    const undated = newUndated(
      own.filter((entry) => dateOf(entry) === null),
      context,
      url,
    );
    const old = own.filter((entry) => dateOf(entry) !== null).length - dated.length;
    if (old > 0) skipped?.(url, `其中 ${old} 个网址早于最近 ${days} 天`);
    if (state.undated === undefined && undated.seen.length > 0)
      skipped?.(url, `其中 ${undated.seen.length} 个网址没有日期：首次读取只记住，以后新增的才采集`);
    if (yield* collectArticles([...dated, ...undated.fresh].map(listed), limit, context)) {
      // Only now: what was left over must be seen again.
      report({ etag: answer.etag, lastModified: answer.lastModified, parts: seen, undated: undated.seen });
    } else if (state.undated === undefined) report({ undated: undated.seen });
  },
});

async function readParts(
  entries: readonly SitemapEntry[],
  before: Parts,
  base: string,
  { fetch, signal }: CollectContext,
): Promise<{ entries: SitemapEntry[]; seen: Parts }> {
  const found: SitemapEntry[] = [];
  const seen: Parts = {};
  const newest = entries
    .filter((entry) => sameSite(entry.url, base))
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, partLimit);
  for (const part of newest) {
    const modified = part.modifiedAt?.toISOString() ?? null;
    const last = before[part.url];
    if (last !== undefined) seen[part.url] = last;
    if (modified !== null && last?.modified === modified) continue;
    const answer = await fetch(part.url, { etag: last?.etag ?? null, lastModified: last?.lastModified ?? null, maxBytes, signal });
    if (answer.notModified) continue;
    const sitemap = readSitemap(await answer.bytes(), { url: answer.url, contentType: answer.headers['content-type'] });
    // The protocol allows no index within an index.
    if (!sitemap.index) for (const entry of sitemap.entries) found.push(entry);
    seen[part.url] = { etag: answer.etag, lastModified: answer.lastModified, modified };
  }
  return { entries: found, seen };
}

/** Addresses without a date that were not there before. The first look only remembers: nobody wants a site's whole past. */
function newUndated(entries: readonly SitemapEntry[], { state }: CollectContext, url: string): { fresh: SitemapEntry[]; seen: string[] } {
  if (entries.length > undatedLimit) {
    throw new GuanlanError(
      'not-a-list',
      `站点地图中有 ${entries.length} 个网址没有日期，分不出新旧：${url}。请用“只采集网址中含此文字的页面”缩小范围，或改用“列表页”类型。`,
    );
  }
  const hashes = entries.map((entry) => createHash('sha256').update(entry.url).digest('hex').slice(0, 10));
  const before = Array.isArray(state.undated) ? new Set<unknown>(state.undated) : null;
  const fresh = before === null ? [] : entries.filter((_, i) => !before.has(hashes[i]));
  return { fresh, seen: entries.length === 0 && before !== null ? [...before].map(String) : hashes };
}

function listed({ url, title, publishedAt, modifiedAt }: SitemapEntry): ListedArticle {
  return { url, title, publishedAt, modifiedAt };
}

function dateOf(entry: SitemapEntry): Date | null {
  return entry.publishedAt ?? entry.modifiedAt;
}

function timeOf(entry: SitemapEntry): number {
  return dateOf(entry)?.getTime() ?? 0;
}
