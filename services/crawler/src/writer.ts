import { type Db, insertItems, itemBatch, type NewItem, type StoredItem } from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import type { Clock, Logger } from '@guanlan/runtime';

export interface ItemWriter {
  /** Stores what is new among these; resolves, once committed, with the number of new rows. */
  add(items: readonly NewItem[]): Promise<number>;
}

interface Waiting {
  items: readonly NewItem[];
  resolve(added: number): void;
  reject(error: unknown): void;
}

/** How long a part-full batch waits for more. Long enough to join feeds fetched together, short enough not to be felt. */
const lingerMs = 10;
/** Statements in flight. Measured: a second connection gains 29 %, more gain nothing. */
const maxInFlight = 2;

/**
 * Joins the items of sources fetched at the same time into statements of up to 500 rows. Whoever adds waits for its own
 * rows to be committed, so a slow database slows the fetching down and memory stays bounded.
 */
export function createItemWriter({ db, bus, clock, logger }: { db: Db; bus: Bus; clock: Clock; logger: Logger }): ItemWriter {
  const waiting: Waiting[] = [];
  let rows = 0;
  let inFlight = 0;
  let timer: NodeJS.Timeout | undefined;

  /** Full batches go at once; a part-full one when it has lingered. */
  const flush = (lingered: boolean) => {
    while (inFlight < maxInFlight && (rows >= itemBatch || (lingered && rows > 0))) {
      const batch: Waiting[] = [];
      let size = 0;
      while (waiting[0] !== undefined && (size === 0 || size + waiting[0].items.length <= itemBatch)) {
        const next = waiting.shift() as Waiting;
        batch.push(next);
        size += next.items.length;
      }
      rows -= size;
      inFlight += 1;
      void store(batch).finally(() => {
        inFlight -= 1;
        flush(false);
      });
    }
    clearTimeout(timer);
    timer = rows > 0 && inFlight < maxInFlight ? setTimeout(flush, lingerMs, true) : undefined;
  };

  const store = async (batch: readonly Waiting[]) => {
    try {
      const stored: StoredItem[] = [];
      // One source may bring more than a statement's worth.
      for (const part of chunk(
        batch.flatMap((b) => b.items),
        itemBatch,
      ))
        stored.push(...(await insertItems(db, part, clock.now())));
      await ring(stored);
      const bySource = Map.groupBy(stored, (s) => s.sourceId);
      for (const b of batch) b.resolve(b.items[0] === undefined ? 0 : (bySource.get(b.items[0].sourceId)?.length ?? 0));
    } catch (error) {
      for (const b of batch) b.reject(error);
    }
  };

  const ring = async (stored: readonly StoredItem[]) => {
    try {
      await bus.ringMany(
        'items.collected',
        chunk(stored, 500).map((part) => ({ itemIds: part.map((s) => s.id) })),
      );
    } catch (error) {
      // The rows are committed and noted as pending: the sweep rings for them when the queue is back.
      logger.warn({ items: stored.length, err: error }, 'stored, but could not ring; the sweep will');
    }
  };

  return {
    add: (items) =>
      new Promise((resolve, reject) => {
        if (items.length === 0) return resolve(0);
        waiting.push({ items, resolve, reject });
        rows += items.length;
        if (rows >= itemBatch) flush(false);
        else if (inFlight < maxInFlight) timer ??= setTimeout(flush, lingerMs, true);
      }),
  };
}
