import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateMissed, proportionOf } from './proportion.ts';

describe('a proportion', () => {
  it("has Wilson's interval, as the literature gives it", () => {
    // Newcombe 1998, table I: 81/263, 15/148, 0/20, 1/29.
    const rounded = (s: number, n: number) => {
      const { low, high } = proportionOf(s, n) ?? { low: -1, high: -1 };
      return [low.toFixed(4), high.toFixed(4)];
    };
    expect(rounded(81, 263)).toEqual(['0.2553', '0.3662']);
    expect(rounded(15, 148)).toEqual(['0.0624', '0.1605']);
    expect(rounded(0, 20)).toEqual(['0.0000', '0.1611']);
    expect(rounded(1, 29)).toEqual(['0.0061', '0.1718']);
    expect(proportionOf(0, 0)).toBeNull();
  });

  it('holds the share, and closes as more of a finite whole is looked at', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(5_000), (successes, more, rest) => {
        const n = successes + more + 1;
        const all = proportionOf(successes, n);
        const finite = proportionOf(successes, n, n + rest);
        if (all === null || finite === null) throw new Error('n is at least one');
        expect(all.low).toBeLessThanOrEqual(all.value);
        expect(all.high).toBeGreaterThanOrEqual(all.value);
        expect(finite.high - finite.low).toBeLessThanOrEqual(all.high - all.low + 1e-12);
      }),
    );
    expect(proportionOf(3, 30, 30)).toEqual({ value: 0.1, low: 0.1, high: 0.1, n: 30 });
  });
});

describe('what was missed', () => {
  it('is each part times its share, with an interval for the sum', () => {
    const estimate = estimateMissed([
      { population: 300, judged: 30, missed: 3 },
      { population: 4_000, judged: 20, missed: 0 },
    ]);
    expect(estimate).toMatchObject({ value: 30, judged: 50, population: 4_300 });
    expect(estimate?.low).toBeGreaterThanOrEqual(3);
    expect(estimate?.low).toBeLessThan(30);
    // None in twenty says little about four thousand.
    expect(estimate?.high).toBeGreaterThan(500);
    expect(estimateMissed([{ population: 10, judged: 10, missed: 2 }])).toMatchObject({ value: 2, low: 2, high: 2 });
    expect(estimateMissed([{ population: 10, judged: 0, missed: 0 }])).toBeNull();
    expect(estimateMissed([])).toMatchObject({ value: 0, low: 0, high: 0 });
  });

  it('lies in the interval about as often as it says, counted over all samples that can be drawn', () => {
    const coverages: number[] = [];
    for (const first of [4, 12, 40, 80]) {
      for (const second of [0, 6, 30, 60, 150]) {
        let covered = 0;
        for (let a = 0; a <= 30; a++) {
          for (let b = 0; b <= 20; b++) {
            const chance = hypergeometric(400, first, 30, a) * hypergeometric(3_000, second, 20, b);
            const estimate = estimateMissed([
              { population: 400, judged: 30, missed: a },
              { population: 3_000, judged: 20, missed: b },
            ]);
            if (estimate !== null && estimate.low <= first + second && estimate.high >= first + second) covered += chance;
          }
        }
        coverages.push(covered);
      }
    }
    expect(Math.min(...coverages)).toBeGreaterThan(0.91);
    expect(coverages.reduce((sum, value) => sum + value, 0) / coverages.length).toBeCloseTo(0.95, 2);
  });
});

/** How likely `found` of `marked` are among `drawn` of `all`. */
function hypergeometric(all: number, marked: number, drawn: number, found: number): number {
  return Math.exp(logChoices(marked, found) + logChoices(all - marked, drawn - found) - logChoices(all, drawn));
}

function logChoices(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let at = 1; at <= k; at++) sum += Math.log((n - k + at) / at);
  return sum;
}
