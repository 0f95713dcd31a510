import { setTimeout as sleep } from 'node:timers/promises';
import { isLost } from './outage.ts';

/** The promise's own outcome, or an `ETIMEDOUT` error after `ms`. The work itself is not stopped. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(Object.assign(new Error(`no answer within ${Math.round(ms)} ms`), { code: 'ETIMEDOUT' })), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tries again while the server is lost, until `ms` have passed; then the last error. Other errors pass at once. */
export async function untilReached<T>(attempt: () => Promise<T>, ms: number, pauseMs = 200): Promise<T> {
  const deadline = performance.now() + ms;
  for (;;) {
    try {
      return await within(attempt(), deadline - performance.now());
    } catch (error) {
      if (!isLost(error) || performance.now() + pauseMs >= deadline) throw error;
      await sleep(pauseMs);
    }
  }
}
