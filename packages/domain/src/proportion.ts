/** A share of something counted, and where the true share lies with 95 % confidence. */
export interface Proportion {
  value: number;
  low: number;
  high: number;
  /** How many were looked at. */
  n: number;
}

/** For 95 %. */
const z = 1.959964;

/**
 * Wilson's score interval: sensible for few cases and for shares near 0 and 1, where the usual one is not. Of a finite `population`,
 * what was looked at is certain, so the interval closes as `n` nears it. Null when nothing was looked at.
 */
export function proportionOf(successes: number, n: number, population = Number.POSITIVE_INFINITY): Proportion | null {
  if (n <= 0) return null;
  const value = successes / n;
  if (population <= n) return { value, low: value, high: value, n };
  const size = population === Number.POSITIVE_INFINITY ? n : (n * (population - 1)) / (population - n);
  const spread = 1 + z ** 2 / size;
  const centre = (value + z ** 2 / (2 * size)) / spread;
  const half = (z / spread) * Math.sqrt((value * (1 - value)) / size + z ** 2 / (4 * size ** 2));
  // Rounding must not put the share outside of its own interval.
  return { value, low: Math.min(value, Math.max(0, centre - half)), high: Math.max(value, Math.min(1, centre + half)), n };
}

/** One part of what a sample was drawn from. */
export interface Stratum {
  population: number;
  judged: number;
  missed: number;
}

/** How many there are in all, estimated from a sample of each part. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  /** Items judged. */
  judged: number;
  population: number;
}

/**
 * The number missed in all parts together: each part's share times its size; the interval from the parts' own ones by the method of
 * variance estimates recovery (Zou & Donner 2008). Null while a part with anything in it has not been looked at.
 */
export function estimateMissed(strata: readonly Stratum[]): Estimate | null {
  const parts = strata.filter((one) => one.population > 0);
  const shares = parts.map((one) => ({ ...one, share: proportionOf(one.missed, one.judged, one.population) }));
  let [value, below, above, judged, population] = [0, 0, 0, 0, 0];
  for (const { share, ...part } of shares) {
    if (share === null) return null;
    value += part.population * share.value;
    below += (part.population * (share.value - share.low)) ** 2;
    above += (part.population * (share.high - share.value)) ** 2;
    judged += part.judged;
    population += part.population;
  }
  const found = parts.reduce((sum, one) => sum + one.missed, 0);
  return {
    value,
    low: Math.max(found, value - Math.sqrt(below)),
    high: Math.min(population, value + Math.sqrt(above)),
    judged,
    population,
  };
}
