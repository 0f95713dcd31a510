import { setImmediate } from 'node:timers/promises';
import { claimLeftItems, type Db, loadPendingItems, type NewAssessment, saveAssessments } from '@guanlan/database';
import { type Assessment, chunk } from '@guanlan/domain';
import { type Judge, loadSegmenter } from '@guanlan/lexicon';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, type Logger, repeat, type Service } from '@guanlan/runtime';
import { type Clusterer, exactClusterer } from './clusterer.ts';
import { createJudgeHolder, type JudgeHolder } from './judge.ts';

export interface ClassifierOptions {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  clusterer?: Clusterer;
  /** Says which judge is in force; by default that of the lexicon revision published last. */
  judges?: JudgeHolder;
  /** Milliseconds between two looks for items left behind. */
  sweepMs?: number;
  /** A pending item rung for longer ago than this is rung for again. */
  staleMs?: number;
}

/** Items → assessments → events. */
export function createClassifier(options: ClassifierOptions): Service {
  const { db, bus, clock, logger, clusterer = exactClusterer, sweepMs = 5_000, staleMs = 15_000 } = options;
  const { judges = createJudgeHolder({ db, clock, logger }) } = options;
  let sweep: { stop(): Promise<void> } | undefined;

  let subscription: Subscription | undefined;

  const classify = async (itemIds: readonly number[]) => {
    const { revisionId, judge: inForce } = await judges.current();
    const items = await loadPendingItems(db, itemIds);
    if (items.length === 0) return;
    const signatures = clusterer.signatures(items);
    const batch: NewAssessment[] = [];
    let sliceStarted = performance.now();
    for (const [index, item] of items.entries()) {
      const assessment = assess(inForce, item, logger);
      batch.push({
        itemId: item.id,
        assessment,
        relevant: assessment.level !== 'none' && (assessment.local || item.sourceLocal),
        signature: signatures[index] ?? item.fingerprint,
      });
      // The API answers from the same thread in the one-process mode: never hold it for a whole batch of long texts.
      if (performance.now() - sliceStarted > 20) {
        await setImmediate();
        sliceStarted = performance.now();
      }
    }
    const eventIds = await saveAssessments(db, revisionId, batch, clock.now());
    await bus.ringMany(
      'events.assessed',
      chunk(eventIds, 100).map((ids) => ({ eventIds: ids })),
    );
  };

  return {
    name: 'classifier',
    start: async () => {
      await judges.current();
      loadSegmenter();
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
    },
  };
}

/** One item that cannot be judged must not hold back the others of its batch: it is stored as unjudged, and said so. */
function assess(judge: Judge, item: { id: number; title: string; text: string; authorKind: string }, logger: Logger): Assessment {
  try {
    return judge.assess({ title: item.title, text: item.text, sourceKind: item.authorKind });
  } catch (error) {
    logger.error({ item: item.id, err: error }, 'could not be assessed');
    return {
      level: 'none',
      score: 0,
      categories: [],
      local: false,
      places: [],
      reasons: [],
      suppressed: [{ rule: '-', by: '评估出错', text: '' }],
    };
  }
}
