import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EventHour, eventLimits, growthOf, heatOf, hourlyCounts } from './event.ts';

const now = new Date('2026-11-25T10:20:00Z');
const hoursAgo = (n: number) => new Date(Math.floor(now.getTime() / 3_600_000 - n) * 3_600_000);
const hour = (ago: number, part: Partial<EventHour> = {}): EventHour => ({
  hour: hoursAgo(ago),
  reports: 0,
  copies: 0,
  newSources: 0,
  ...part,
});
const count = fc.integer({ min: 0, max: 50 });
const anyHours = fc.uniqueArray(fc.record({ ago: fc.integer({ min: 0, max: 400 }), reports: count, copies: count, newSources: count }), {
  selector: (h) => h.ago,
  maxLength: 30,
});
const made = (list: readonly { ago: number; reports: number; copies: number; newSources: number }[]) =>
  list.map(({ ago, ...part }) => hour(ago, part)).sort((a, b) => a.hour.getTime() - b.hour.getTime());

describe('heat', () => {
  test('another source says more than another report, and that more than a copy', () => {
    const first = heatOf([hour(0, { reports: 1, newSources: 1 })], now);
    const again = heatOf([hour(0, { reports: 1 })], now);
    const copy = heatOf([hour(0, { copies: 1 })], now);
    expect([first, again, copy]).toEqual([3, 1, 0.25]);
    expect(heatOf([hour(0, { copies: 1, newSources: 1 })], now)).toBe(2.25);
    expect(heatOf([hour(0, { copies: 8, newSources: 1 })], now)).toBeLessThan(heatOf([hour(0, { reports: 2, newSources: 2 })], now));
  });

  test('is never negative, halves in a day, and grows with whatever is added', () => {
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 0, max: 100 }), (list, ago) => {
        const hours = made(list);
        const heat = heatOf(hours, now);
        expect(heat).toBeGreaterThanOrEqual(0);
        const tomorrow = heatOf(hours, new Date(now.getTime() + 86_400_000));
        // The hour that is still running has not begun to cool.
        if (!list.some((h) => h.ago === 0)) expect(tomorrow).toBeCloseTo(heat / 2, 6);
        for (const more of [{ reports: 1 }, { copies: 1 }, { newSources: 1 }])
          expect(heatOf([...hours, hour(ago, more)], now)).toBeGreaterThan(heat);
      }),
    );
  });
});

describe('growth', () => {
  test('is 1 when nothing changes, above with more, below with less', () => {
    expect(growthOf([], now)).toBe(1);
    const steady = Array.from({ length: 12 }, (_, ago) => hour(ago, { reports: 2 }));
    expect(growthOf(steady, now)).toBe(1);
    expect(growthOf([hour(1, { reports: 6 }), hour(8, { copies: 2 })], now)).toBeCloseTo(7 / 3, 9);
    fc.assert(
      fc.property(anyHours, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 6, max: 11 }), (list, late, early) => {
        const growth = growthOf(made(list), now);
        expect(growthOf([...made(list), hour(late, { reports: 1 })], now)).toBeGreaterThan(growth);
        expect(growthOf([...made(list), hour(early, { reports: 1 })], now)).toBeLessThan(growth);
      }),
    );
  });
});

describe('hourlyCounts', () => {
  test('has no gaps, ends now, and has every item of the last two weeks, those from ahead too', () => {
    expect(hourlyCounts([], now)).toEqual([]);
    expect(hourlyCounts([hour(3, { reports: 1, copies: 1 }), hour(1, { copies: 2 }), hour(-2, { reports: 1 })], now)).toEqual([2, 0, 2, 1]);
    fc.assert(
      fc.property(anyHours, (list) => {
        const counts = hourlyCounts(made(list), now);
        const kept = list.filter(({ ago }) => ago < eventLimits.curveHours);
        expect(counts.length).toBeLessThanOrEqual(eventLimits.curveHours);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(kept.reduce((sum, h) => sum + h.reports + h.copies, 0));
      }),
    );
  });
});
