import { type Db, findCopied, loadDrillItems, type PlacedItem, reserveEventIds, type UngroupedItem } from '@guanlan/database';
import {
  type Candidate,
  candidateLimit,
  chooseEvent,
  createWindow,
  encodeSignature,
  type Gist,
  gistOf,
  signatureOf,
} from '@guanlan/events';
import type { KnownEvents } from './known-events.ts';

/** Items of one round. */
export const roundSize = 300;

/**
 * Says where each item of a round belongs, in their order: with the first of the same text; else with the event of what it reads
 * like, one of this round included; else it begins one. An item that may not begin an event and joins none is left out.
 */
export async function placeRound(tx: Db, known: KnownEvents, items: readonly UngroupedItem[]): Promise<PlacedItem[]> {
  const copied = await findCopied(
    tx,
    items.map((item) => item.fingerprint),
  );
  const signatures = items.map((item) =>
    item.eventId !== null || (copied.has(item.fingerprint) && item.drillId === null) ? null : signatureOf(item),
  );
  const found = signatures.map((signature) => (signature === null ? [] : known.window.find(signature, { limit: candidateLimit })));
  const gistOfKnown = await known.gistsOf(tx, found.flat());
  // What is made up for a drill is never told into another story; a real report that reads like it may join, and makes it real.
  const drills = await loadDrillItems(
    tx,
    items.flatMap((item) => item.drillId ?? []),
  );
  const mayJoin = ({ drillId }: UngroupedItem, other: number) => drillId === null || drills.get(drillId)?.has(other) === true;
  const newIds = await reserveEventIds(tx, items.filter((item) => item.begins && item.eventId === null).length);

  // Those placed in this round are in no window yet: they have one of their own until they are committed.
  const round = createWindow({ capacity: roundSize });
  const gists = new Map<number, Gist>();
  const placed: PlacedItem[] = [];
  for (const [index, item] of items.entries()) {
    const { id, eventId, fingerprint, at, title, text, begins } = item;
    if (eventId !== null) {
      placed.push({ itemId: id, eventId, seedId: id, copyOf: null, signature: null });
      continue;
    }
    const first = copied.get(fingerprint);
    if (first !== undefined && mayJoin(item, first.itemId)) {
      placed.push({ itemId: id, eventId: first.eventId, seedId: first.seedId, copyOf: first.itemId, signature: null });
      continue;
    }
    const signature = signatures[index] ?? null;
    const gist = gistOf({ title, text, at: at.getTime() });
    const candidates =
      signature === null
        ? []
        : nearest(found[index] ?? [], round.find(signature, { limit: candidateLimit })).filter((other) => mayJoin(item, other.id));
    const joins = chooseEvent(gist, candidates, (other) => gists.get(other) ?? gistOfKnown(other));
    const event = joins?.event ?? (begins ? newIds.shift() : undefined);
    if (event === undefined) continue;
    const seedId = joins?.seed ?? id;
    placed.push({ itemId: id, eventId: event, seedId, copyOf: null, signature: signature && encodeSignature(signature) });
    copied.set(fingerprint, { itemId: id, eventId: event, seedId });
    gists.set(id, gist);
    if (signature !== null) round.put(signature, { id, event, seed: seedId, at: at.getTime() });
  }
  return placed;
}

function nearest(...lists: Candidate[][]): Candidate[] {
  return lists
    .flat()
    .sort((a, b) => b.alike - a.alike)
    .slice(0, candidateLimit);
}
