import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { createLocalPace } from './pace.ts';

/** A pace whose waits are written down and end at once. */
function recorded(maxWaiting?: number) {
  const clock = manualClock(new Date('2026-11-23T00:00:00Z'));
  const waits: number[] = [];
  const pace = createLocalPace({ clock, sleep: async (ms) => void waits.push(ms), ...(maxWaiting === undefined ? {} : { maxWaiting }) });
  return { clock, waits, pace };
}

describe('createLocalPace', () => {
  it('spaces requests to one host and leaves other hosts alone', async () => {
    const { waits, pace } = recorded();
    await Promise.all([pace.acquire('a', 1_000), pace.acquire('a', 1_000), pace.acquire('b', 1_000), pace.acquire('a', 1_000)]);
    expect(waits).toEqual([1_000, 2_000]);
  });

  it('does not wait when the interval has passed, nor when there is none', async () => {
    const { clock, waits, pace } = recorded();
    await pace.acquire('a', 1_000);
    clock.advance(400);
    await pace.acquire('a', 1_000);
    clock.advance(1_600);
    await pace.acquire('a', 1_000);
    await pace.acquire('b', 0);
    await pace.acquire('b', 0);
    expect(waits).toEqual([600]);
  });

  it('bounds how many wait', async () => {
    const { pace } = recorded(2);
    const all = await Promise.allSettled([0, 1, 2, 3, 4].map(() => pace.acquire('a', 1_000)));
    expect(all.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await expect(Promise.all([0, 1, 2, 3].map(() => pace.acquire('a', 1_000)))).rejects.toMatchObject({ code: 'too-many-requests' });
  });

  it('forgets hosts whose interval has passed', async () => {
    const { clock, waits, pace } = recorded();
    for (let i = 0; i < 3_000; i += 1) {
      await pace.acquire(`host-${i}`, 1_000);
      clock.advance(10);
    }
    await pace.acquire('host-2999', 1_000);
    expect(waits).toEqual([990]);
  });

  it('ends a wait with the caller’s reason', async () => {
    const pace = createLocalPace({ clock: manualClock(new Date(0)) });
    const controller = new AbortController();
    await pace.acquire('a', 60_000);
    const waiting = pace.acquire('a', 60_000, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waiting).rejects.toThrow('stop');
    await expect(pace.acquire('b', 1, controller.signal)).rejects.toThrow('stop');
  });
});
