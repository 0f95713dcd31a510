import { type Db, loadUngrouped, lockGrouping, savePlacements } from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import { gistLength } from '@guanlan/events';
import type { Bus } from '@guanlan/queue';
import { type Clock, gathered, type Logger, repeat } from '@guanlan/runtime';
import { createKnownEvents } from './known-events.ts';
import { placeRound, roundSize } from './place.ts';

export interface GrouperOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** Milliseconds between two looks for items left behind. */
  sweepMs: number;
  /** Members of events that are remembered; older ones are joined by copies only. */
  capacity?: number | undefined;
}

/** Finds the events of assessed items, and rings for those that changed. */
export interface Grouper {
  /** Something waits. The first call acts at once; under load many are one round. */
  wake(): void;
  /** Looks for what was left behind, again and again until closed. */
  sweep(): void;
  close(): Promise<void>;
}

/** Under load, rounds begin so far apart: each takes what has come together. */
const everyMs = 200;
/** What a county's events of half a year come to; takes about 60 MB when full. */
const usualCapacity = 200_000;

export function createGrouper(options: GrouperOptions): Grouper {
  const { db, bus, clock, logger, sweepMs, capacity = usualCapacity } = options;
  const known = createKnownEvents({ capacity });
  let sweeping: { stop(): Promise<void> } | undefined;

  /** One round, one transaction. Returns null when nothing waited. */
  const round = () =>
    db.transaction().execute(async (tx) => {
      await lockGrouping(tx);
      const items = await loadUngrouped(tx, { limit: roundSize, textLength: gistLength });
      if (items.length === 0) return null;
      await known.catchUp(tx);
      const placed = await placeRound(tx, known, items);
      return savePlacements(tx, placed, { settled: items.map((item) => item.id), now: clock.now() });
    });

  const all = async () => {
    for (let eventIds = await round(); eventIds !== null; eventIds = await round()) await ring(eventIds);
  };

  /** A ring that fails is no loss: the events are marked, and the dispatcher's and the counter's sweeps find them. */
  const ring = async (eventIds: readonly number[]) => {
    try {
      await bus.ringMany(
        'events.assessed',
        chunk(eventIds, 500).map((ids) => ({ eventIds: ids })),
      );
    } catch (error) {
      logger.warn({ events: eventIds.length, err: error }, 'grouped, but could not ring; the sweeps will');
    }
  };

  const rounds = gathered(async () => {
    try {
      await all();
    } catch (error) {
      logger.warn({ err: error }, 'could not group; the sweep will');
    }
  }, everyMs);

  return {
    wake: () => rounds.add([null]),
    sweep() {
      sweeping = repeat('ungrouped items sweep', sweepMs, logger, all);
    },
    async close() {
      await sweeping?.stop();
      await rounds.close();
    },
  };
}
