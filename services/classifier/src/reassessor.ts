import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import {
  claimReassessment,
  type Db,
  endReassessmentPass,
  isBusy,
  loadItemsToReassess,
  type NewReassessment,
  saveReassessments,
  startReassessment,
} from '@guanlan/database';
import type { Assessment } from '@guanlan/domain';
import type { Judge } from '@guanlan/lexicon';
import { type Clock, type Logger, repeat, type Service } from '@guanlan/runtime';
import { createJudgeHolder, type JudgeHolder } from './judge.ts';

export interface ReassessorOptions {
  db: Db;
  clock: Clock;
  logger: Logger;
  judges?: JudgeHolder;
  /** Milliseconds between two looks for work. */
  everyMs?: number;
  /** Milliseconds after a publication in which every classifier comes to know of it; the work begins then. */
  settleMs?: number;
  /** Milliseconds of rest between two batches, so that what is new goes first. */
  restMs?: number;
  /** Items of one commit. */
  batch?: number;
}

/** More new items waiting than this, and what is old waits. */
const busyAt = 1_000;
const sliceMs = 20;

/**
 * Judges stored items anew after a publication, oldest first, beside the classifier. Every batch is one commit together with the
 * watermark: it can be stopped anywhere, and several processes never do the same batch. The grouping's sweep finds what rose.
 */
export function createReassessor(options: ReassessorOptions): Service {
  const { db, clock, logger, everyMs = 5_000, settleMs = 15_000, restMs = 50, batch = 100 } = options;
  const { judges = createJudgeHolder({ db, clock, logger }) } = options;
  let stopping = false;
  let loop: { stop(): Promise<void> } | undefined;

  const step = async (): Promise<'more' | 'nothing'> => {
    if (await isBusy(db, busyAt)) return 'nothing';
    const done = await db.transaction().execute(async (tx) => {
      const now = clock.now();
      const work = await claimReassessment(tx, new Date(now.getTime() - settleMs));
      if (work === null) return null;
      const { revisionId, judge } = await judges.current();
      // Published this moment: the holder will know at the next look.
      if (revisionId !== work.revisionId) return null;
      if (!work.started) await startReassessment(tx, revisionId, now);
      const items = await loadItemsToReassess(tx, { revisionId, after: work.watermark, limit: batch });
      if (items.length === 0) {
        await endReassessmentPass(tx, work, now);
        return { more: work.watermark > 0 };
      }
      const judged = await assessAll(judge, items, logger);
      await saveReassessments(tx, revisionId, judged, now);
      return { more: true };
    });
    if (done === null) return 'nothing';
    return done.more ? 'more' : 'nothing';
  };

  return {
    name: 'reassessor',
    start: async () => {
      stopping = false;
      loop = repeat('reassessment', everyMs, logger, async () => {
        while (!stopping && (await step()) === 'more') await sleep(restMs);
      });
    },
    stop: async () => {
      stopping = true;
      await loop?.stop();
    },
  };
}

type Items = Awaited<ReturnType<typeof loadItemsToReassess>>;

async function assessAll(judge: Judge, items: Items, logger: Logger): Promise<NewReassessment[]> {
  const judged: NewReassessment[] = [];
  let sliceStarted = performance.now();
  for (const item of items) {
    const assessment = assess(judge, item, logger);
    judged.push({ itemId: item.id, assessment, relevant: assessment.level !== 'none' && (assessment.local || item.sourceLocal) });
    if (performance.now() - sliceStarted > sliceMs) {
      await setImmediate();
      sliceStarted = performance.now();
    }
  }
  return judged;
}

/** One item that cannot be judged must not hold back the others for ever: it is stored as unjudged, as the classifier does. */
function assess(judge: Judge, { id, title, text, authorKind }: Items[number], logger: Logger): Assessment {
  try {
    return judge.assess({ title, text, sourceKind: authorKind });
  } catch (error) {
    logger.error({ item: id, err: error }, 'could not be judged anew');
    const suppressed = [{ rule: '-', by: '评估出错', text: '' }];
    return { level: 'none', score: 0, categories: [], local: false, places: [], reasons: [], suppressed };
  }
}
