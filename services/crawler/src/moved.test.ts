import { expect, test } from 'vitest';
import { movedAfter, movesTo } from './moved.ts';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 23) + minutes * 60_000);
const to = 'https://new.example/feed.xml';
const source = { url: 'https://old.example/feed.xml', allowPrivate: false };
const answers = (...list: [minutes: number, seen: string | null][]) =>
  list.reduce<ReturnType<typeof movedAfter>>((moved, [minutes, seen]) => movedAfter(moved, seen, at(minutes)), null);

test('an address is taken on after three equal answers over an hour', () => {
  expect(movesTo(source, answers([0, to], [30, to], [60, to]), at(60))).toBe(to);
  expect(movesTo(source, answers([0, to], [60, to]), at(60))).toBeNull();
  expect(movesTo(source, answers([0, to], [5, to], [10, to]), at(10))).toBeNull();
});

test('an answer without it, or with another, begins again', () => {
  expect(movesTo(source, answers([0, to], [30, to], [60, null], [90, to]), at(90))).toBeNull();
  expect(movesTo(source, answers([0, to], [30, to], [60, `${to}?2`]), at(60))).toBeNull();
});

test('permission for a private address does not move to another host', () => {
  const moved = answers([0, to], [30, to], [60, to]);
  expect(movesTo({ ...source, allowPrivate: true }, moved, at(60))).toBeNull();
  expect(movesTo({ url: 'https://new.example/old.xml', allowPrivate: true }, moved, at(60))).toBe(to);
});
