import { foldTable, gapSigns, isIdeograph, longestGap, normalise, removed } from './normalise.ts';

/**
 * Finds every occurrence of many terms in one pass, overlapping ones included.
 *
 * A trie whose edges live in one hash table of four 32-bit cells (state, unit, next state, term), so that a step costs one
 * cache line, stands behind a bitmap of the two-unit beginnings: most positions of an ordinary text are dismissed by one bit.
 * Case, width and traditional characters are folded while reading ({@link foldTable}); only a text with something to remove
 * (invisible characters, or signs inside a term) is written anew and read again.
 */
export interface Matcher {
  /** The terms as matched (normalised), by id. */
  readonly terms: readonly string[];
  /** Time is linear in the text, for terms of bounded length. The answer is valid until the next call. */
  scan(text: string): Scan;
}

/** Hits in order of start, shorter first. Offsets are units of {@link text}. */
export interface Scan {
  /** The text that was scanned: the given one, or without its invisible characters. Case and width are as given. */
  text: string;
  /** Maps an offset of {@link text} to the given text; null when they are the same. */
  offsets: Int32Array | null;
  count: number;
  /** Per hit, the id of its term. Longer than {@link count}: a buffer that is used again. */
  term: Int32Array;
  /** Per hit, its first unit. */
  start: Int32Array;
  /** The text is what a wrong decoding left of another. */
  damaged: boolean;
}

/**
 * @param terms ids are their places in this list; a term that reads like an earlier one after normalisation is reported under the earlier id.
 * @throws RangeError for a term that is empty after normalisation.
 */
export function createMatcher(terms: readonly string[]): Matcher {
  const texts = terms.map((term) => normalise(term).text);
  const empty = texts.indexOf('');
  if (empty >= 0) throw new RangeError(`term ${empty} is empty`);
  const trie = buildTrie(texts);
  let term = new Int32Array(1024);
  let start = new Int32Array(1024);

  const grow = () => {
    const longer = [new Int32Array(term.length * 2), new Int32Array(term.length * 2)] as const;
    longer[0].set(term);
    longer[1].set(start);
    [term, start] = longer;
  };

  /** The number of hits, or -1 at the first unit that must be removed before. */
  const scanFolded = (text: string): number => {
    const { cells, mask, roots, bitmap, bitmapShift, deep, singles } = trie;
    const fold = foldTable;
    const length = text.length;
    if (length === 0) return 0;
    let count = 0;
    let first = fold[text.charCodeAt(0)] as number;
    if (first === removed) return -1;
    for (let at = 0; at < length; at++) {
      const second = at + 1 < length ? (fold[text.charCodeAt(at + 1)] as number) : 0;
      if (second < 0xc0) {
        if (gapSigns[second] === 1 && crossesGap(trie, text, at)) return -1;
      } else if (second === removed) return -1;
      if (singles !== null) {
        const single = singles[first] as number;
        if (single >= 0) {
          if (count === term.length) grow();
          term[count] = single;
          start[count++] = at;
        }
      }
      const gram = pairHash(first, second) >>> bitmapShift;
      if ((((bitmap[gram >> 5] as number) >>> (gram & 31)) & 1) !== 0 && isPromising(deep, bitmapShift, first, second, text, at)) {
        let state = roots[first] as number;
        let next = at + 1;
        let unit = second;
        while (state !== 0 && next < length) {
          let slot = edgeHash(state, unit) & mask;
          for (;;) {
            const cell = slot << 2;
            const owner = cells[cell] as number;
            if (owner === state && cells[cell + 1] === unit) {
              state = cells[cell + 2] as number;
              const found = cells[cell + 3] as number;
              if (found >= 0) {
                if (count === term.length) grow();
                term[count] = found;
                start[count++] = at;
              }
              break;
            }
            if (owner === 0) {
              if (unit < 0xc0 && gapSigns[unit] === 1 && crossesGap(trie, text, at)) return -1;
              state = 0;
              break;
            }
            slot = (slot + 1) & mask;
          }
          unit = ++next < length ? (fold[text.charCodeAt(next)] as number) : 0;
        }
      }
      first = second;
    }
    return count;
  };

  return {
    terms: texts,
    scan(text) {
      let scanned = text;
      let offsets: Int32Array | null = null;
      let damaged = false;
      let count = scanFolded(scanned);
      if (count < 0) {
        ({ text: scanned, offsets, damaged } = normalise(text));
        count = scanFolded(scanned);
      }
      return { text: scanned, offsets, count, term, start, damaged };
    },
  };
}

interface Trie {
  /** Edges: owner state (0 = free cell), unit, next state (0 = none follows), term id (-1 = none ends here). */
  cells: Int32Array;
  mask: number;
  /** State after a first unit. */
  roots: Int32Array;
  /** Term of one unit, by unit; null when there is none, so that the scan need not look. */
  singles: Int32Array | null;
  bitmap: Int32Array;
  bitmapShift: number;
  /** As {@link bitmap}, of the three-unit beginnings, and of the whole terms of two units with 0 for the third. */
  deep: Int32Array;
}

function buildTrie(terms: readonly string[]): Trie {
  let units = 1;
  for (const term of terms) units += term.length;
  const cellBits = bitsFor(units * 2, 8, 27);
  const mask = (1 << cellBits) - 1;
  const cells = new Int32Array(4 << cellBits);
  const roots = new Int32Array(65_536);
  // Enough bits that few foreign pairs pass, few enough that the map stays in the near cache.
  const bitmapBits = bitsFor(terms.length * 64, 15, 21);
  const bitmapShift = 32 - bitmapBits;
  const bitmap = new Int32Array(1 << (bitmapBits - 5));
  const deep = new Int32Array(bitmap.length);
  let singles: Int32Array | null = null;
  let states = 1;
  for (const [id, term] of terms.entries()) {
    const first = term.charCodeAt(0);
    if (term.length === 1) {
      singles ??= new Int32Array(65_536).fill(-1);
      if (singles[first] === -1) singles[first] = id;
      continue;
    }
    const gram = pairHash(first, term.charCodeAt(1)) >>> bitmapShift;
    bitmap[gram >> 5] = (bitmap[gram >> 5] as number) | (1 << (gram & 31));
    const triple = tripleHash(first, term.charCodeAt(1), term.length === 2 ? 0 : term.charCodeAt(2)) >>> bitmapShift;
    deep[triple >> 5] = (deep[triple >> 5] as number) | (1 << (triple & 31));
    if (roots[first] === 0) roots[first] = states++;
    let state = roots[first] as number;
    for (let at = 1; at < term.length; at++) {
      const unit = term.charCodeAt(at);
      let slot = edgeHash(state, unit) & mask;
      while (cells[slot << 2] !== 0 && !(cells[slot << 2] === state && cells[(slot << 2) + 1] === unit)) slot = (slot + 1) & mask;
      const cell = slot << 2;
      if (cells[cell] === 0) {
        cells[cell] = state;
        cells[cell + 1] = unit;
        cells[cell + 3] = -1;
      }
      if (at === term.length - 1) {
        if (cells[cell + 3] === -1) cells[cell + 3] = id;
      } else {
        if (cells[cell + 2] === 0) cells[cell + 2] = states++;
        state = cells[cell + 2] as number;
      }
    }
  }
  return { cells, mask, roots, singles, bitmap, bitmapShift, deep };
}

/** Whether it is worth to walk the trie: a term of two units begins here, or one that goes on with the third. */
function isPromising(deep: Int32Array, shift: number, first: number, second: number, text: string, at: number): boolean {
  const whole = tripleHash(first, second, 0) >>> shift;
  if ((((deep[whole >> 5] as number) >>> (whole & 31)) & 1) !== 0) return true;
  if (at + 2 >= text.length) return false;
  const third = foldTable[text.charCodeAt(at + 2)] as number;
  // A sign there may be one that is looked through.
  if (third < 0xc0) return true;
  const triple = tripleHash(first, second, third) >>> shift;
  return (((deep[triple >> 5] as number) >>> (triple & 31)) & 1) !== 0;
}

/** A term begins at `at` and goes on behind signs or blanks put between its characters. */
function crossesGap({ cells, mask, roots }: Trie, text: string, at: number): boolean {
  let before = foldTable[text.charCodeAt(at)] as number;
  let state = roots[before] as number;
  let crossed = false;
  for (let next = at + 1; state !== 0 && next < text.length; next++) {
    let unit = foldTable[text.charCodeAt(next)] as number;
    if (unit < 0xc0 && gapSigns[unit] === 1 && isIdeograph(before)) {
      const from = next;
      while (next - from < longestGap && unit < 0xc0 && gapSigns[unit] === 1 && next + 1 < text.length) {
        unit = foldTable[text.charCodeAt(++next)] as number;
      }
      if (!isIdeograph(unit)) return false;
      crossed = true;
    }
    let slot = edgeHash(state, unit) & mask;
    while (cells[slot << 2] !== 0 && !(cells[slot << 2] === state && cells[(slot << 2) + 1] === unit)) slot = (slot + 1) & mask;
    if (cells[slot << 2] === 0) return false;
    if (crossed && (cells[(slot << 2) + 3] as number) >= 0) return true;
    state = cells[(slot << 2) + 2] as number;
    before = unit;
  }
  return false;
}

function pairHash(first: number, second: number): number {
  return Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
}

function tripleHash(first: number, second: number, third: number): number {
  return Math.imul(Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35), 0x27d4eb2f);
}

function edgeHash(state: number, unit: number): number {
  const hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
  return hash ^ (hash >>> 15);
}

/** The least power of two that is not below `size`, within bounds, as a number of bits. */
function bitsFor(size: number, least: number, most: number): number {
  let bits = least;
  while (bits < most && 2 ** bits < size) bits++;
  return bits;
}
