import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Budget, leavesRoom } from './budget.ts';

const begin = Date.parse('2026-11-25T10:00:00+08:00');
const after = (seconds: number) => new Date(begin + seconds * 1_000);
const twentyAMinute: Budget[] = [{ limit: 20, windowMs: 60_000 }];
const room = (used: number[], seconds: number, budgets = twentyAMinute) =>
  leavesRoom(used.map(after), budgets, { now: after(seconds), urgentEveryMs: 4_000 });

describe('room for level I in a budget of twenty a minute', () => {
  test('a burst of four, and four more when those are a minute old', () => {
    expect(room([0, 0, 0], 0)).toBe(true);
    expect(room([0, 0, 0, 0], 0)).toBe(false);
    expect(room([0, 0, 0, 0], 3)).toBe(false);
    expect(room([0, 0, 0, 0], 60)).toBe(true);
  });

  test('a steady trickle passes, for what is used becomes free at the same pace', () => {
    const everyFive = Array.from({ length: 11 }, (_, n) => 5 * (n + 1));
    expect(room(everyFive, 60)).toBe(true);
  });

  test('no budget, or one that is free again before the next digest, leaves room always', () => {
    expect(room(Array(100).fill(0), 0, [])).toBe(true);
    expect(room([0, 0, 0, 0, 0], 0, [{ limit: 5, windowMs: 1_000 }])).toBe(true);
  });

  test.each([1, 2, 3, 5, 10])('a budget of %i a minute lets a first message through', (limit) => {
    expect(room([], 0, [{ limit, windowMs: 60_000 }])).toBe(true);
  });
});

test('whenever messages come: with level I every four seconds beside those that had room, one is left of twenty a minute', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_200 }), { maxLength: 200 }), (tenths) => {
      const wanted = tenths.map((tenth) => tenth / 10).sort((a, b) => a - b);
      const sent: number[] = [];
      let digest = 0;
      for (const at of wanted) {
        for (; digest <= at; digest += 4) sent.push(digest);
        if (room(sent, at)) sent.push(at);
      }
      for (const at of sent) expect(sent.filter((one) => one > at - 60 && one <= at).length).toBeLessThanOrEqual(19);
    }),
  );
});
