import { repairTable } from './damaged.ts';
import { simplified, traditional } from './traditional.ts';

/**
 * One writing of a text for matching: full width becomes half width, capitals become small, traditional characters become
 * simplified, compatibility forms (Kangxi radicals, CJK compatibility ideographs, circled digits) become the ordinary
 * character; characters that show nothing (zero-width, direction marks, variation selectors) are removed, and so are one or
 * two signs or blanks put between two ideographs (停 水, 停*水). What is left of a text that was decoded wrongly is repaired.
 *
 * Everything but the removal keeps one UTF-16 unit one unit, so offsets stay as they are and {@link foldTable} can be
 * applied while reading. Only a text with something to remove needs a map of offsets.
 */
export interface Normalised {
  text: string;
  /** `offsets[i]` is the original offset of unit `i` of {@link text}; null when the offsets are the same. */
  offsets: Int32Array | null;
  /** The text is GB18030 that someone decoded as UTF-8: most characters are lost. */
  damaged: boolean;
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

let writings: Map<number, number[]> | undefined;

/** The units that are matched as this one: its widths, cases and traditional forms, itself included. */
export function writingsOf(folded: number): readonly number[] {
  writings ??= Map.groupBy(foldTable.keys(), (unit) => foldTable[unit] as number);
  return writings.get(folded) ?? [];
}

/** 1 for a sign or blank that is looked through between two ideographs. */
export const gapSigns: Uint8Array = new Uint8Array(0xc0);
for (const sign of " \u00a0*.·_-~|/\\^+=#`'") gapSigns[sign.charCodeAt(0)] = 1;

/** So many of {@link gapSigns} in a row are looked through. */
export const longestGap = 2;

/** Returns the same string (no copy) when nothing changes. Idempotent, but for a damaged text. */
export function normalise(text: string): Normalised {
  const length = text.length;
  let at = 0;
  while (at < length && foldTable[text.charCodeAt(at)] === text.charCodeAt(at) && !isGap(text.charCodeAt(at))) at++;
  if (at === length) return { text, offsets: null, damaged: false };
  const repair = repairTable(text);
  const units = new Uint16Array(length);
  const offsets = new Int32Array(length);
  let kept = 0;
  for (let i = 0; i < length; i++) {
    const raw = text.charCodeAt(i);
    const unit = raw === 0xfffd ? lost : ((repair === null ? undefined : repair[raw]) ?? (foldTable[raw] as number));
    if (unit === removed) continue;
    // Signs between two ideographs go when the second one comes.
    if (isIdeograph(unit)) {
      let before = kept;
      while (before > 0 && kept - before <= longestGap && isGap(units[before - 1] as number)) before--;
      if (before < kept && before > 0 && kept - before <= longestGap && isIdeograph(units[before - 1] as number)) kept = before;
    }
    units[kept] = unit;
    offsets[kept++] = i;
  }
  return { text: decode(units.subarray(0, kept)), offsets: kept === length ? null : offsets.subarray(0, kept), damaged: repair !== null };
}

export function isIdeograph(unit: number): boolean {
  return unit >= 0x3400 && unit <= 0x9fff;
}

function isGap(unit: number): boolean {
  return unit < 0xc0 && gapSigns[unit] === 1;
}

/** Stands for U+FFFD, which a scan must not see: it is the sign that a text needs {@link normalise}. */
const lost = 0x25a1;

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
  for (const dot of '•‧∙・･') table[dot.charCodeAt(0)] = 0xb7;
  const plain = new Map(Array.from(traditional, (unit, at) => [unit.charCodeAt(0), simplified.charCodeAt(at)]));
  // Twice, because the plain form of one is itself a form of another; and after NFKC, which yields traditional characters.
  for (const unit of table.keys())
    for (let twice = 0; twice < 2; twice++) table[unit] = plain.get(table[unit] as number) ?? (table[unit] as number);
  for (const [from, to] of invisible) table.fill(removed, from, to + 1);
  table[0xfffd] = removed;
  table[removed] = removed;
  return table;
}

function foldUnit(unit: number): number {
  const folded = String.fromCharCode(unit).normalize('NFKC').toLowerCase().normalize('NFKC');
  return folded.length === 1 ? folded.charCodeAt(0) : unit;
}
