import type { AssessedItem, NewItem } from '@guanlan/database';
import type { Logger } from '@guanlan/runtime';
import { assessBatch } from './assess.ts';
import type { JudgeHolder } from './judge.ts';

/** Judges items before they are stored, for a crawler in the same process: they are stored with their assessment, never pending. */
export interface Door {
  assess(items: readonly (NewItem & { sourceLocal: boolean })[]): Promise<{ revisionId: number; items: AssessedItem[] }>;
  /** After the commit, when some of the items wait for their event. */
  stored(): void;
}

export function createDoor({ judges, logger, stored }: { judges: JudgeHolder; logger: Logger; stored: () => void }): Door {
  return {
    stored,
    async assess(items) {
      const { revisionId, judge } = await judges.current();
      const judgements = await assessBatch(items, judge, logger);
      return { revisionId, items: items.map((item, index) => ({ ...item, ...(judgements[index] as (typeof judgements)[number]) })) };
    },
  };
}
