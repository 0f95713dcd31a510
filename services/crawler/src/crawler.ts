import { claimDueSources, type Db, loadSources as loadSourceRows } from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, createRobots, type HttpClient, type Logger, repeat, type Service } from '@guanlan/runtime';
import { loadSources } from '@guanlan/sources';
import { createCollector } from './collector.ts';
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
  /** A source rung for longer ago than this and not checked since is due again. */
  staleMs?: number;
}

/** Sources of one message: fetched at the same time, so that one that does not answer costs its neighbours nothing. */
const sourcesPerMessage = 25;

/** Due sources → items. */
export function createCrawler(options: CrawlerOptions): Service {
  const { db, bus, clock, logger, http, userAgent, tickMs = 500, staleMs = 60_000 } = options;
  let tick: { stop(): Promise<void> } | undefined;
  let subscription: Subscription | undefined;

  return {
    name: 'crawler',
    start: async () => {
      const robots = createRobots({ client: http, userAgent, clock });
      const writer = createItemWriter({ db, bus, clock, logger });
      const collect = createCollector({ db, http, robots, kinds: await loadSources(), writer, clock });
      subscription = bus.subscribe(
        'crawler',
        'source.due',
        async ({ payload, signal }) => {
          const sources = await loadSourceRows(db, payload.sourceIds);
          const results = await Promise.allSettled(sources.map((source) => collect(source, signal)));
          for (const result of results) {
            if (result.status === 'fulfilled' && result.value.fault) {
              logger.info({ source: result.value.sourceId, code: result.value.fault.code }, 'source could not be read');
            }
          }
          const failed = results.find((r) => r.status === 'rejected');
          if (failed) throw failed.reason;
        },
        { concurrency: 2 },
      );
      tick = repeat('due sources', tickMs, logger, async () => {
        const due = await claimDueSources(db, { now: clock.now(), limit: 500, staleMs });
        await bus.ringMany(
          'source.due',
          chunk(due, sourcesPerMessage).map((sourceIds) => ({ sourceIds })),
        );
      });
    },
    stop: async () => {
      await tick?.stop();
      await subscription?.close();
    },
  };
}
