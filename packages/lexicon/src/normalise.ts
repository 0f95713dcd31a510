/**
 * One writing of a text for matching: full width becomes half width, capitals become small, compatibility forms
 * (Kangxi radicals, CJK compatibility ideographs, circled digits) become the ordinary character, and characters that
 * show nothing (zero-width, direction marks, variation selectors) are removed.
 *
 * Everything but the removal keeps one UTF-16 unit one unit, so offsets stay as they are and {@link foldTable} can be
 * applied while reading. Only a text with something to remove needs a map of offsets.
 */
export interface Normalised {
  text: string;
  /** `offsets[i]` is the original offset of unit `i` of {@link text}; null when the offsets are the same. */
  offsets: Int32Array | null;
}

/** The mark of a unit that is to be removed. No term can hold it. */
export const removed = 0xffff;

/** Units without a picture of their own: Unicode's Default_Ignorable_Code_Point within the BMP, without the Hangul fillers. */
const invisible: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
];

/** For each UTF-16 unit: what it is matched as, or {@link removed}. */
export const foldTable: Uint16Array = buildFoldTable();

/** Returns the same string (no copy) when nothing changes. Idempotent. */
export function normalise(text: string): Normalised {
  const length = text.length;
  let at = 0;
  while (at < length && foldTable[text.charCodeAt(at)] === text.charCodeAt(at)) at++;
  if (at === length) return { text, offsets: null };
  const units = new Uint16Array(length);
  const offsets = new Int32Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const unit = foldTable[text.charCodeAt(i)] ?? removed;
    if (unit === removed) continue;
    units[kept] = unit;
    offsets[kept++] = i;
  }
  return { text: decode(units.subarray(0, kept)), offsets: kept === length ? null : offsets.subarray(0, kept) };
}

/** The original half-open span of a half-open span of the normalised text. Removed units at either edge stay outside. */
export function originalSpan(offsets: Int32Array | null, start: number, end: number): { start: number; end: number } {
  if (offsets === null) return { start, end };
  return { start: offsets[start] ?? start, end: (offsets[end - 1] ?? end - 1) + 1 };
}

function decode(units: Uint16Array): string {
  let text = '';
  for (let at = 0; at < units.length; at += 8192) text += String.fromCharCode(...units.subarray(at, at + 8192));
  return text;
}

function buildFoldTable(): Uint16Array {
  const table = new Uint16Array(65_536);
  for (let unit = 0; unit < 65_536; unit++) table[unit] = unit;
  // Blocks that hold a letter case or a compatibility form of one unit; the ideographs and Hangul between them have none.
  for (const [from, to] of [
    [0x41, 0x2e7f],
    [0x2e80, 0x33ff],
    [0xa640, 0xa7ff],
    [0xf900, 0xfffd],
  ] as const) {
    for (let unit = from; unit <= to; unit++) table[unit] = foldUnit(unit);
  }
  for (const [from, to] of invisible) table.fill(removed, from, to + 1);
  table[removed] = 0xfffd;
  return table;
}

function foldUnit(unit: number): number {
  const folded = String.fromCharCode(unit).normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.length === 1 ? folded.charCodeAt(0) : unit;
}
