import { createHash } from 'node:crypto';
import { type Gist, type GistInput, gistOf } from './gist.ts';
import { signatureOf } from './signature.ts';
import { compare, contradiction } from './similarity.ts';
import { type Candidate, createWindow, type Window } from './window.ts';

/** Where an item belongs. */
export interface Placement {
  event: number;
  /** The item the group began with: every later one must be near it too, so that a chain cannot lead away from it. */
  seed: number;
  /** The member it was found by. */
  by: number;
  score: number;
}

/**
 * Chooses the event of an item among the candidates a window found; null when it begins one of its own.
 *
 * A candidate counts when it tells the same happening *and* the item its group began with reads alike: the happening itself, or at least not
 * kept apart by a particular and half as near. Of several the nearest wins, then the older item: the same order of items gives the same events.
 * Existing events are never joined by a bridge between them.
 */
export function chooseEvent(gist: Gist, candidates: readonly Candidate[], gistById: (id: number) => Gist | undefined): Placement | null {
  let best: Placement | null = null;
  for (const candidate of candidates) {
    const other = gistById(candidate.id);
    if (other === undefined) continue;
    // Titles that deny each other leave only a copy, and a copy shows in the signature: forms filled in anew end here, before their texts.
    if (candidate.textAlike < copyAlike && contradiction(gist, other) !== null) continue;
    const likeness = compare(gist, other);
    if (!likeness.same) continue;
    if (best !== null && (likeness.score < best.score || (likeness.score === best.score && candidate.id > best.by))) continue;
    if (candidate.seed !== candidate.id && !nearSeed(gist, gistById(candidate.seed))) continue;
    best = { event: candidate.event, seed: candidate.seed, by: candidate.id, score: likeness.score };
  }
  return best;
}

/** A Jaccard similarity near .35. */
const copyAlike = 25;

/** Of what a title or text alone must show of the seed when an item was found by another member. */
const seedShare = 0.25;

function nearSeed(gist: Gist, seed: Gist | undefined): boolean {
  if (seed === undefined) return true;
  const likeness = compare(gist, seed);
  return likeness.same || (likeness.apart === null && likeness.score >= seedShare);
}

/** Whatever the caller knows an item by. */
export type GroupedId = string | number;

export interface GroupedItem extends GistInput {
  id: GroupedId;
}

export interface Grouped {
  id: GroupedId;
  event: GroupedId;
  duplicateOf?: GroupedId;
}

/** Groups a stream of items one by one, in memory. */
export interface Grouping {
  add(item: GroupedItem): Grouped;
}

export interface GroupingOptions {
  /** Items that are remembered. */
  capacity?: number;
  /** What the remembered items' gists may hold together, in tokens; older ones are forgotten first. */
  tokens?: number;
}

/**
 * An online grouping that needs no database: the event is named after its first item, and `duplicateOf` names the first item with
 * the same letters and digits in title and text. Bounded: beyond `capacity` items the oldest are forgotten.
 */
export function createGrouping({ capacity = 200_000, tokens = 60_000_000 }: GroupingOptions = {}): Grouping {
  const window: Window = createWindow({ capacity });
  // In order of arrival, so the first key is the oldest.
  const held = new Map<number, { event: GroupedId; gist: Gist; exact: string; size: number }>();
  const firstOf = new Map<string, { id: GroupedId; event: GroupedId; serial: number }>();
  let serial = 0;
  let size = 0;

  const forget = () => {
    for (const [key, entry] of held) {
      if (held.size <= capacity && size <= tokens) return;
      held.delete(key);
      size -= entry.size;
      if (firstOf.get(entry.exact)?.serial === key) firstOf.delete(entry.exact);
    }
  };

  return {
    add: (item) => {
      serial += 1;
      const exact = exactKey(item);
      const first = firstOf.get(exact);
      if (first) return { id: item.id, event: first.event, duplicateOf: first.id };
      const gist = gistOf(item);
      const signature = signatureOf(item);
      const found = signature === null ? [] : window.find(signature, { limit: candidateLimit });
      const place = chooseEvent(gist, found, (id) => held.get(id)?.gist);
      const seed = place?.seed ?? serial;
      const event = (place && held.get(place.by)?.event) ?? item.id;
      if (signature !== null) window.put(signature, { id: serial, event: seed, seed, at: item.at ?? 0 });
      const weight = 2 * gist.fives.length + 4 * gist.title.length;
      held.set(serial, { event, gist, exact, size: weight });
      firstOf.set(exact, { id: item.id, event, serial });
      size += weight;
      forget();
      return { id: item.id, event };
    },
  };
}

/** Candidates that are compared with an item. */
export const candidateLimit = 8;

/** White space, full-width forms and letter case do not make a text another text; an item without any text copies nothing but itself. */
function exactKey({ id, title, text }: GroupedItem): string {
  const squashed = `${title}\n${text}`.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
  return squashed === '' ? `\n${id}` : createHash('sha256').update(squashed).digest('base64');
}
