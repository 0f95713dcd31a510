import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDate, readFeedDate } from './date.ts';
import { exactDate } from './date-exact.ts';

it.each([
  ['Mon, 23 Nov 2026 10:05:06 +0800', '2026-11-23T02:05:06.000Z'],
  ['Mon, 23 Nov 2026 10:05:06 GMT', '2026-11-23T10:05:06.000Z'],
  ['23 Nov 26 10:05 EST', '2026-11-23T15:05:00.000Z'],
  ['Monday, 23-Nov-26 10:05:06 UTC', '2026-11-23T10:05:06.000Z'],
  ['Wed, 23 November 2026 10:05:06 PDT', '2026-11-23T17:05:06.000Z'],
  ['Mon, 23 Nov 2026 10:05:06 GMT+08:00', '2026-11-23T02:05:06.000Z'],
  ['Mon, 23 Nov 2026 10:05:06', '2026-11-23T10:05:06.000Z'],
  ['Mon Nov 23 10:05:06 2026', '2026-11-23T10:05:06.000Z'],
  ['Mon Nov 23 10:05:06 +0800 2026', '2026-11-23T02:05:06.000Z'],
  ['Nov 23, 2026 10:05 PM', '2026-11-23T22:05:00.000Z'],
  ['23 Nov 99', '1999-11-23T00:00:00.000Z'],
  ['2026-11-23T10:05:06+08:00', '2026-11-23T02:05:06.000Z'],
  ['2026-11-23T10:05:06.789Z', '2026-11-23T10:05:06.000Z'],
  ['2026-11-23 10:05:06', '2026-11-23T10:05:06.000Z'],
  ['2026-11-23T10:05Z', '2026-11-23T10:05:00.000Z'],
  ['20261123', '2026-11-23T00:00:00.000Z'],
  ['2026-11', '2026-11-01T00:00:00.000Z'],
  ['2026/11/23 10:05', '2026-11-23T10:05:00.000Z'],
  ['2026年11月23日 10:05', '2026-11-23T02:05:00.000Z'],
  ['星期一, 2026年11月23日 下午 3:05', '2026-11-23T07:05:00.000Z'],
  ['2026-11-23T24:00:00Z', '2026-11-24T00:00:00.000Z'],
])('%s', (text, iso) => expect(readFeedDate(text)?.toISOString()).toBe(iso));

it.each(['', 'now', '昨天', '2026-13-01', '31 Feb 2026', '99', 'Mon, 23 Foo 2026 10:05:00 GMT'])('no date: %j', (text) =>
  expect(readFeedDate(text)).toBeNull(),
);

it('the two usual forms mean the same read by position and by pattern', () => {
  const two = fc.integer({ min: 0, max: 61 }).map((n) => String(n).padStart(2, '0'));
  const zone = fc.oneof(fc.constantFrom('GMT', 'Z', 'EST', '+0800', '-0330', '+08:00', '+2700', '+08 0'), fc.string({ maxLength: 5 }));
  const blank = fc.constantFrom(' ', ' ', ' ', ' ', 'T', '  ');
  const form = fc.oneof(
    fc
      .tuple(fc.constantFrom('Mon', 'Sun', 'mon', 'Foo'), two, blank, fc.constantFrom('Nov', 'Feb', 'nov', 'Xyz'), two, two, two, zone)
      .map(([weekday, day, gap, month, year, h, m, z]) => `${weekday}, ${day}${gap}${month} 20${year} ${h}:${m}:${m} ${z}`),
    fc.tuple(two, two, two, two, zone).map(([year, month, day, h, z]) => `20${year}-${month}-${day}T${h}:${day}:${month}${z}`),
  );
  fc.assert(
    fc.property(form, (text) => {
      const exact = exactDate(text.trim());
      if (exact !== null) expect(exact).toEqual(anyDate(text.trim()));
    }),
    { numRuns: 20_000 },
  );
  for (const text of [
    'Mon, 23 Nov 2026 10:05:06 GMT',
    'Mon, 30 Nov 2026 10:05:06 +0800',
    '2026-11-23T10:05:06Z',
    '2026-11-23T10:05:06-03:30',
  ])
    expect(exactDate(text)).toEqual(anyDate(text));
});
