import { GuanlanError } from '@guanlan/domain';
import { expect, test } from 'vitest';
import { type Timed, timingAfterFault, timingAfterSuccess } from './rhythm.ts';

const now = new Date('2026-11-23T08:00:00Z');
const source: Timed = {
  ...{ id: 1_000, everySeconds: 600, minSeconds: null, maxSeconds: null, rhythm: null },
  ...{ intervalSeconds: 600, lastSuccessAt: new Date(now.getTime() - 600_000), failures: 0 },
};
const waits = (failures: number, details: Record<string, unknown> = {}, code: 'http-status' | 'robots-disallowed' = 'http-status') =>
  (timingAfterFault({ ...source, failures }, new GuanlanError(code, '', { details }), now).nextCheckAt.getTime() - now.getTime()) / 1_000;

test('a failure is looked into after half the interval, then ever later, up to six hours', () => {
  expect([0, 1, 2, 3, 40].map((failures) => waits(failures))).toEqual([300, 600, 1_200, 2_400, 21_600]);
});

test('two failures in a row lie within two intervals of the last answer', () => {
  expect(600 + waits(0)).toBeLessThanOrEqual(1_200);
});

test('Retry-After is the least; what trying again will not change waits a day', () => {
  expect(waits(0, { retryAfterSeconds: 7_200 })).toBe(7_200);
  expect(waits(0, { retryAfterSeconds: 1 })).toBe(300);
  expect(waits(0, {}, 'robots-disallowed')).toBe(86_400);
});

test('the backlog of a first check teaches nothing', () => {
  const first = timingAfterSuccess({ ...source, lastSuccessAt: null }, 500, now);
  expect(first).toMatchObject({ arrived: 0, intervalSeconds: 600 });
  expect(timingAfterSuccess(source, 5, now)).toMatchObject({ arrived: 5, intervalSeconds: expect.closeTo(180, -2) });
});
