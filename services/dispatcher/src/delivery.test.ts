import { describe, expect, test } from 'vitest';
import { backoffMs, maxAttempts } from './backoff.ts';
import { channelVerdict, outcomeOf } from './delivery.ts';

describe('back-off', () => {
  test('doubles from a second to ten minutes', () => {
    const waits = [1, 2, 3, 4, 10, 11, 50].map((attempts) => backoffMs(attempts, { random: 0 }));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 512_000, 600_000, 600_000]);
  });

  test('takes up to a half off at random', () => {
    expect(backoffMs(4, { random: 0.999 })).toBe(4_004);
  });

  test('is never less than the receiver asked for, up to an hour', () => {
    expect(backoffMs(1, { random: 0.5, retryAfterSeconds: 90 })).toBe(90_000);
    expect(backoffMs(8, { random: 0, retryAfterSeconds: 1 })).toBe(128_000);
    expect(backoffMs(1, { random: 0, retryAfterSeconds: 86_400 })).toBe(3_600_000);
  });
});

describe('outcome', () => {
  const dueAt = new Date('2026-11-23T11:00:00+08:00');
  const now = new Date('2026-11-23T10:59:00+08:00');
  const claim = (attempts: number, hoursAgo = 24) => ({
    attempts,
    admittedAt: new Date(now.getTime() - hoursAgo * 3_600_000),
    channel: { id: 1, kind: 'webhook', name: '值班群', options: {}, allowPrivate: false, removed: false },
  });
  const fault = { ok: false, response: 'busy', status: 503, retryable: true };

  test('waits while it may help, then ends', () => {
    expect(outcomeOf(claim(maxAttempts - 1), fault, { now, dueAt })).toEqual({ next: { state: 'pending', dueAt }, entry: null });
    expect(outcomeOf(claim(50, 23), fault, { now, dueAt }).next.state).toBe('pending');
    expect(outcomeOf(claim(maxAttempts), fault, { now, dueAt })).toMatchObject({
      next: { state: 'dead' },
      entry: { note: expect.stringContaining('HTTP 503，busy') },
    });
    expect(outcomeOf(claim(1, 0), { ...fault, retryable: false }, { now, dueAt }).next.state).toBe('dead');
  });

  test('says of the channel whether it answers, asks for a pause, or fails', () => {
    const verdict = (result: object) => channelVerdict(claim(1), { ...fault, ...result }, dueAt);
    expect(verdict({ ok: true })).toBe('answered');
    expect(verdict({})).toBe('failed');
    expect(verdict({ status: 429 })).toEqual({ until: dueAt });
    expect(verdict({ retryAfterSeconds: 5 })).toEqual({ until: dueAt });
    expect(verdict({ retryable: false, status: 400 })).toBe('unknown');
  });
});
