import { bands, signatureSlots, textSlots, titleSlots } from './signature.ts';

/** What the window knows of an item. `event` is whatever the caller counts events by; `seed` is the item its group began with. */
export interface Member {
  id: number;
  event: number;
  seed: number;
  /** Milliseconds of the epoch; when it was published or seen. */
  at: number;
}

/** A member that looks like what was asked for. */
export interface Candidate extends Member {
  /** Agreeing half-slots of 64, 4 of them by chance: the better of text and title. Orders several. */
  alike: number;
  /** Those of the text alone. */
  textAlike: number;
}

/**
 * The recent items in this process, found by the bands of their signatures. A ring: the newest `capacity` items are kept, and putting one in
 * overwrites the oldest. Per item 44 links of 4 bytes, 44 bytes of sketch and 40 bytes of facts, heads aside: 1,000,000 items take about
 * 280 MB, of which the system gives only what is used.
 *
 * Each band is a hash table of chains. A link is the sequence number of the next older item of the chain, so an overwritten
 * item is seen to be gone by its number being too old, and nothing is ever unlinked.
 */
export interface Window {
  readonly size: number;
  put(signature: Uint16Array, member: Member): void;
  /** The items that look most alike, best first, at most `limit`; of those alike to the same degree the newest. */
  find(signature: Uint16Array, options?: { limit?: number }): Candidate[];
  get(id: number): Member | undefined;
  /** A person has moved the item to another event. False when the window does not hold it. */
  move(id: number, to: { event: number; seed?: number }): boolean;
  clear(): void;
}

/** Links followed in one band: a template that thousands of items share must not make each of them slow. */
const chainLimit = 48;
/** So many of the newest items in one band make it a phrase that everybody uses. */
const crowd = 6;
/** What an item found by such a phrase alone must show: a Jaccard similarity near .4 in its text or its title. */
const crowdLikeness = { text: 28, title: 10 };

export function createWindow({ capacity }: { capacity: number }): Window {
  const buckets = 2 ** Math.max(6, Math.ceil(Math.log2(capacity / 8)));
  const mask = buckets - 1;
  const heads = new Uint32Array(bands * buckets);
  const links = new Uint32Array(capacity * bands);
  const tags = new Uint8Array(capacity * bands);
  const tagWords = new Uint32Array(tags.buffer);
  const ids = new Float64Array(capacity);
  const events = new Float64Array(capacity);
  const seeds = new Float64Array(capacity);
  const times = new Float64Array(capacity);
  const stamps = new Uint32Array(capacity);
  const idTable = createIdTable(capacity, ids);
  const tag = new Uint8Array(bands);
  const tagWord = new Uint32Array(tag.buffer);
  const places = new Uint32Array(bands);
  // Sequence numbers begin at 1; 0 is the end of a chain.
  let last = 0;
  let stamp = 0;

  const oldest = () => Math.max(1, last - capacity + 1);

  const locate = (signature: Uint16Array) => {
    for (let band = 0; band < bands; band += 1) {
      const a = signature[band * 2] as number;
      const b = signature[band * 2 + 1] as number;
      tag[band] = (a & 15) | ((b & 15) << 4);
      let hash = Math.imul((a << 16) | b, 0x9e37_79b1);
      hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
      places[band] = band * buckets + (((hash ^ (hash >>> 13)) >>> 0) & mask);
    }
  };
  const member = (slot: number): Member => ({
    id: ids[slot] as number,
    event: events[slot] as number,
    seed: seeds[slot] as number,
    at: times[slot] as number,
  });

  return {
    get size() {
      return Math.min(last, capacity);
    },
    put: (signature, { id, event, seed, at }) => {
      if (signature.length !== signatureSlots) throw new RangeError(`a signature has ${signatureSlots} slots, not ${signature.length}`);
      locate(signature);
      last += 1;
      const slot = last % capacity;
      if (last > capacity) idTable.remove(ids[slot] as number, slot);
      ids[slot] = id;
      events[slot] = event;
      seeds[slot] = seed;
      times[slot] = at;
      idTable.add(id, slot);
      const base = slot * bands;
      for (let band = 0; band < bands; band += 1) {
        const place = places[band] as number;
        links[base + band] = heads[place] as number;
        tags[base + band] = tag[band] as number;
        heads[place] = last;
      }
    },
    find: (signature, { limit = 16 } = {}) => {
      locate(signature);
      stamp += 2;
      const first = oldest();
      const found: Found[] = [];
      const slotsOfBand: number[] = [];
      for (let band = 0; band < bands; band += 1) {
        let seq = heads[places[band] as number] as number;
        const wanted = tag[band] as number;
        slotsOfBand.length = 0;
        for (let steps = 0; seq >= first && steps < chainLimit && slotsOfBand.length < crowd; steps += 1) {
          const slot = seq % capacity;
          const entry = slot * bands + band;
          if (tags[entry] === wanted) slotsOfBand.push(seq);
          seq = links[entry] as number;
        }
        const rare = slotsOfBand.length < crowd;
        for (const match of slotsOfBand) {
          const slot = match % capacity;
          // Stamped odd: taken; even: seen in a crowd and left.
          if (stamps[slot] === stamp + 1 || (!rare && stamps[slot] === stamp)) continue;
          const likeness = likenessOf(tagWords, slot * wordsPerItem, tagWord);
          const text = likeness >>> 6;
          const title = likeness & 63;
          // What many share says little: such a find is looked at again when a rarer band leads to it.
          const left = !rare && text < crowdLikeness.text && title < crowdLikeness.title;
          stamps[slot] = left ? stamp : stamp + 1;
          if (left) continue;
          // Of text and title the better, of 64.
          found.push({
            slot,
            seq: match,
            textAlike: text,
            alike: Math.max(text, (title * textSlots) / titleSlots) + Math.min(text, title) / 64,
          });
        }
      }
      found.sort((a, b) => b.alike - a.alike || b.seq - a.seq);
      return found.slice(0, limit).map(({ slot, alike, textAlike }) => ({ ...member(slot), alike, textAlike }));
    },
    get: (id) => {
      const slot = idTable.find(id);
      return slot === undefined ? undefined : member(slot);
    },
    move: (id, { event, seed }) => {
      const slot = idTable.find(id);
      if (slot === undefined) return false;
      events[slot] = event;
      if (seed !== undefined) seeds[slot] = seed;
      return true;
    },
    clear: () => {
      heads.fill(0);
      stamps.fill(0);
      idTable.clear();
      last = 0;
      stamp = 0;
    },
  };
}

/** Puts stored items in, oldest first. What a restart does. */
export function rebuild(window: Window, rows: Iterable<{ signature: Uint16Array; member: Member }>): void {
  window.clear();
  for (const { signature, member } of rows) window.put(signature, member);
}

interface Found {
  slot: number;
  seq: number;
  alike: number;
  textAlike: number;
}

const wordsPerItem = bands / 4;
const textWords = textSlots / 8;

/** Agreeing half-tags, one in 16 by chance: of 64 over the text in the high part, of 24 over the title in the low six bits. Eight at a time. */
function likenessOf(tagWords: Uint32Array, base: number, tag: Uint32Array): number {
  let text = 0;
  let title = 0;
  for (let word = 0; word < wordsPerItem; word += 1) {
    let differing = (tagWords[base + word] as number) ^ (tag[word] as number);
    differing |= differing >>> 1;
    differing |= differing >>> 2;
    differing &= 0x1111_1111;
    // Sums the eight flags into the highest nibble; eight needs four bits, and the wrap of it is cut off by the shift.
    const equal = 8 - (Math.imul(differing, 0x1111_1111) >>> 28);
    if (word < textWords) text += equal;
    else title += equal;
  }
  return (text << 6) | title;
}

/** Id → slot by open addressing over a table of half load; the slots' own ids are the keys. */
function createIdTable(capacity: number, ids: Float64Array) {
  const size = 2 ** Math.ceil(Math.log2(capacity * 2));
  const mask = size - 1;
  const slots = new Uint32Array(size);
  const home = (id: number) => {
    const h = Math.imul((id % 4_294_967_296) ^ Math.floor(id / 4_294_967_296), 0x9e37_79b1);
    return ((h ^ (h >>> 15)) >>> 0) & mask;
  };
  const at = (id: number, slot?: number) => {
    for (let i = home(id); ; i = (i + 1) & mask) {
      const held = slots[i] as number;
      if (held === 0) return -1 - i;
      if (ids[held - 1] === id && (slot === undefined || held - 1 === slot)) return i;
    }
  };
  return {
    find: (id: number): number | undefined => {
      const i = at(id);
      return i < 0 ? undefined : (slots[i] as number) - 1;
    },
    add: (id: number, slot: number) => {
      const i = at(id);
      slots[i < 0 ? -1 - i : i] = slot + 1;
    },
    remove: (id: number, slot: number) => {
      let hole = at(id, slot);
      if (hole < 0) return;
      slots[hole] = 0;
      // Close the gap: whatever follows and could not be reached any more moves up.
      for (let i = (hole + 1) & mask; slots[i] !== 0; i = (i + 1) & mask) {
        const from = home(ids[(slots[i] as number) - 1] as number);
        if (((i - from) & mask) >= ((i - hole) & mask)) {
          slots[hole] = slots[i] as number;
          slots[i] = 0;
          hole = i;
        }
      }
    },
    clear: () => slots.fill(0),
  };
}
