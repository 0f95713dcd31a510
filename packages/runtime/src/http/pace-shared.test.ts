import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { createSharedPace, type ReserveStart } from './pace-shared.ts';

const clock = () => manualClock(new Date('2026-11-23T00:00:00Z'));
const away: ReserveStart = () => Promise.reject(new Error('no database'));

describe('createSharedPace', () => {
  it('waits as long as the store says', async () => {
    const waits: number[] = [];
    const pace = createSharedPace({ clock: clock(), sleep: async (ms) => void waits.push(ms), reserve: async () => 700 });
    await pace.acquire('a', 1_000);
    expect(waits).toEqual([700]);
  });

  it('asks nobody where there is no interval', async () => {
    await createSharedPace({ clock: clock(), reserve: away }).acquire('a', 0);
  });

  it('keeps the interval within the process while the store is away, from the first request on, and asks again later', async () => {
    const time = clock();
    const waits: number[] = [];
    const told: unknown[] = [];
    let asked = 0;
    let up = true;
    const pace = createSharedPace({
      clock: time,
      sleep: async (ms) => void waits.push(ms),
      onOutage: (error) => told.push(error),
      reserve: async () => {
        asked += 1;
        if (!up) throw new Error('no database');
        return 0;
      },
    });
    await pace.acquire('a', 1_000);
    up = false;
    time.advance(300);
    await pace.acquire('a', 1_000);
    await pace.acquire('a', 1_000);
    expect(waits).toEqual([700, 1_700]);
    expect(asked).toBe(2);
    time.advance(10_000);
    await pace.acquire('a', 1_000);
    expect(asked).toBe(3);
    expect(told).toHaveLength(1);
    up = true;
    time.advance(10_000);
    await pace.acquire('a', 1_000);
    up = false;
    await pace.acquire('b', 1_000);
    expect(told).toHaveLength(2);
  });

  it('refuses what would wait too long, and says when to come again', async () => {
    const pace = createSharedPace({ clock: clock(), reserve: async () => null });
    await expect(pace.acquire('a', 1_000)).rejects.toMatchObject({ code: 'too-many-requests', details: { retryAfterSeconds: 600 } });
  });

  it('ends a wait with the caller’s reason', async () => {
    const pace = createSharedPace({ clock: clock(), reserve: async () => 60_000 });
    const controller = new AbortController();
    const waiting = pace.acquire('a', 1_000, controller.signal);
    setImmediate(() => controller.abort(new Error('stop')));
    await expect(waiting).rejects.toThrow('stop');
  });
});
