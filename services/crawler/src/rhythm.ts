import type { GuanlanError } from '@guanlan/domain';

const hour = 3_600_000;
const maxBackoffMs = 6 * hour;

/**
 * When a source that answered is looked at again: its own interval, give or take 5 % by its id, so that sources added
 * together drift apart instead of coming due in one burst.
 */
export function nextAfterSuccess(source: { id: number; everySeconds: number }, now: Date): Date {
  const spread = (((source.id * 2_654_435_761) % 1_000) / 1_000 - 0.5) * 0.1;
  return new Date(now.getTime() + source.everySeconds * 1_000 * (1 + spread));
}

/**
 * When a source that failed is tried again: twice as late with each failure in a row, up to six hours; never before the
 * server's own Retry-After; a day for what trying again will not change (robots.txt, 410).
 */
export function nextAfterFault(source: { everySeconds: number }, failures: number, error: GuanlanError, now: Date): Date {
  const base = source.everySeconds * 1_000;
  const backoff = Math.min(base * 2 ** Math.min(failures, 10), Math.max(maxBackoffMs, base));
  const asked = error.details.retryAfterSeconds;
  const retryAfter = typeof asked === 'number' ? asked * 1_000 : 0;
  const lasting = error.code === 'robots-disallowed' || error.code === 'http-gone' ? 24 * hour : 0;
  return new Date(now.getTime() + Math.max(backoff, retryAfter, lasting));
}
