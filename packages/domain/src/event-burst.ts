/**
 * Bursts: more than the history lets one expect.
 *
 * The number of items in the newest hours is compared with a rate that is itself uncertain: items come as a Poisson process whose rate has
 * the Gamma posterior of what was counted before, so the tail is negative binomial. That is the Poisson background model of Hendrickson,
 * Kolb, Lehman and Montague, "Trend Detection in Social Data" (Gnip, 2015), with the rate's uncertainty kept (Gelman et al., "Bayesian Data
 * Analysis", 2.6): a short history must be exceeded by more than a long one. The past is forgotten exponentially, so a story that has been
 * loud for days is usual again.
 */

export const burstRule = {
  /** Hours at the end that are judged. */
  windowHours: 3,
  /** Fewer items than this are never a burst. */
  leastItems: 5,
  /** Hours before the window from which on an event has a history of its own. */
  leastOwnHours: 6,
  /** What lies this long before the window counts half. */
  halfLifeHours: 24,
  /** Chance, under the history, of as many or more; a burst is rarer. Checked anew each hour, so about once in 1,000 quiet hours by chance. */
  rare: 0.001,
  /** What a category of few events borrows from all categories, in events. */
  borrowed: 10,
} as const;

/** What was counted, in how many windows of time. */
export interface History {
  count: number;
  windows: number;
}

export interface Burst {
  bursts: boolean;
  /** Items in the window. */
  recent: number;
  /** Items to be expected in it by the event's own history; null while it is too young to have one. */
  own: number | null;
  /** The same by what events of its category usually bring. */
  category: number | null;
}

/**
 * Whether an event bursts: it must be unusual by its own history and by its category's, as far as there is either.
 *
 * @param counts items per hour, oldest first, without gaps, from the event's first hour to the present one
 */
export function burstOf(counts: readonly number[], category: History | null): Burst {
  const split = Math.max(0, counts.length - burstRule.windowHours);
  const recent = sum(counts.slice(split));
  const own = split >= burstRule.leastOwnHours ? decayedHistory(counts.slice(0, split)) : null;
  const known = category !== null && category.windows > 0 ? category : null;
  const histories = [own, known].filter((history) => history !== null);
  const bursts =
    recent >= burstRule.leastItems &&
    histories.length > 0 &&
    histories.every((history) => tailProbability(recent, history) < burstRule.rare);
  return { bursts, recent, own: own && own.count / own.windows, category: known && known.count / known.windows };
}

/** Hourly counts, oldest first, as windows of which older ones weigh less. */
export function decayedHistory(counts: readonly number[]): History {
  let count = 0;
  let hours = 0;
  const kept = 2 ** (-1 / burstRule.halfLifeHours);
  for (const each of counts) {
    count = count * kept + each;
    hours = hours * kept + 1;
  }
  return { count, windows: hours / burstRule.windowHours };
}

/** The chance of `k` or more in one window after this history, 0 to 1; 1 when there is no history. */
export function tailProbability(k: number, { count, windows }: History): number {
  if (k <= 0 || windows <= 0) return 1;
  // Jeffreys' prior for a Poisson rate is half a count in no time.
  const shape = count + 0.5;
  let logTerm = shape * Math.log(windows / (windows + 1));
  let below = 0;
  for (let x = 0; x < k; x += 1) {
    below += Math.exp(logTerm);
    logTerm += Math.log((x + shape) / (x + 1) / (windows + 1));
  }
  return Math.min(1, Math.max(0, 1 - below));
}

/** What events of a category usually bring in a window, each event one vote. */
export interface CategoryPace {
  events: number;
  /** Items per window in which there were any, on average over the events. */
  perWindow: number;
}

/** A category's history; one of few events leans on that of all. Null where there is none at all. */
export function categoryHistory(own: CategoryPace | undefined, all: CategoryPace): History | null {
  const borrowed = Math.min(all.events, burstRule.borrowed);
  const windows = (own?.events ?? 0) + borrowed;
  if (windows === 0) return null;
  return { count: (own?.events ?? 0) * (own?.perWindow ?? 0) + borrowed * all.perWindow, windows };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
