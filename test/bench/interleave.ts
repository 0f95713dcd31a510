import { median } from './result.ts';

/** Median milliseconds of each candidate; they take turns, after one round that warms up. */
export function interleave<Name extends string>(rounds: number, candidates: Record<Name, () => void>): Record<Name, number> {
  const names = Object.keys(candidates) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const from = performance.now();
      candidates[name]();
      if (round > 0) taken[name].push(performance.now() - from);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(taken[name])])) as Record<Name, number>;
}
