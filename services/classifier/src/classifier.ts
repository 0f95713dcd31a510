import { claimLeftItems, type Db, loadPendingItems, saveAssessments } from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import { loadSegmenter } from '@guanlan/lexicon';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, type Logger, repeat, type Service } from '@guanlan/runtime';
import { assessBatch } from './assess.ts';
import { createDoor, type Door } from './door.ts';
import { createGrouper } from './grouper.ts';
import { createJudgeHolder, type JudgeHolder } from './judge.ts';

export interface ClassifierOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** Says which judge is in force; by default that of the lexicon revision published last. */
  judges?: JudgeHolder;
  /** Milliseconds between two looks for items left behind. */
  sweepMs?: number;
  /** A pending item rung for longer ago than this is rung for again. */
  staleMs?: number;
  /** Members of events that are remembered when an item's event is looked for. */
  capacity?: number;
}

/** The service, and its door for a crawler in the same process. */
export interface Classifier extends Service {
  door: Door;
}

/** Items → assessments → events. */
export function createClassifier(options: ClassifierOptions): Classifier {
  const { db, bus, clock, logger, sweepMs = 5_000, staleMs = 15_000, capacity } = options;
  const { judges = createJudgeHolder({ db, clock, logger }) } = options;
  const grouper = createGrouper({ db, bus, clock, logger, sweepMs, capacity });
  let sweep: { stop(): Promise<void> } | undefined;
  let subscription: Subscription | undefined;

  const classify = async (itemIds: readonly number[]) => {
    const { revisionId, judge } = await judges.current();
    const items = await loadPendingItems(db, itemIds);
    const judgements = await assessBatch(items, judge, logger);
    const batch = items.map(({ id }, index) => ({ itemId: id, ...(judgements[index] as (typeof judgements)[number]) }));
    if ((await saveAssessments(db, revisionId, batch, clock.now())) > 0) grouper.wake();
  };

  return {
    name: 'classifier',
    door: createDoor({ judges, logger, stored: grouper.wake }),
    start: async () => {
      await judges.current();
      loadSegmenter();
      grouper.sweep();
      subscription = bus.subscribe('classifier', 'items.collected', ({ payload }) => classify(payload.itemIds), { concurrency: 2 });
      sweep = repeat('pending items sweep', sweepMs, logger, async () => {
        const left = await claimLeftItems(db, { now: clock.now(), staleMs, limit: 5_000 });
        if (left.length === 0) return;
        await bus.ringMany(
          'items.collected',
          chunk(left, 500).map((ids) => ({ itemIds: ids })),
        );
        logger.info({ items: left.length }, 'rang again for items left behind');
      });
    },
    stop: async () => {
      await sweep?.stop();
      await subscription?.close();
      await grouper.close();
    },
  };
}
