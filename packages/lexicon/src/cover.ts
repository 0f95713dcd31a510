import { conditionLimits } from './condition.ts';

/** Where the hits of a text stand, by their numbers. */
interface Hits {
  start(hit: number): number;
  end(hit: number): number;
}

/** The first of `covers` (in order of start, none longer than a term can be) that spans the hit, or -1. `longer`: and is longer. */
export function firstCover(hits: Hits, hit: number, covers: readonly number[], longer = false): number {
  if (covers.length === 0) return -1;
  const start = hits.start(hit);
  const end = hits.end(hit);
  let low = 0;
  let high = covers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hits.start(covers[middle] ?? 0) < start - conditionLimits.termLength) low = middle + 1;
    else high = middle;
  }
  for (; low < covers.length; low++) {
    const cover = covers[low] ?? 0;
    if (hits.start(cover) > start) break;
    if (hits.end(cover) >= end && !(longer && hits.end(cover) - hits.start(cover) <= end - start)) return cover;
  }
  return -1;
}
