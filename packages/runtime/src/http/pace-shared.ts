import { GuanlanError } from '@guanlan/domain';
import type { Clock } from '../clock.ts';
import { createLocalPace, type LocalPaceOptions, type Pace, timer } from './pace.ts';

/** Books the next free start of a request to a host among all processes: milliseconds to wait, or null when it is too far off. */
export type ReserveStart = (reservation: { hostname: string; intervalMs: number; maxWaitMs: number }) => Promise<number | null>;

export interface SharedPaceOptions extends LocalPaceOptions {
  clock: Clock;
  reserve: ReserveStart;
  /** The longest a request may be made to wait. Default 10 minutes. */
  maxWaitMs?: number;
  /** The store could not be asked; this process paces for itself for some seconds. Told once per outage. */
  onOutage?: (error: unknown) => void;
}

/** How long the store is left alone after it failed: a store that is away must not slow every request down. */
const outageMs = 5_000;

/**
 * One budget per host over several processes. What the shared store grants is paced within this process as well: so the
 * interval holds here while the store is away, and from the first request of an outage on.
 */
export function createSharedPace(options: SharedPaceOptions): Pace {
  const { clock, reserve, onOutage, maxWaitMs = 600_000, maxWaiting = 2_000 } = options;
  const local = createLocalPace(options);
  const waits = createWaits(options.sleep);
  let awayUntil = 0;
  let away = false;

  const granted = async (hostname: string, intervalMs: number): Promise<number | null> => {
    if (clock.now().getTime() < awayUntil) return 0;
    try {
      const waitMs = await reserve({ hostname, intervalMs, maxWaitMs });
      away = false;
      return waitMs;
    } catch (error) {
      awayUntil = clock.now().getTime() + outageMs;
      if (!away) onOutage?.(error);
      away = true;
      return 0;
    }
  };

  return {
    async acquire(hostname, intervalMs, signal) {
      if (intervalMs <= 0) return;
      signal?.throwIfAborted();
      if (waits.count() >= maxWaiting) throw tooMany(hostname, `等待访问 ${hostname} 的请求过多（${maxWaiting} 个）`, 60);
      const waitMs = await granted(hostname, intervalMs);
      if (waitMs === null)
        throw tooMany(hostname, `访问 ${hostname} 的请求已排到 ${Math.round(maxWaitMs / 60_000)} 分钟以后`, maxWaitMs / 1_000);
      if (waitMs > 0) await waits.wait(waitMs, signal);
      await local.acquire(hostname, intervalMs, signal);
    },
  };
}

function tooMany(hostname: string, why: string, retryAfterSeconds: number): GuanlanError {
  return new GuanlanError('too-many-requests', `${why}，本次暂缓，稍后自动重试。`, { details: { hostname, retryAfterSeconds } });
}

function createWaits(sleep: LocalPaceOptions['sleep']) {
  let waiting = 0;
  return {
    count: () => waiting,
    wait: async (ms: number, signal?: AbortSignal) => {
      waiting += 1;
      try {
        await (sleep ?? timer)(ms, signal);
      } finally {
        waiting -= 1;
      }
    },
  };
}
