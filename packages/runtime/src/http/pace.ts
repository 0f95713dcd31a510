import { setTimeout as sleepFor } from 'node:timers/promises';
import { GuanlanError } from '@guanlan/domain';
import type { Clock } from '../clock.ts';

/**
 * Politeness: resolves when a request to this host may start. {@link createLocalPace} keeps it within a process,
 * `createSharedPace` among several.
 */
export interface Pace {
  /**
   * @param intervalMs least time between two request starts to the host; 0 never waits.
   * Rejects with the signal's reason, or with `too-many-requests` when too many are already waiting.
   */
  acquire(hostname: string, intervalMs: number, signal?: AbortSignal): Promise<void>;
}

export interface LocalPaceOptions {
  clock: Clock;
  /** Waits so many milliseconds; the default is a timer. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Requests that may wait at one time, over all hosts: each is a timer and a caller's memory. Default 2,000. */
  maxWaiting?: number;
}

/** Hosts remembered before those whose interval has passed are forgotten. */
const sweepAt = 1_024;

/** Paces within this process. First come, first served per host: each caller books the next free start. */
export function createLocalPace(options: LocalPaceOptions): Pace {
  const { clock, sleep = timer, maxWaiting = 2_000 } = options;
  const nextStart = new Map<string, number>();
  let waiting = 0;
  return {
    async acquire(hostname, intervalMs, signal) {
      if (intervalMs <= 0) return;
      signal?.throwIfAborted();
      const now = clock.now().getTime();
      const start = Math.max(now, nextStart.get(hostname) ?? now);
      if (start > now && waiting >= maxWaiting) {
        throw new GuanlanError('too-many-requests', `等待访问 ${hostname} 的请求过多（${maxWaiting} 个），本次暂缓，稍后自动重试。`, {
          details: { hostname, retryAfterSeconds: Math.ceil((start - now) / 1_000) },
        });
      }
      if (nextStart.size >= sweepAt) forget(nextStart, now);
      nextStart.set(hostname, start + intervalMs);
      if (start === now) return;
      waiting += 1;
      try {
        await sleep(start - now, signal);
      } finally {
        waiting -= 1;
      }
    },
  };
}

function forget(nextStart: Map<string, number>, now: number): void {
  for (const [hostname, at] of nextStart) if (at <= now) nextStart.delete(hostname);
}

/** Waits; rejects with the signal's reason. */
export async function timer(ms: number, signal?: AbortSignal): Promise<void> {
  await sleepFor(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
