import {
  claimDueSources,
  type Db,
  type DueSource,
  loadSources as loadSourceRows,
  recordSourceChecks,
  type SourceCheck,
} from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, createRobots, type HttpClient, joined, type Logger, repeat, type Service } from '@guanlan/runtime';
import { loadSources } from '@guanlan/sources';
import { createCollector } from './collector.ts';
import { assessSources } from './health.ts';
import { createItemWriter } from './writer.ts';

export interface CrawlerOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  http: HttpClient;
  /** The client's: robots.txt files name its product token. */
  userAgent: string;
  /** Milliseconds between two looks for due sources. */
  tickMs?: number;
  /** Milliseconds between two rounds of judging the health of sources. */
  healthMs?: number;
  /** A source rung for longer ago than this and not checked since is due again. */
  staleMs?: number;
  /** Bound on one request, in milliseconds; the client's own (20 s) when undefined. */
  timeoutMs?: number;
}

/**
 * Sources of one message are fetched at the same time, and so are some messages: 40 sources in all. A source that does
 * not answer keeps its message, hence many small ones: the places it blocks until its deadline are few.
 */
const sourcesPerMessage = 8;
const messagesAtOnce = 5;

/** Due sources → items. */
export function createCrawler(options: CrawlerOptions): Service {
  const { db, bus, clock, logger, http, userAgent, tickMs = 500, healthMs = 15_000, staleMs = 60_000, timeoutMs } = options;
  /** Being checked here. A source rung for twice is checked once. */
  const inHand = new Set<number>();
  let tick: { stop(): Promise<void> } | undefined;
  let health: { stop(): Promise<void> } | undefined;
  let subscription: Subscription | undefined;

  return {
    name: 'crawler',
    start: async () => {
      const robots = createRobots({ client: http, userAgent, clock });
      const writer = createItemWriter({ db, bus, clock, logger });
      const record = joined((checks: SourceCheck[]) => recordSourceChecks(db, checks), 200);
      const collect = createCollector({ db, http, robots, kinds: await loadSources(), writer, record, clock, timeoutMs });
      const check = async (source: DueSource, signal: AbortSignal) => {
        inHand.add(source.id);
        try {
          const { fault } = await collect(source, signal);
          if (fault?.code === 'internal') logger.error({ source: source.id, err: fault }, 'source could not be read');
          else if (fault) logger.info({ source: source.id, code: fault.code }, 'source could not be read');
        } finally {
          inHand.delete(source.id);
        }
      };
      subscription = bus.subscribe(
        'crawler',
        'source.due',
        async ({ payload, signal }) => {
          // A message delivered again, or late, finds its sources checked meanwhile: no second request for them.
          const sources = await loadSourceRows(db, payload.sourceIds, clock.now());
          const waiting = sources.filter((source) => !inHand.has(source.id));
          const results = await Promise.allSettled(waiting.map((source) => check(source, signal)));
          const failed = results.find((r) => r.status === 'rejected');
          if (failed) throw failed.reason;
        },
        { concurrency: messagesAtOnce },
      );
      tick = repeat('due sources', tickMs, logger, async () => {
        const due = await claimDueSources(db, { now: clock.now(), limit: 500, staleMs });
        await bus.ringMany(
          'source.due',
          chunk(due, sourcesPerMessage).map((sourceIds) => ({ sourceIds })),
        );
      });
      health = repeat('source health', healthMs, logger, async () => {
        await assessSources(db, clock.now());
      });
    },
    stop: async () => {
      await Promise.all([tick?.stop(), health?.stop()]);
      await subscription?.close();
    },
  };
}
