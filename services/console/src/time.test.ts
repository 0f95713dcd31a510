import { describe, expect, it } from 'vitest';
import { absolute, duration, relative, shortAbsolute } from './time.ts';

const now = new Date('2026-11-23T03:17:00Z'); // 11:17 in Shanghai

describe('time', () => {
  it('writes moments in Shanghai time', () => {
    expect(absolute('2026-11-22T16:05:30Z')).toBe('2026-11-23 00:05');
    expect(shortAbsolute('2026-11-22T16:05:30Z', now)).toBe('11-23 00:05');
    expect(shortAbsolute('2025-12-31T15:59:00Z', now)).toBe('2025-12-31 23:59');
    expect(shortAbsolute('2025-12-31T16:00:00Z', now)).toBe('01-01 00:00');
  });

  it.each([
    ['2026-11-23T03:16:30Z', '刚刚'],
    ['2026-11-23T03:17:20Z', '刚刚'],
    ['2026-11-23T03:12:00Z', '5 分钟前'],
    ['2026-11-22T23:17:00Z', '4 小时前'],
    ['2026-11-22T15:17:00Z', '昨天 23:17'],
    ['2026-11-20T06:05:00Z', '11-20 14:05'],
    ['2025-12-31T06:05:00Z', '2025-12-31 14:05'],
    ['2026-11-23T03:22:00Z', '5 分钟后'],
  ])('says %s as %s', (iso, words) => {
    expect(relative(iso, now)).toBe(words);
  });

  it('says today when it is the same day but long ago', () => {
    expect(relative('2026-11-22T16:30:00Z', new Date('2026-11-23T12:00:00Z'))).toBe('今天 00:30');
  });

  it.each([
    [-5, '不到 1 分钟'],
    [59_000, '不到 1 分钟'],
    [45 * 60_000, '45 分钟'],
    [3 * 3_600_000 + 20 * 60_000, '3 小时 20 分'],
    [4 * 3_600_000, '4 小时'],
    [52 * 3_600_000, '2 天 4 小时'],
  ])('says %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
