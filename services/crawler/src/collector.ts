import {
  type Db,
  type DueSource,
  knownItemKeys,
  type NewItem,
  recordSourceFault,
  recordSourceSuccesses,
  type SourceCheck,
} from '@guanlan/database';
import { GuanlanError, keyOfUrl, prepareItem, type RawItem, redact, toGuanlanError } from '@guanlan/domain';
import { type Clock, type HttpClient, joined, type Robots } from '@guanlan/runtime';
import type { CollectContext, Fetch, SourceRegistry, SourceState } from '@guanlan/sources';
import { nextAfterFault, nextAfterSuccess } from './rhythm.ts';
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
  clock: Clock;
  /** Bound on one request, in milliseconds; the client's own when undefined. */
  timeoutMs?: number | undefined;
}

/**
 * Checks one source: fetches, prepares (redaction included), stores, and records on its row how it went and when it is due
 * again. A fault is an answer, not an exception: it is stored with the source and harms no other.
 */
export function createCollector(options: CollectorOptions): (source: DueSource, signal: AbortSignal) => Promise<CollectResult> {
  const { db, kinds, writer, clock } = options;

  // Sources that end at the same time are recorded together.
  const succeeded = joined((checks: SourceCheck[]) => recordSourceSuccesses(db, checks));

  const collect = async (source: DueSource, signal: AbortSignal): Promise<{ newItems: number; cursor: SourceState }> => {
    let cursor: SourceState = source.cursor;
    let newItems = 0;
    let batch: NewItem[] = [];
    const context: CollectContext = {
      fetch: fetchFor(source, options),
      signal,
      now: clock.now(),
      state: source.cursor,
      report: (change) => {
        cursor = { ...cursor, ...change, ...(change.title === undefined ? {} : { title: redact(change.title).text }) };
      },
      known: (urls) => knownUrls(db, urls),
    };
    for await (const raw of kinds.get(source.kind).collect({ ...source.options, url: source.url }, context)) {
      const item = prepared(raw, source);
      if (item === null) continue;
      batch.push(item);
      if (batch.length >= handOver) {
        newItems += await writer.add(batch);
        batch = [];
      }
    }
    newItems += await writer.add(batch);
    return { newItems, cursor };
  };

  return async (source, signal) => {
    try {
      const { newItems, cursor } = await collect(source, signal);
      const at = clock.now();
      // After the items are committed: validators stored before them would hide what a crash lost.
      await succeeded([{ sourceId: source.id, at, nextCheckAt: nextAfterSuccess(source, at), newItems, cursor }]);
      return { sourceId: source.id, newItems };
    } catch (error) {
      if (signal.aborted) throw error;
      const fault = error instanceof GuanlanError ? error : unforeseen(error);
      // The database being away is not the source's fault: leave the row, the message is delivered again.
      if (isOurs(error)) throw error;
      const at = clock.now();
      const nextCheckAt = nextAfterFault(source, source.failures, fault, at);
      await recordSourceFault(db, { sourceId: source.id, at, nextCheckAt, code: fault.code, message: fault.message });
      return { sourceId: source.id, newItems: 0, fault };
    }
  };
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
  source: { allowPrivate: boolean },
  { http, robots, timeoutMs }: { http: HttpClient; robots: Robots; timeoutMs?: number | undefined },
): Fetch {
  return async (url, request = {}) => {
    const { allowPrivate } = source;
    const { minIntervalMs } = await robots.check(url, { allowPrivate, ...(request.signal ? { signal: request.signal } : {}) });
    return http.fetch(url, { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...request, allowPrivate, minIntervalMs });
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
