import {
  type AssessedItem,
  type Db,
  insertAssessedItems,
  insertItems,
  itemBatch,
  knownItemKeys,
  type NewItem,
  noteRevisions,
  type StoredItem,
} from '@guanlan/database';
import { chunk } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import type { Clock, Logger } from '@guanlan/runtime';

/** What the writer asks of the source whose items it is given. */
export interface ItemOrigin {
  id: number;
  local: boolean;
  /** Null before the first success: then nothing it brings can be known yet. */
  lastSuccessAt: Date | null;
}

export interface ItemWriter {
  /** Stores what is new among these; resolves, once committed, with the number of new rows. */
  add(origin: ItemOrigin, items: readonly NewItem[]): Promise<number>;
}

/**
 * Judges items on their way in. Where the classifier runs in the same process it is at the door: an item is stored with its
 * assessment, in one statement, and no bell, no second reading and no pending row is needed.
 */
export interface ItemDoor {
  assess(items: readonly (NewItem & { sourceLocal: boolean })[]): Promise<{ revisionId: number; items: AssessedItem[] }>;
  /** After the commit, when some of the items wait for their event. */
  stored(): void;
}

interface Waiting {
  origin: ItemOrigin;
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
export function createItemWriter(resources: { db: Db; bus: Bus; clock: Clock; logger: Logger; door?: ItemDoor | undefined }): ItemWriter {
  const { db, bus, clock, logger, door } = resources;
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
      const items = await unknown(batch);
      const added = new Map<number, number>();
      // One source may bring more than a statement's worth.
      for (const part of chunk(items, itemBatch))
        for (const [sourceId, count] of await (door === undefined ? storePending(part) : storeAssessed(door, part)))
          added.set(sourceId, (added.get(sourceId) ?? 0) + count);
      for (const b of batch) b.resolve(added.get(b.origin.id) ?? 0);
    } catch (error) {
      for (const b of batch) b.reject(error);
    }
  };

  /** Of sources that were read before, most is known: asking by key is cheaper than sending every text again. */
  const unknown = async (batch: readonly Waiting[]) => {
    const before = batch.filter(({ origin }) => origin.lastSuccessAt !== null).flatMap((b) => b.items);
    const known = await knownItemKeys(
      db,
      before.map((item) => item.key),
    );
    await noteRevisions(
      db,
      before.filter((item) => known.has(item.key)),
      clock.now(),
    );
    return batch.flatMap(({ origin, items }) =>
      items.filter((item) => !known.has(item.key)).map((item) => ({ ...item, sourceLocal: origin.local })),
    );
  };

  const storeAssessed = async ({ assess, stored }: ItemDoor, part: Parameters<ItemDoor['assess']>[0]) => {
    const { revisionId, items } = await assess(part);
    const { added, waiting } = await insertAssessedItems(db, revisionId, items, clock.now());
    if (waiting > 0) stored();
    const count = added.values().reduce((sum, n) => sum + n, 0);
    if (count < part.length) await noteRevisions(db, part, clock.now());
    return added;
  };

  const storePending = async (part: readonly NewItem[]) => {
    const stored = await insertItems(db, part, clock.now());
    await ring(stored);
    return new Map([...Map.groupBy(stored, (s) => s.sourceId)].map(([id, own]) => [id, own.length]));
  };

  const ring = async (stored: readonly StoredItem[]) => {
    if (stored.length === 0) return;
    try {
      await bus.ring('items.collected', { itemIds: stored.map((s) => s.id) });
    } catch (error) {
      // The rows are committed and noted as pending: the sweep rings for them when the queue is back.
      logger.warn({ items: stored.length, err: error }, 'stored, but could not ring; the sweep will');
    }
  };

  return {
    add: (origin, items) =>
      new Promise((resolve, reject) => {
        if (items.length === 0) return resolve(0);
        waiting.push({ origin, items, resolve, reject });
        rows += items.length;
        if (rows >= itemBatch) flush(false);
        else if (inFlight < maxInFlight) timer ??= setTimeout(flush, lingerMs, true);
      }),
  };
}
