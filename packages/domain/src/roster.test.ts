import { describe, expect, test } from 'vitest';
import { dateOf } from './calendar.ts';
import { gapsBetween, nextOnDuty, type Roster, type ShiftPattern, shiftAt, shiftsBetween } from './roster.ts';

const at = (text: string) => new Date(`${text}+08:00`);
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const pattern = (id: number, more: Partial<ShiftPattern>): ShiftPattern => ({
  ...{ id, name: `班${id}`, weekdays: everyDay, days: 'any', fromMinute: 480, toMinute: 1_200, receiverIds: [id], leaderId: null },
  ...more,
});
const day = pattern(1, { receiverIds: [11, 12], leaderId: 90 });
const night = pattern(2, { fromMinute: 1_200, toMinute: 480, receiverIds: [21] });
const holidays = new Set(['2026-10-01', '2026-11-28', '2026-11-29']);
const roster = (patterns: ShiftPattern[], swaps: Roster['swaps'] = []): Roster => ({
  patterns,
  swaps,
  dayKind: (moment) => (holidays.has(dateOf(moment)) ? 'rest' : 'workday'),
});
const who = (given: Roster, moment: string) => shiftAt(given, at(moment))?.receiverIds[0] ?? null;

test('a night shift goes over midnight, month and year ends and leap days', () => {
  const given = roster([day, night]);
  for (const date of ['2026-11-25', '2026-11-30', '2026-12-31', '2028-02-28', '2028-02-29']) {
    expect([
      who(given, `${date}T07:59:59`),
      who(given, `${date}T08:00:00`),
      who(given, `${date}T19:59:59`),
      who(given, `${date}T20:00:00`),
    ]).toEqual([21, 11, 11, 21]);
  }
  expect(shiftAt(given, at('2027-01-01T03:00:00'))).toMatchObject({ from: at('2026-12-31T20:00:00'), to: at('2027-01-01T08:00:00') });
});

test('working days and days of rest have shifts of their own', () => {
  const given = roster([pattern(1, { days: 'workday' }), pattern(2, { days: 'rest' })]);
  expect([who(given, '2026-11-27T10:00:00'), who(given, '2026-11-28T10:00:00'), who(given, '2026-10-01T10:00:00')]).toEqual([1, 2, 2]);
});

test('a swap counts while it lasts, for the leader too, and the later one wins', () => {
  const swaps = [
    { id: 1, from: at('2026-11-25T08:00:00'), to: at('2026-11-25T20:00:00'), receiverId: 11, byId: 13 },
    { id: 2, from: at('2026-11-25T12:00:00'), to: at('2026-11-25T14:00:00'), receiverId: 11, byId: 14 },
    { id: 3, from: at('2026-11-25T00:00:00'), to: at('2026-11-26T00:00:00'), receiverId: 90, byId: 91 },
  ];
  const given = roster([day, night], swaps);
  expect([who(given, '2026-11-25T08:00:00'), who(given, '2026-11-25T13:00:00'), who(given, '2026-11-26T08:00:00')]).toEqual([13, 14, 11]);
  expect(shiftAt(given, at('2026-11-25T09:00:00'))?.leaderId).toBe(91);
});

test('who stands in for somebody of the same shift is in it once', () => {
  const swaps = [{ id: 1, from: at('2026-11-25T08:00:00'), to: at('2026-11-25T20:00:00'), receiverId: 11, byId: 12 }];
  expect(shiftAt(roster([day], swaps), at('2026-11-25T09:00:00'))?.receiverIds).toEqual([12]);
});

describe('who follows', () => {
  test('the next of the same shift, else the first of a later one who is somebody else', () => {
    const given = roster([day, night]);
    expect(nextOnDuty(given, at('2026-11-25T09:00:00'))).toBe(12);
    expect(nextOnDuty(given, at('2026-11-25T23:00:00'))).toBe(11);
    expect(nextOnDuty(roster([pattern(1, { fromMinute: 0, toMinute: 0 })]), at('2026-11-25T09:00:00'))).toBeNull();
  });
});

test('gaps are found, and a full week has none', () => {
  const week = [at('2026-11-23T00:00:00'), at('2026-11-30T00:00:00')] as const;
  expect(gapsBetween(roster([day, night]), ...week)).toEqual([]);
  expect(gapsBetween(roster([{ ...day, weekdays: [1, 2, 3, 4, 5] }, night]), ...week)).toEqual([
    { from: at('2026-11-28T08:00:00'), to: at('2026-11-28T20:00:00') },
    { from: at('2026-11-29T08:00:00'), to: at('2026-11-29T20:00:00') },
  ]);
  expect(gapsBetween(roster([]), ...week)).toEqual([{ from: week[0], to: week[1] }]);
  expect(shiftsBetween(roster([day, night]), ...week)).toHaveLength(14);
});
