/** How often a source is looked at: learned from how often it brings something new, within its bounds. */

export interface RhythmBounds {
  minSeconds: number;
  maxSeconds: number;
}

/** An exponentially weighted count of arrivals over an equally weighted time of watching. */
export interface Rhythm {
  arrivals: number;
  observedSeconds: number;
}

/** For a source whose operator names no interval: from a hot list every two minutes to a quiet column every three hours. */
export const openRhythm = { everySeconds: 300, minSeconds: 120, maxSeconds: 10_800 } as const;

/** What lies this long back counts for 1/e: long enough for a night, short enough that a new rhythm is learned in a day. */
const memorySeconds = 12 * 3_600;
/** Arrivals that one check can count for: a batch posted at once says little about when the next comes. */
const mostPerCheck = 3;
/** Looks per arrival aimed at: on average an item then waits a quarter of the time between two arrivals. */
const looksPerArrival = 2;

/**
 * The bounds of a source. An interval that an operator names (`--every`) is where it starts and a promise: it is never
 * looked at less often, only more often when much comes, up to five times and at most once a minute. Bounds of its own
 * replace either end.
 */
export function boundsOf(source: { everySeconds: number; minSeconds: number | null; maxSeconds: number | null }): RhythmBounds {
  const { everySeconds } = source;
  const maxSeconds = source.maxSeconds ?? Math.max(everySeconds, source.minSeconds ?? 0);
  const minSeconds = source.minSeconds ?? Math.min(everySeconds, Math.max(60, Math.round(everySeconds / 5)));
  return { minSeconds: Math.min(minSeconds, maxSeconds), maxSeconds };
}

/** Nothing learned yet: the interval is the starting one. */
export function initialRhythm(everySeconds: number): Rhythm {
  return { arrivals: 1, observedSeconds: looksPerArrival * everySeconds };
}

/** After a check that answered, `elapsedSeconds` after the one before it. */
export function observeRhythm(rhythm: Rhythm, check: { elapsedSeconds: number; newItems: number }): Rhythm {
  const elapsed = Math.max(0, check.elapsedSeconds);
  const kept = Math.exp(-elapsed / memorySeconds);
  return {
    arrivals: rhythm.arrivals * kept + Math.min(Math.max(0, check.newItems), mostPerCheck),
    // The integral of the same weight over the time since: what steady watching would have summed up.
    observedSeconds: rhythm.observedSeconds * kept + memorySeconds * (1 - kept),
  };
}

/** Whole seconds to the next look, within the bounds. */
export function intervalOf(rhythm: Rhythm, { minSeconds, maxSeconds }: RhythmBounds): number {
  const wanted = rhythm.arrivals > 0 ? rhythm.observedSeconds / rhythm.arrivals / looksPerArrival : maxSeconds;
  return Math.round(Math.min(maxSeconds, Math.max(minSeconds, wanted)));
}

/**
 * Seconds to wait after `intervalSeconds`: up to a tenth less, by the source's id, so that sources added together drift
 * apart instead of coming due in one burst. Never below the minimum.
 */
export function spreadInterval(id: number, intervalSeconds: number, { minSeconds }: RhythmBounds): number {
  const share = ((id * 2_654_435_761) % 1_000) / 1_000;
  return Math.max(Math.min(minSeconds, intervalSeconds), intervalSeconds * (1 - share / 10));
}
