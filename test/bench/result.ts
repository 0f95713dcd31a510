/** One line of `guanlan bench --json`. Medians over `runs`. */
export interface BenchResult {
  name: string;
  unit: string;
  value: number;
  /** The same figure of each baseline, measured in the same run. */
  baselines: Record<string, number>;
  /** value / baseline */
  ratios: Record<string, number>;
  /** Peak resident memory of the node process, where it is part of the claim. */
  memoryMb?: number;
  runs: number;
  note?: string;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share `q` of the values lies; of an even number, the middle of the two. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
