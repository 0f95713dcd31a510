import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admit, type ChannelLane, type WaitingMessage } from './admission.ts';

const now = new Date('2026-11-25T10:00:00+08:00');
const storm = { burst: 3, windowMinutes: 5, singles: 10, digestSeconds: 60, urgentDigestSeconds: 4 };
const calm: ChannelLane = { down: false, storming: false, singles: 0, urgent: 0, budgets: [], used: [] };
const many = (n: number, rank: number, from = 1): WaitingMessage[] =>
  Array.from({ length: n }, (_, i) => ({ id: from + i, rank, hold: null, dueAt: now }));
const seconds = (n: number) => new Date(now.getTime() + n * 1_000);

test('a few go out by themselves, the most urgent first', () => {
  expect(admit([...many(1, 1), ...many(1, 3, 2), ...many(1, 4, 3)], calm, { now, storm })).toEqual({ singles: [3, 2, 1], folds: [] });
});

describe('a storm', () => {
  test('begins when more wait at one time than people can read', () => {
    expect(admit(many(5, 2), calm, { now, storm })).toEqual({
      singles: [1, 2, 3],
      folds: [{ carriage: 'storm', urgent: false, dueAt: seconds(60), ids: [4, 5] }],
    });
  });

  test('goes on until what it gathered was sent; level I still comes by itself, up to its own burst', () => {
    const lane = { ...calm, storming: true, singles: 3 };
    expect(admit([...many(1, 3), ...many(4, 4, 10)], lane, { now, storm })).toEqual({
      singles: [10, 11, 12],
      folds: [
        { carriage: 'storm', urgent: true, dueAt: seconds(4), ids: [13] },
        { carriage: 'storm', urgent: false, dueAt: seconds(60), ids: [1] },
      ],
    });
  });

  test('is also a trickle of too many in a window', () => {
    expect(admit(many(1, 2), { ...calm, singles: 9 }, { now, storm }).singles).toEqual([1]);
    expect(admit(many(1, 2), { ...calm, singles: 10 }, { now, storm }).folds).toMatchObject([{ carriage: 'storm', ids: [1] }]);
  });

  test('is also what would use up the budget that level I needs', () => {
    const budgets = [{ limit: 20, windowMs: 60_000 }];
    const lane = { ...calm, budgets, used: [seconds(-1), seconds(-1)] };
    expect(admit([...many(3, 2), ...many(1, 4, 9)], lane, { now, storm })).toEqual({
      singles: [9, 1],
      folds: [{ carriage: 'storm', urgent: false, dueAt: seconds(60), ids: [2, 3] }],
    });
    const grave = { ...lane, used: [...lane.used, ...lane.used] };
    expect(admit(many(1, 4), grave, { now, storm }).folds).toMatchObject([
      { carriage: 'storm', urgent: true, dueAt: seconds(4), ids: [1] },
    ]);
  });
});

test('what is held goes with its kind, at the first of their times; a channel that is down gathers', () => {
  const held: WaitingMessage[] = [
    { id: 1, rank: 1, hold: 'quiet', dueAt: seconds(600) },
    { id: 2, rank: 2, hold: 'quiet', dueAt: seconds(300) },
    { id: 3, rank: 1, hold: 'digest', dueAt: now },
  ];
  expect(admit(held, calm, { now, storm })).toEqual({
    singles: [3],
    folds: [{ carriage: 'quiet', urgent: false, dueAt: seconds(300), ids: [2, 1] }],
  });
  expect(admit(many(2, 4), { ...calm, down: true }, { now, storm })).toMatchObject({
    singles: [],
    folds: [{ carriage: 'outage', ids: [1, 2] }],
  });
});

test('whatever waits on whatever channel: each is in the answer once, and level I is never held', () => {
  const message = fc.record({
    rank: fc.integer({ min: 1, max: 4 }),
    hold: fc.constantFrom(null, 'quiet' as const, 'digest' as const),
    later: fc.integer({ min: -10, max: 1_000 }),
  });
  const lane = fc.record({
    down: fc.boolean(),
    storming: fc.boolean(),
    singles: fc.nat(20),
    urgent: fc.nat(20),
    budgets: fc.constant([]),
    used: fc.constant([]),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60 }), lane, (messages, given) => {
      const waiting = messages.map(({ rank, hold, later }, n) => ({
        id: n + 1,
        rank,
        hold: rank === 4 ? null : hold,
        dueAt: seconds(later),
      }));
      const { singles, folds } = admit(waiting, given, { now, storm });
      const all = [...singles, ...folds.flatMap(({ ids }) => ids)];
      expect(all.toSorted((a, b) => a - b)).toEqual(waiting.map(({ id }) => id));
      expect(singles.length).toBeLessThanOrEqual(2 * storm.singles);
      const waits = folds.filter(({ carriage }) => carriage === 'quiet' || carriage === 'digest').flatMap(({ ids }) => ids);
      expect(waiting.filter(({ id, rank }) => rank === 4 && waits.includes(id))).toEqual([]);
    }),
  );
});
