import type { DueSource, SourceCheck } from '@guanlan/database';
import { boundsOf, type GuanlanError, initialRhythm, intervalOf, observeRhythm, spreadInterval } from '@guanlan/domain';

type Timing = Pick<SourceCheck, 'nextCheckAt' | 'intervalSeconds' | 'rhythm' | 'arrived'>;
export type Timed = Pick<
  DueSource,
  'id' | 'everySeconds' | 'minSeconds' | 'maxSeconds' | 'rhythm' | 'intervalSeconds' | 'lastSuccessAt' | 'failures'
>;

const hour = 3_600_000;
const maxBackoffMs = 6 * hour;
/** The first failure may be a hiccup: it is looked into sooner than usual, but not at once. */
const firstRetryMs = 60_000;

/** What an answer teaches about a source's rhythm, and when it is looked at again. A first check's backlog teaches nothing. */
export function timingAfterSuccess(source: Timed, newItems: number, now: Date): Timing {
  const bounds = boundsOf(source);
  const before = source.rhythm ?? initialRhythm(source.everySeconds);
  const arrived = source.lastSuccessAt === null ? 0 : newItems;
  const elapsedSeconds = source.lastSuccessAt === null ? 0 : (now.getTime() - source.lastSuccessAt.getTime()) / 1_000;
  const rhythm = observeRhythm(before, { elapsedSeconds, newItems: arrived });
  const intervalSeconds = intervalOf(rhythm, bounds);
  return { rhythm, arrived, intervalSeconds, nextCheckAt: later(now, spreadInterval(source.id, intervalSeconds, bounds) * 1_000) };
}

/**
 * When a source that failed is tried again: after half its interval (a minute at least), then after its interval, then twice
 * as late with each failure in a row, up to six hours; never before the server's own Retry-After; a day for what trying again
 * will not change (robots.txt).
 */
export function timingAfterFault(source: Timed, error: GuanlanError, now: Date): Timing {
  const intervalSeconds = source.intervalSeconds ?? source.everySeconds;
  const base = intervalSeconds * 1_000;
  const first = Math.min(base, Math.max(firstRetryMs, base / 2));
  const backoff = source.failures === 0 ? first : Math.min(base * 2 ** Math.min(source.failures - 1, 10), Math.max(maxBackoffMs, base));
  const asked = error.details.retryAfterSeconds;
  const retryAfter = typeof asked === 'number' ? asked * 1_000 : 0;
  const lasting = error.code === 'robots-disallowed' || error.code === 'http-gone' ? 24 * hour : 0;
  const nextCheckAt = later(now, Math.max(backoff, retryAfter, lasting));
  return { rhythm: source.rhythm ?? initialRhythm(source.everySeconds), arrived: 0, intervalSeconds, nextCheckAt };
}

function later(now: Date, ms: number): Date {
  return new Date(now.getTime() + ms);
}
