import type { PreparedItem } from '@guanlan/domain';
import { sql } from 'kysely';
import type { Db } from '../connect.ts';
import { locks } from '../locks.ts';
import { insertItems, itemBatch } from './item.ts';
import { findItemIds } from './item-list.ts';

/** An item that somebody hands over. */
export interface HandedItem {
  prepared: PreparedItem;
  /** Digest of the sender's own id (32 hex digits); null when it gave none. */
  externalKey: string | null;
}

export interface Receipt {
  result: 'accepted' | 'duplicate';
  itemId: number;
}

/**
 * Stores what is new of what one source hands over, in the order given; at most 500 at once. An item is known by its sender's
 * id, whatever its address now, and by its own key (address, or text). Must run in a transaction; one source's batches wait for
 * each other, so that two that bring the same id at once store it once.
 */
export async function receiveItems(tx: Db, sourceId: number, items: readonly HandedItem[], now: Date): Promise<Receipt[]> {
  if (!tx.isTransaction) throw new Error('receiveItems needs a transaction');
  if (items.length > itemBatch) throw new Error(`at most ${itemBatch} items at once`);
  await sql`select pg_advisory_xact_lock(${locks.intakeReceipt}, ${sourceId}::integer)`.execute(tx);
  const known = await findReceived(tx, sourceId, items);
  const lookup = ({ prepared, externalKey }: HandedItem) =>
    (externalKey === null ? undefined : known.get(externalKey)) ?? known.get(prepared.key);

  const fresh: HandedItem[] = [];
  // Within the batch the first one of an id or a key stands for the others.
  const leader = new Map<string, HandedItem>();
  const led = items.map((item) => {
    const isKnown = lookup(item) !== undefined;
    const names = [item.prepared.key, ...(item.externalKey === null ? [] : [item.externalKey])];
    const first = isKnown ? item : (names.map((name) => leader.get(name)).find((found) => found !== undefined) ?? item);
    for (const name of names) leader.set(name, leader.get(name) ?? first);
    if (first === item && !isKnown) fresh.push(item);
    return first;
  });
  const newIds = new Set(
    (
      await insertItems(
        tx,
        fresh.map(({ prepared }) => ({ ...prepared, sourceId })),
        now,
      )
    ).map(({ id }) => id),
  );
  for (const [key, id] of await findItemIds(
    tx,
    fresh.map(({ prepared }) => prepared.key),
  ))
    known.set(key, id);

  const receipts = items.map((item, i): Receipt => {
    const first = led[i] ?? item;
    const itemId = lookup(item) ?? lookup(first);
    if (itemId === undefined) throw new Error('an item was neither stored nor known');
    return { result: fresh.includes(item) && newIds.has(itemId) ? 'accepted' : 'duplicate', itemId };
  });
  await noteReceipts(tx, sourceId, items, receipts);
  return receipts;
}

async function findReceived(tx: Db, sourceId: number, items: readonly HandedItem[]): Promise<Map<string, number>> {
  const externalKeys = items.flatMap(({ externalKey }) => externalKey ?? []);
  const { rows } = await sql<{ key: string; id: number }>`
    select replace(external_id::text, '-', '') as key, item_id as id from intake_receipt
    where source_id = ${sourceId} and external_id = any(${externalKeys}::uuid[])`.execute(tx);
  // Items from before there were receipts, that came without an address, have the id's digest as their own key.
  const byKey = await findItemIds(tx, [...items.map(({ prepared }) => prepared.key), ...externalKeys]);
  return new Map([...byKey, ...rows.map((row) => [row.key, row.id] as const)]);
}

async function noteReceipts(tx: Db, sourceId: number, items: readonly HandedItem[], receipts: readonly Receipt[]): Promise<void> {
  const noted = items.flatMap(({ externalKey }, i) => (externalKey === null ? [] : [{ externalKey, itemId: receipts[i]?.itemId ?? 0 }]));
  if (noted.length === 0) return;
  await sql`
    insert into intake_receipt (source_id, external_id, item_id)
    select ${sourceId}, external_id, item_id
    from unnest(${noted.map((n) => n.externalKey)}::uuid[], ${noted.map((n) => n.itemId)}::bigint[]) as new (external_id, item_id)
    on conflict do nothing`.execute(tx);
}
