import { type DueSource, loadSources as loadSourceRows, recordSourceChecks } from '@guanlan/database';
import { GuanlanError, type PreparedItem, redact, toGuanlanError } from '@guanlan/domain';
import { createRobots } from '@guanlan/runtime';
import { checkOptions, loadSources, parseFeed } from '@guanlan/sources';
import { type CollectorOptions, type CollectResult, createCollector, fetchFor, prepared } from './collector.ts';
import type { CrawlerOptions } from './crawler.ts';
import { createItemWriter } from './writer.ts';

/** What one-off looks need; the user agent defaults to the configured one of the client. */
export type LookResources = Pick<CrawlerOptions, 'db' | 'bus' | 'clock' | 'logger' | 'http'> & { config: { userAgent: string } };

export interface DescribedSource {
  kind: string;
  url: string;
  options: Record<string, unknown>;
  /** What it calls itself, where it was looked at. */
  title: string | null;
}

/** A kind and checked options for an address. Without a kind the address is fetched and looked at: a feed, else a list page. */
export async function describeSource(
  resources: LookResources,
  asked: { url: string; kind: string | undefined; allowPrivate: boolean; options: Record<string, unknown> },
): Promise<DescribedSource> {
  const { url, options } = asked;
  if (!URL.canParse(url)) throw new GuanlanError('url-invalid', `“${url}”不是完整的网址，应以 http:// 或 https:// 开头。`);
  const kinds = await loadSources();
  let kind = asked.kind;
  let title: string | null = null;
  if (kind === undefined) ({ kind, title } = await recognise(resources, url, asked.allowPrivate));
  checkOptions(kinds, { kind, url, options });
  return { kind, url, options, title };
}

async function recognise(resources: LookResources, url: string, allowPrivate: boolean): Promise<{ kind: string; title: string | null }> {
  const answer = await fetchFor({ allowPrivate }, { http: resources.http, robots: robotsOf(resources) })(url);
  try {
    const feed = parseFeed(await answer.bytes(), { url: answer.url, contentType: answer.headers['content-type'] });
    return { kind: 'feed', title: feed.title === '' ? null : redact(feed.title).text };
  } catch (error) {
    if (toGuanlanError(error).code !== 'not-a-feed') throw error;
    if (/html/iu.test(answer.headers['content-type'] ?? '')) return { kind: 'list', title: null };
    throw error;
  }
}

/** Reads a source once without storing anything: what would be stored, redacted as it would be, and what is refused and why. */
export async function trySource(
  resources: LookResources,
  source: DescribedSource | DueSource,
  allowPrivate: boolean,
): Promise<{ items: PreparedItem[]; skipped: number; refused: { what: string; why: string }[] }> {
  const kinds = await loadSources();
  const items: PreparedItem[] = [];
  const refused: { what: string; why: string }[] = [];
  let skipped = 0;
  const context = {
    fetch: fetchFor({ allowPrivate }, { http: resources.http, robots: robotsOf(resources) }),
    signal: AbortSignal.timeout(120_000),
    now: resources.clock.now(),
    state: {},
    report: () => {},
    known: async () => new Set<string>(),
    skipped: (what: string, why: string) => void refused.push({ what: redact(what).text, why: redact(why).text }),
  };
  for await (const raw of kinds.get(source.kind).collect({ ...source.options, url: source.url }, context)) {
    const item = prepared(raw, { id: 0, authorKind: 'unknown' });
    if (item === null) skipped += 1;
    else items.push(item);
  }
  return { items, skipped, refused };
}

/** Reads the named sources now and stores what is new. Throws `not-found` when one is missing, paused or removed. */
export async function collectNow(resources: LookResources, ids: readonly number[]): Promise<CollectResult[]> {
  const sources = await loadSourceRows(resources.db, ids);
  const missing = ids.filter((id) => !sources.some((s) => s.id === id));
  if (missing.length > 0) throw new GuanlanError('not-found', `没有编号为 ${missing.join('、')} 的信息源（或已暂停），见 source list。`);
  const options: CollectorOptions = {
    ...resources,
    robots: robotsOf(resources),
    kinds: await loadSources(),
    writer: createItemWriter(resources),
    record: (checks) => recordSourceChecks(resources.db, checks),
  };
  const collect = createCollector(options);
  return Promise.all(sources.map((source) => collect(source, AbortSignal.timeout(120_000))));
}

function robotsOf({ http, clock, config }: LookResources) {
  return createRobots({ client: http, clock, userAgent: config.userAgent });
}
