import { setImmediate } from 'node:timers/promises';
import type { Judgement } from '@guanlan/database';
import type { Assessment } from '@guanlan/domain';
import type { Judge } from '@guanlan/lexicon';
import type { Logger } from '@guanlan/runtime';

export interface ItemToAssess {
  fingerprint: string;
  title: string;
  text: string;
  authorKind: string;
  /** What its source brings counts as about this county. */
  sourceLocal: boolean;
}

/**
 * Judges a batch, in its order. What has a level or is about this county may tell the story of an event; the everyday rest, nearly
 * all there is, does not, and nobody asks what else was told as it was.
 */
export async function assessBatch(items: readonly ItemToAssess[], judge: Judge, logger: Logger): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  let sliceStarted = performance.now();
  for (const item of items) {
    const assessment = assess(judge, item, logger);
    const levelled = assessment.level !== 'none';
    const local = assessment.local || item.sourceLocal;
    judgements.push({ assessment, relevant: levelled && local, grouped: levelled || local });
    // Others work in the same thread: never hold it for a whole batch of long texts.
    if (performance.now() - sliceStarted > 20) {
      await setImmediate();
      sliceStarted = performance.now();
    }
  }
  return judgements;
}

/** One item that cannot be judged must not hold back the others of its batch: it is stored as unjudged, and said so. */
function assess(judge: Judge, item: ItemToAssess, logger: Logger): Assessment {
  try {
    return judge.assess({ title: item.title, text: item.text, sourceKind: item.authorKind });
  } catch (error) {
    logger.error({ fingerprint: item.fingerprint, err: error }, 'could not be assessed');
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
