import { type Db, type DueSource, knownItemKeys, moveSource, type NewItem, type SourceCheck } from '@guanlan/database';
import { GuanlanError, keyOfUrl, prepareItem, type RawItem, redact, toGuanlanError } from '@guanlan/domain';
import type { Clock, HttpClient, Robots } from '@guanlan/runtime';
import type { CollectContext, Fetch, SourceRegistry, SourceState } from '@guanlan/sources';
import { type Measure, measuredFetch, measuredKnown, measureEntry, newMeasure } from './measure.ts';
import { movedAfter, movesTo } from './moved.ts';
import { timingAfterFault, timingAfterSuccess } from './rhythm.ts';
import type { ItemWriter } from './writer.ts';

export interface CollectResult {
  sourceId: number;
  newItems: number;
  fault?: GuanlanError;
}

/** Entries held before they are handed to the writer: bounds the memory a single large source may take. */
const handOver = 250;

export interface CollectorOptions {
  db: Db;
  http: HttpClient;
  robots: Robots;
  kinds: SourceRegistry;
  writer: ItemWriter;
  /** Resolves once the check is committed. */
  record: (checks: readonly SourceCheck[]) => Promise<unknown>;
  clock: Clock;
  /** Bound on one request, in milliseconds; the client's own when undefined. */
  timeoutMs?: number | undefined;
}

/**
 * Checks one source: fetches, prepares (redaction included), stores, and records on its row how it went and when it is due
 * again. A fault is an answer, not an exception: it is stored with the source and harms no other.
 */
export function createCollector(options: CollectorOptions): (source: DueSource, signal: AbortSignal) => Promise<CollectResult> {
  const { db, kinds, writer, clock, record } = options;

  const collect = async (source: DueSource, measure: Measure, signal: AbortSignal): Promise<{ newItems: number; cursor: SourceState }> => {
    // Said anew by each answer that redirects.
    const { movedTo: _, ...state }: SourceState = source.cursor;
    let cursor: SourceState = state;
    let newItems = 0;
    let batch: NewItem[] = [];
    const context: CollectContext = {
      fetch: measuredFetch(measure, source.url, fetchFor(source, options, measure)),
      signal,
      now: clock.now(),
      state,
      report: (change) => {
        cursor = { ...cursor, ...change, ...(change.title === undefined ? {} : { title: redact(change.title).text }) };
      },
      known: measuredKnown(measure, (urls) => knownUrls(db, urls)),
    };
    for await (const raw of kinds.get(source.kind).collect({ ...source.options, url: source.url }, context)) {
      measureEntry(measure, raw);
      const item = prepared(raw, source);
      if (item === null) continue;
      batch.push(item);
      if (batch.length >= handOver) {
        newItems += await writer.add(source, batch);
        batch = [];
      }
    }
    newItems += await writer.add(source, batch);
    return { newItems, cursor };
  };

  return async (source, signal) => {
    const measure = newMeasure();
    try {
      const { newItems, cursor } = await collect(source, measure, signal);
      const at = clock.now();
      const moved = movedAfter(source.moved, cursor.movedTo ?? null, at);
      // After the items are committed: validators stored before them would hide what a crash lost.
      await record([
        {
          ...measured(source, measure, newItems, at),
          ...timingAfterSuccess(source, newItems, at),
          ...{ fault: null, stop: null, cursor, moved },
        },
      ]);
      const to = movesTo(source, moved, at);
      if (to !== null) await takeOn(db, source, to, at);
      return { sourceId: source.id, newItems };
    } catch (error) {
      if (signal.aborted) throw error;
      const fault = error instanceof GuanlanError ? error : unforeseen(error);
      // The database being away is not the source's fault: leave the row, the message is delivered again.
      if (isOurs(error)) throw error;
      const at = clock.now();
      const stop = measure.gone ? `${fault.message}` : null;
      await record([
        {
          ...measured(source, measure, 0, at),
          ...timingAfterFault(source, fault, at),
          ...{ fault: { code: fault.code, message: fault.message }, stop, cursor: undefined, moved: null },
        },
      ]);
      return { sourceId: source.id, newItems: 0, fault };
    }
  };
}

function measured({ id }: DueSource, measure: Measure, fresh: number, at: Date) {
  const { gone: _, ...counts } = measure;
  return { ...counts, sourceId: id, fresh, at };
}

function takeOn(db: Db, { id, url }: DueSource, to: string, at: Date): Promise<boolean> {
  const note = `网站多次称该地址已永久移到新址，已改用新址：${url} → ${to}`;
  return moveSource(db, { sourceId: id, from: url, to, at, note });
}

/** A fault of ours that only this source brings out. The analyst reads that it is not the source's; the log has the rest. */
function unforeseen(error: unknown): GuanlanError {
  const what = error instanceof Error ? error.name : typeof error;
  return new GuanlanError('internal', `读取此信息源时程序内部出错（${what}），已记入日志，稍后自动重试。`, { cause: error });
}

/** Null for an entry that says nothing at all. */
export function prepared(raw: RawItem, source: Pick<DueSource, 'id' | 'authorKind'>): NewItem | null {
  const item = prepareItem(raw, { sourceId: source.id, authorKind: source.authorKind });
  return item.title === '' && item.text === '' ? null : { ...item, sourceId: source.id };
}

/** The adapter's only way out: robots.txt first, then the guarded client, with this source's permissions. */
export function fetchFor(
  source: { allowPrivate: boolean; url?: string },
  { http, robots, timeoutMs }: { http: HttpClient; robots: Robots; timeoutMs?: number | undefined },
  measure?: Measure,
): Fetch {
  return async (url, request = {}) => {
    const { allowPrivate } = source;
    const own = measure !== undefined && url === source.url;
    const { minIntervalMs, digest } = await robots.check(url, { allowPrivate, ...(request.signal ? { signal: request.signal } : {}) });
    if (own) measure.robotsDigest = digest;
    const answer = await http.fetch(url, { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...request, allowPrivate, minIntervalMs });
    if (own) measure.certificateExpiresAt = answer.certificateExpiresAt;
    return answer;
  };
}

async function knownUrls(db: Db, urls: readonly string[]): Promise<ReadonlySet<string>> {
  const keys = new Map(urls.map((url) => [url, keyOfUrl(url)]));
  const known = await knownItemKeys(
    db,
    [...keys.values()].filter((k) => k !== null),
  );
  return new Set(urls.filter((url) => known.has(keys.get(url) ?? '')));
}

/** A PostgreSQL error (a five-character SQLSTATE) or a lost connection to it. */
function isOurs(error: unknown): boolean {
  if (toGuanlanError(error).code === 'database-unavailable') return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && (/^[0-9A-Z]{5}$/u.test(code) || code.startsWith('ECONN'));
}
