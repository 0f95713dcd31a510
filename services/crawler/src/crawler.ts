import {
  claimDueSources,
  type Db,
  type DueSource,
  loadSources as loadSourceRows,
  makeSourcesDue,
  recordSourceChecks,
  type SourceCheck,
} from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, createRobots, type HttpClient, joined, type Logger, repeat, type Service } from '@guanlan/runtime';
import { loadSources } from '@guanlan/sources';
import pLimit from 'p-limit';
import { createCollector } from './collector.ts';
import { assessSources } from './health.ts';
import { createItemWriter, type ItemDoor } from './writer.ts';

export interface CrawlerOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  http: HttpClient;
  /** The client's: robots.txt files name its product token. */
  userAgent: string;
  /** Judges what is stored, where the classifier runs in this process; without one items wait for it. */
  door?: ItemDoor | undefined;
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
 * So many sources are fetched at one time. They come from more messages than that takes: a source that does not answer keeps
 * its message until its deadline, and the others' sources go on.
 */
const sourcesAtOnce = 40;
const sourcesPerMessage = 50;
const messagesAtOnce = 10;

/** Due sources → items. */
export function createCrawler(options: CrawlerOptions): Service {
  const { db, bus, clock, logger, http, userAgent, door, tickMs = 500, healthMs = 15_000, staleMs = 60_000, timeoutMs } = options;
  /** Being checked here. A source rung for twice is checked once. */
  const inHand = new Set<number>();
  const place = pLimit(sourcesAtOnce);
  let stopping = false;
  /** Not checked because the service was asked to stop. */
  const left: number[] = [];
  let tick: { stop(): Promise<void> } | undefined;
  let health: { stop(): Promise<void> } | undefined;
  let subscription: Subscription | undefined;

  return {
    name: 'crawler',
    start: async () => {
      const robots = createRobots({ client: http, userAgent, clock });
      const writer = createItemWriter({ db, bus, clock, logger, door });
      const record = joined((checks: SourceCheck[]) => recordSourceChecks(db, checks), 200);
      const collect = createCollector({ db, http, robots, kinds: await loadSources(), writer, record, clock, timeoutMs });
      const check = async (source: DueSource, signal: AbortSignal) => {
        inHand.add(source.id);
        try {
          const result = await place(async () => (stopping ? void left.push(source.id) : collect(source, signal)));
          const fault = result?.fault;
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
          // Asked to stop: those whose turn had not come are due again at once, here or elsewhere.
          if (stopping) await makeSourcesDue(db, left.splice(0), clock.now());
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
      stopping = true;
      await Promise.all([tick?.stop(), health?.stop()]);
      await subscription?.close();
    },
  };
}
