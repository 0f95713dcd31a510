/** Sets of token n-grams, as sorted arrays of distinct 32-bit hashes. */
export type Grams = Uint32Array;

/** A list shorter than `n` tokens is one gram; an empty one is none. */
export function gramsOf(tokens: Uint32Array, n: number): Grams {
  if (tokens.length === 0) return new Uint32Array(0);
  const width = Math.min(n, tokens.length);
  const all = new Uint32Array(tokens.length - width + 1);
  for (let i = 0; i < all.length; i += 1) {
    let hash = width;
    for (let j = i; j < i + width; j += 1) {
      hash = Math.imul(hash ^ (tokens[j] as number), 0x9e37_79b1);
      hash ^= hash >>> 15;
    }
    all[i] = Math.imul(hash, 0x85eb_ca6b) >>> 0;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < all.length; i += 1) {
    if (i === 0 || all[i] !== all[i - 1]) {
      all[kept] = all[i] as number;
      kept += 1;
    }
  }
  return all.slice(0, kept);
}

/** How many grams the two sets share. */
export function shared(a: Grams, b: Grams): number {
  let count = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const x = a[i] as number;
    const y = b[j] as number;
    if (x === y) {
      count += 1;
      i += 1;
      j += 1;
    } else if (x < y) i += 1;
    else j += 1;
  }
  return count;
}

/** Shared grams ÷ all grams; 0 when both are empty. */
export function jaccard(a: Grams, b: Grams): number {
  const both = shared(a, b);
  return both / (a.length + b.length - both || 1);
}

/** Shared grams ÷ grams of the smaller set; 0 when one is empty. */
export function containment(a: Grams, b: Grams): number {
  return shared(a, b) / (Math.min(a.length, b.length) || 1);
}
