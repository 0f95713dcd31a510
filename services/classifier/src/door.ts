import type { AssessedItem, NewItem } from '@guanlan/database';
import type { Logger } from '@guanlan/runtime';
import { assessBatch } from './assess.ts';
import type { Clusterer } from './clusterer.ts';
import type { JudgeHolder } from './judge.ts';

/** Judges items before they are stored, for a crawler in the same process: they are stored with their assessment, never pending. */
export interface Door {
  assess(items: readonly (NewItem & { sourceLocal: boolean })[]): Promise<{ revisionId: number; items: AssessedItem[] }>;
  /** After the commit: rings for the events that changed. */
  announce(eventIds: readonly number[]): void;
}

export function createDoor(options: { judges: JudgeHolder; clusterer: Clusterer; logger: Logger; announce: Door['announce'] }): Door {
  const { judges, clusterer, logger, announce } = options;
  return {
    announce,
    async assess(items) {
      const { revisionId, judge } = await judges.current();
      const judgements = await assessBatch(items, { judge, clusterer, logger });
      return { revisionId, items: items.map((item, index) => ({ ...item, ...(judgements[index] as (typeof judgements)[number]) })) };
    },
  };
}
