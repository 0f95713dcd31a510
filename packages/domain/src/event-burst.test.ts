import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { burstOf, burstRule, categoryHistory, decayedHistory, tailProbability } from './event-burst.ts';

const counts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 });
const history = fc.record({ count: fc.double({ min: 0, max: 500, noNaN: true }), windows: fc.double({ min: 0.1, max: 500, noNaN: true }) });

describe('tailProbability', () => {
  test('is a probability that falls with every item more and rises with what was counted before', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 200 }), (known, k) => {
        const p = tailProbability(k, known);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(tailProbability(k + 1, known)).toBeLessThanOrEqual(p + 1e-12);
        expect(tailProbability(k, { ...known, count: known.count + 1 })).toBeGreaterThanOrEqual(p - 1e-9);
      }),
    );
  });

  test('agrees with the Poisson tail where the rate is certain, and with nothing known is 1', () => {
    // P(X >= 5) for a rate of 2: 1 - e^-2 (1 + 2 + 2 + 4/3 + 2/3).
    expect(tailProbability(5, { count: 2_000_000, windows: 1_000_000 })).toBeCloseTo(1 - Math.exp(-2) * 7, 4);
    expect(tailProbability(5, { count: 0, windows: 0 })).toBe(1);
    expect(tailProbability(0, { count: 3, windows: 3 })).toBe(1);
  });

  test('a short history is exceeded less easily than a long one of the same rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 30 }), (rate, times) => {
        const k = 3 * rate + 5;
        expect(tailProbability(k, { count: rate, windows: 1 })).toBeGreaterThan(
          tailProbability(k, { count: rate * times, windows: times }),
        );
      }),
    );
  });
});

describe('burstOf', () => {
  const quiet = { count: 130, windows: 100 };

  test('few items are none, whatever came before', () => {
    fc.assert(
      fc.property(counts, (list) => {
        const burst = burstOf(list, quiet);
        expect(burst.recent).toBe(list.slice(-burstRule.windowHours).reduce((a, b) => a + b, 0));
        if (burst.recent < burstRule.leastItems) expect(burst.bursts).toBe(false);
      }),
    );
  });

  test('more items at the end never end one, more before never begin one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 120 }), fc.nat({ max: 16 }), (list, index) => {
        const { bursts } = burstOf(list, quiet);
        const louder = list.with(-1, (list.at(-1) ?? 0) + 1);
        const louderBefore = list.with(index, (list[index] ?? 0) + 1);
        if (bursts) expect(burstOf(louder, quiet).bursts).toBe(true);
        else expect(burstOf(louderBefore, quiet).bursts).toBe(false);
      }),
    );
  });

  test('a young event is judged by its category alone; without either history nothing is', () => {
    expect(burstOf([9], null)).toEqual({ bursts: false, recent: 9, own: null, category: null });
    expect(burstOf([9], quiet)).toMatchObject({ bursts: true, own: null, category: 1.3 });
    expect(burstOf([9], { count: 800, windows: 100 })).toMatchObject({ bursts: false });
  });

  test('both histories must find it unusual, and a story that stays loud is usual after some days', () => {
    const steady = new Array<number>(72).fill(3);
    expect(burstOf([...steady, 3, 3, 3], quiet).bursts).toBe(false);
    expect(burstOf([...steady, 12, 14, 9], quiet).bursts).toBe(true);
    expect(burstOf([...steady, 12, 14, 9], { count: 3_500, windows: 100 }).bursts).toBe(false);
    const first = [...new Array<number>(48).fill(0), 4, 5, 6];
    expect(burstOf(first, quiet).bursts).toBe(true);
    expect(burstOf([...first, ...new Array<number>(60).fill(5)], quiet).bursts).toBe(false);
  });

  test('what is forgotten weighs half a day later', () => {
    const { count, windows } = decayedHistory([8, ...new Array<number>(burstRule.halfLifeHours).fill(0)]);
    expect(count).toBeCloseTo(4, 9);
    expect(windows).toBeLessThan((burstRule.halfLifeHours * 2) / burstRule.windowHours);
  });

  test('a category of few events leans on all', () => {
    const all = { events: 400, perWindow: 1.2 };
    expect(categoryHistory(undefined, { events: 0, perWindow: 0 })).toBeNull();
    expect(categoryHistory(undefined, all)).toEqual({ count: 12, windows: 10 });
    const known = categoryHistory({ events: 190, perWindow: 2 }, all);
    expect((known?.count ?? 0) / (known?.windows ?? 1)).toBeCloseTo(1.96, 9);
  });

  test('by chance alone it hardly ever happens', () => {
    const next = random(7);
    let bursts = 0;
    for (let event = 0; event < 400; event += 1) {
      const rate = 0.2 + next() * 4;
      const list = Array.from({ length: 96 }, () => poisson(rate, next));
      for (let end = 24; end <= list.length; end += 3) {
        // Where an event of this pace is usual: its own history decides.
        if (burstOf(list.slice(0, end), { count: 300 * rate, windows: 100 }).bursts) bursts += 1;
      }
    }
    // 400 events, 25 looks each.
    expect(bursts / 10_000).toBeLessThan(2 * burstRule.rare);
  });
});

/** Days after earthquakes, floods, the yearly examination and a fire that everybody has heard of; nobody's apology is one. */
const happenings: Record<string, readonly string[]> = {
  地震: ['2021-05-22', '2022-09-06', '2023-12-19', '2024-04-04'],
  暴雨: ['2021-07-21', '2023-07-31'],
  高考: ['2021-06-07', '2022-06-07', '2023-06-05'],
  火灾: ['2025-11-27'],
  道歉: [],
};
const titlesFile = new URL('../../../../shared/data/dev/stream/hot-titles.txt.gz', import.meta.url);

describe('bursts in real titles', () => {
  // A day takes the place of an hour: the rule knows only counts in their order.
  test.skipIf(!existsSync(titlesFile))(
    'hot-titles.txt.gz: words burst when something happened, on few days (needs the shared data)',
    () => {
      const lines = gunzipSync(readFileSync(titlesFile)).toString('utf8').split('\n');
      const days = new Map<string, string[]>();
      for (const line of lines) {
        const [day = '', title = ''] = line.split('\t');
        if (/^\d{4}-\d\d-\d\d$/u.test(day)) days.set(day, [...(days.get(day) ?? []), title]);
      }
      const order = [...days.keys()].sort();
      for (const [word, happened] of Object.entries(happenings)) {
        const series = order.map((day) => days.get(day)?.filter((title) => title.includes(word)).length ?? 0);
        const burstDays = order.filter((_, n) => n >= 30 && burstOf(series.slice(Math.max(0, n - 200), n + 1), null).bursts);
        expect(burstDays, word).toEqual(expect.arrayContaining([...happened]));
        // Heard of on many days, it bursts on few.
        expect(burstDays.length / order.length, word).toBeLessThan(happened.length === 0 ? 0.001 : 0.03);
      }
    },
  );
});

function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Knuth's way; fine for small rates. */
function poisson(rate: number, next: () => number): number {
  const end = Math.exp(-rate);
  let k = 0;
  for (let product = next(); product > end; product *= next()) k += 1;
  return k;
}
