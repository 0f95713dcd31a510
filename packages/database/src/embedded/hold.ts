import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@guanlan/runtime';
import type pg from 'pg';
import { holdShared, releaseAsLast } from './session.ts';

/**
 * Keeps this process's mark on the server for as long as it is open: one dedicated connection with a shared advisory
 * lock. When the connection is lost, `regain` is asked for a new one (it restarts the server, or only looks whether it
 * is back) until it has one.
 */
export function holdServer(options: {
  client: pg.Client;
  /** A fresh connection, or undefined when the server is not there (yet). Runs under the lock. */
  regain: () => Promise<pg.Client | undefined>;
  /** Stops the server. Runs under the lock, when nobody else holds it. */
  stop: () => Promise<void>;
  lock: <T>(work: () => Promise<T>) => Promise<T>;
  logger: Logger | undefined;
}): { close(): Promise<void> } {
  const { logger, lock } = options;
  const closing = new AbortController();
  let client: pg.Client | undefined;
  let regaining: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  let quickDeaths = 0;

  const hold = (fresh: pg.Client) => {
    client = fresh;
    const since = performance.now();
    fresh.once('end', () => {
      client = undefined;
      if (closing.signal.aborted) return;
      quickDeaths = performance.now() - since < steadyMs ? quickDeaths + 1 : 0;
      logger?.warn('embedded PostgreSQL is gone');
      regaining = regain(quickDeaths);
    });
  };

  const regain = async (failures: number): Promise<void> => {
    for (let attempt = failures; !closing.signal.aborted; attempt++) {
      try {
        if (attempt > 0) await delay(Math.min(maximumPauseMs, 100 * 2 ** attempt), undefined, { signal: closing.signal, ref: false });
        const fresh = await lock(async () => {
          const found = closing.signal.aborted ? undefined : await options.regain();
          if (found) await holdShared(found);
          return found;
        });
        if (!fresh) continue;
        hold(fresh);
        logger?.info('embedded PostgreSQL is back');
        return;
      } catch (error) {
        if (!closing.signal.aborted) logger?.error({ err: error }, 'embedded PostgreSQL did not come back, trying again');
      }
    }
  };

  const close = async () => {
    closing.abort();
    await regaining;
    await lock(async () => {
      const last = client ? await releaseAsLast(client).catch(() => false) : false;
      await client?.end().catch(() => {});
      if (last) await options.stop();
    });
  };

  hold(options.client);
  return { close: () => (closed ??= close()) };
}

const steadyMs = 10_000;
const maximumPauseMs = 10_000;
