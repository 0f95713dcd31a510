import { loadNative } from './segmenter.ts';

/** Longest piece given to the segmenter, in UTF-16 units; a longer sentence is cut around the hit. */
const longestPiece = 256;

/** Word boundaries of a piece of text. */
export interface Boundaries {
  /** Offset of the piece in its text. */
  from: number;
  /** 1 where a word begins (relative to {@link from}); the end counts as one. */
  at: Uint8Array;
}

type Cut = (text: string) => string[];
let cut: Cut | null = null;

/**
 * Segments the piece of `text` around `[start, end)` that lies within `[from, to)`, at most {@link longestPiece} units.
 * The first call loads the dictionary (half a second and 150 MB), so nothing calls it for a text without such a hit.
 */
export function segmentAround(text: string, from: number, to: number, start: number, end: number): Boundaries {
  const spare = Math.max(0, longestPiece - (end - start)) >> 1;
  const pieceFrom = Math.max(from, start - spare);
  const piece = text.slice(pieceFrom, Math.min(to, end + spare)).toWellFormed();
  const at = new Uint8Array(piece.length + 1);
  let offset = 0;
  for (const word of segmenter()(piece)) {
    at[offset] = 1;
    offset += word.length;
  }
  at[piece.length] = 1;
  return { from: pieceFrom, at };
}

/**
 * True when the hit is made of parts of different words, like 国道 in 中国|道路: a word begins inside it and an edge of
 * it lies inside a word. A hit inside one word (质量 in 质量第一) or made of whole words is not astride.
 */
export function isAstride(boundaries: Boundaries, start: number, end: number): boolean {
  const first = start - boundaries.from;
  const last = end - boundaries.from;
  if (first < 0 || last >= boundaries.at.length) return false;
  if (boundaries.at[first] === 1 && boundaries.at[last] === 1) return false;
  return boundaries.at.subarray(first + 1, last).includes(1);
}

/** Loads the dictionary now (half a second, blocking), for a service that would rather wait at its start than at its first alert. */
export function loadSegmenter(): void {
  segmenter()('观澜');
}

/** The part of speech of each word of a short text, as the segmenter tags it (nr: a person's name). */
export function tagsOf(text: string): string[] {
  return loadNative()
    .tag(text)
    .map(({ tag }) => tag);
}

function segmenter(): Cut {
  cut ??= (text) => loadNative().cut(text, true);
  return cut;
}
