import { type Db, tallyEvents, tallyLeftItems } from '@guanlan/database';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, joined, type Logger, repeat, type Service } from '@guanlan/runtime';

export interface CounterOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** Milliseconds between two looks for items left behind. */
  sweepMs?: number;
}

const sweepBatch = 2_000;

/**
 * Gives every relevant item its one row in the tally. The bell only says where to look: what counts is decided from rows,
 * under a lock, so a message delivered twice or not at all changes nothing in the end.
 */
export function createCounter({ db, bus, clock, logger, sweepMs = 5_000 }: CounterOptions): Service {
  let sweep: { stop(): Promise<void> } | undefined;
  let subscription: Subscription | undefined;
  return {
    name: 'counter',
    start: async () => {
      // Bells that come faster than they can be answered are answered together.
      const tally = joined((eventIds: number[]) => tallyEvents(db, eventIds, clock.now()));
      subscription = bus.subscribe(
        'counter',
        'events.assessed',
        async ({ payload }) => {
          await tally(payload.eventIds);
        },
        { concurrency: 16 },
      );
      sweep = repeat('tally sweep', sweepMs, logger, async () => {
        while ((await tallyLeftItems(db, sweepBatch, clock.now())) === sweepBatch);
      });
    },
    stop: async () => {
      await sweep?.stop();
      await subscription?.close();
    },
  };
}
