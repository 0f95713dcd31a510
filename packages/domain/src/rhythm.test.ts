import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsOf, initialRhythm, intervalOf, observeRhythm, openRhythm, type Rhythm, spreadInterval } from './rhythm.ts';

const open = boundsOf(openRhythm);
const checks = fc.array(fc.record({ elapsedSeconds: fc.integer({ min: 0, max: 1_000_000 }), newItems: fc.integer({ min: 0, max: 500 }) }), {
  maxLength: 40,
});
const after = (start: number, list: readonly { elapsedSeconds: number; newItems: number }[]) =>
  list.reduce(observeRhythm, initialRhythm(start));

/** Looks at a source on which something new appears every `arrivalSeconds`, for a time; the interval it comes to. */
function settle(arrivalSeconds: number, days: number): number {
  let rhythm: Rhythm = initialRhythm(openRhythm.everySeconds);
  let at = 0;
  while (at < days * 86_400) {
    const elapsedSeconds = intervalOf(rhythm, open);
    const newItems = Math.floor((at + elapsedSeconds) / arrivalSeconds) - Math.floor(at / arrivalSeconds);
    at += elapsedSeconds;
    rhythm = observeRhythm(rhythm, { elapsedSeconds, newItems });
  }
  return intervalOf(rhythm, open);
}

describe('bounds', () => {
  test('an interval the operator names is never exceeded', () => {
    expect(boundsOf({ everySeconds: 300, minSeconds: null, maxSeconds: null })).toEqual({ minSeconds: 60, maxSeconds: 300 });
    expect(boundsOf({ everySeconds: 7_200, minSeconds: null, maxSeconds: null })).toEqual({ minSeconds: 1_440, maxSeconds: 7_200 });
    expect(boundsOf({ everySeconds: 10, minSeconds: null, maxSeconds: null })).toEqual({ minSeconds: 10, maxSeconds: 10 });
    expect(boundsOf({ everySeconds: 300, minSeconds: 120, maxSeconds: 10_800 })).toEqual({ minSeconds: 120, maxSeconds: 10_800 });
  });
});

describe('the interval', () => {
  test('starts as asked', () => {
    expect(intervalOf(initialRhythm(300), open)).toBe(300);
  });

  test.each([
    ['a hot list', 60, 1, [120, 120]],
    ['a portal', 1_200, 2, [400, 900]],
    ['an hourly column', 3_600, 3, [1_200, 2_400]],
    ['a quiet column', 7 * 86_400, 6, [10_800, 10_800]],
  ] as const)('of %s settles at about half of what lies between two arrivals', (_, arrival, days, [low, high]) => {
    const interval = settle(arrival, days);
    expect(interval).toBeGreaterThanOrEqual(low);
    expect(interval).toBeLessThanOrEqual(high);
  });

  test('keeps its bounds whatever happens, spread included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 604_800 }), checks, fc.integer({ min: 1, max: 1e9 }), (everySeconds, list, id) => {
        const bounds = boundsOf({ everySeconds, minSeconds: null, maxSeconds: null });
        const interval = intervalOf(after(everySeconds, list), bounds);
        const spread = spreadInterval(id, interval, bounds);
        expect(bounds.minSeconds).toBeLessThanOrEqual(bounds.maxSeconds);
        expect(interval).toBeGreaterThanOrEqual(bounds.minSeconds);
        expect(interval).toBeLessThanOrEqual(everySeconds);
        expect(spread).toBeGreaterThanOrEqual(bounds.minSeconds);
        expect(spread).toBeLessThanOrEqual(interval);
      }),
    );
  });

  test('is never longer for more news', () => {
    fc.assert(
      fc.property(checks, fc.nat(40), fc.integer({ min: 1, max: 50 }), (list, index, more) => {
        const richer = list.map((check, n) => (n === index ? { ...check, newItems: check.newItems + more } : check));
        expect(intervalOf(after(300, richer), open)).toBeLessThanOrEqual(intervalOf(after(300, list), open));
      }),
    );
  });

  test('is never shorter after a longer time without any', () => {
    fc.assert(
      fc.property(checks, fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 0, max: 500_000 }), (list, quiet, more) => {
        const rhythm = after(300, list);
        const shorter = observeRhythm(rhythm, { elapsedSeconds: quiet, newItems: 0 });
        const longer = observeRhythm(rhythm, { elapsedSeconds: quiet + more, newItems: 0 });
        expect(intervalOf(longer, open)).toBeGreaterThanOrEqual(intervalOf(shorter, open));
      }),
    );
  });

  test('does not depend on how a quiet time was cut into checks', () => {
    fc.assert(
      fc.property(checks, fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }), (list, a, b) => {
        const rhythm = after(300, list);
        const once = observeRhythm(rhythm, { elapsedSeconds: a + b, newItems: 0 });
        const twice = observeRhythm(observeRhythm(rhythm, { elapsedSeconds: a, newItems: 0 }), { elapsedSeconds: b, newItems: 0 });
        expect(twice.arrivals).toBeCloseTo(once.arrivals, 6);
        expect(twice.observedSeconds / once.observedSeconds).toBeCloseTo(1, 9);
      }),
    );
  });
});

test('sources added together are spread over a tenth of their interval', () => {
  const waits = Array.from({ length: 1_000 }, (_, id) => spreadInterval(id + 1, 3_600, open));
  const tenths = new Set(waits.map((wait) => Math.floor((3_600 - wait) / 36)));
  expect(tenths.size).toBe(10);
});
