import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assessHealth, type CheckRecord, type SourceHistory } from './health.ts';
import { coverageOf, coverageScore } from './health-coverage.ts';
import { type HourRecord, hourOf, spanText } from './health-silence.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = new Date('2026-11-02T00:00:00+08:00');
const after = (ms: number) => new Date(start.getTime() + ms);

const good: CheckRecord = {
  at: start,
  fault: null,
  unchanged: false,
  links: null,
  entries: 20,
  fresh: 1,
  titled: 20,
  dated: 20,
  bodyLength: 20_000,
};
/** Checks every five minutes; each a change of a good one. */
function checksOf(...changes: Partial<CheckRecord>[]): CheckRecord[] {
  return changes.map((change, n) => ({ ...good, ...change, at: after(n * 5 * minute) }));
}
const many = (n: number, change: Partial<CheckRecord> = {}) => Array.from({ length: n }, () => change);

function history(change: Partial<SourceHistory> = {}): SourceHistory {
  return {
    createdAt: start,
    intervalSeconds: 300,
    stopped: null,
    lastFault: null,
    certificateExpiresAt: null,
    robotsChangedAt: null,
    checks: checksOf(...many(12)),
    hours: [],
    ...change,
  };
}
const kinds = (change: Partial<SourceHistory>, now = after(day)) => assessHealth(history(change), now).conditions.map((c) => c.kind);

/** Every hour is watched; news come at these times. */
function hoursOf(until: Date, arrivals: readonly Date[], watched: (hour: Date) => boolean = () => true): HourRecord[] {
  const byHour = Map.groupBy(arrivals, (at) => hourOf(at).getTime());
  const hours: HourRecord[] = [];
  for (let at = start.getTime(); at <= until.getTime(); at += hour) {
    const news = byHour.get(at) ?? [];
    if (watched(new Date(at))) hours.push({ hour: new Date(at), answered: 12, fresh: news.length, freshAt: news.at(-1) ?? null });
  }
  return hours;
}

describe('failing', () => {
  test('is said after two faults in a row, since the first, with the reason', () => {
    expect(kinds({ checks: checksOf(...many(10), { fault: 'connect-failed' }) })).toEqual([]);
    const checks = checksOf(...many(10), { fault: 'connect-failed' }, { fault: 'connect-failed' });
    const health = assessHealth(history({ checks, lastFault: { message: '无法连接 gov.example。' } }), after(hour));
    expect(health).toMatchObject({ state: 'failing', since: after(50 * minute) });
    expect(health.sentence).toBe('自 2026-11-02 00:50 起读取失败，已连续 2 次：无法连接 gov.example。');
  });

  test('is said at once where trying again changes nothing', () => {
    expect(kinds({ checks: checksOf(...many(3), { fault: 'robots-disallowed' }) })).toEqual(['failing']);
  });

  test('an answer that is no longer a feed is a redesign', () => {
    const health = assessHealth(history({ checks: checksOf(...many(3), ...many(2, { fault: 'not-a-list' })) }), after(hour));
    expect(health).toMatchObject({ state: 'drifting', conditions: [{ kind: 'unreadable' }] });
  });

  test('ends with the next answer', () => {
    expect(kinds({ checks: checksOf(...many(5), ...many(9, { fault: 'fetch-timeout' }), {}) })).toEqual([]);
  });
});

describe('drift', () => {
  test.each([
    ['empty', { entries: 0, titled: 0, dated: 0, bodyLength: 0 }],
    ['untitled', { titled: 1 }],
    ['undated', { dated: 0 }],
    ['shrunk', { bodyLength: 600 }],
  ] as const)('%s is noticed at the first check that shows it, against the source’s own history', (kind, change) => {
    expect(kinds({ checks: checksOf(...many(12), change) })).toEqual([kind]);
    expect(kinds({ checks: checksOf(...many(12, change), change) })).toEqual([]);
    expect(kinds({ checks: checksOf(...many(12), change, {}) })).toEqual([]);
    expect(kinds({ checks: checksOf(...many(40), ...many(59, change)) })).toEqual([kind]);
  });

  test('a list page is judged by the addresses it names, not by what was new', () => {
    const quiet = { links: 20, entries: 0, titled: 0, dated: 0, bodyLength: 0 };
    expect(kinds({ checks: checksOf(...many(12, quiet), quiet) })).toEqual([]);
    expect(kinds({ checks: checksOf(...many(12, quiet), { ...quiet, links: 0 }) })).toEqual(['empty']);
  });

  test('answers that brought nothing to read say nothing', () => {
    const unchanged = { unchanged: true, entries: 0, titled: 0, dated: 0, bodyLength: 0 };
    expect(kinds({ checks: checksOf(...many(12), ...many(20, unchanged)) })).toEqual([]);
  });

  test('a source that now and then is empty needs to be so twice', () => {
    const none = { entries: 0, titled: 0, dated: 0, bodyLength: 0 };
    expect(kinds({ checks: checksOf(...many(6), none, ...many(6), none) })).toEqual([]);
    expect(kinds({ checks: checksOf(...many(6), none, ...many(6), none, none) })).toEqual(['empty']);
  });

  test('one article without a date is not a drift; bodies that always vary are not', () => {
    const one = { links: 20, entries: 1, titled: 1, dated: 1, bodyLength: 900 };
    expect(kinds({ checks: checksOf(...many(20, one), { ...one, dated: 0 }) })).toEqual([]);
    const varying = Array.from({ length: 30 }, (_, n) => ({ ...one, bodyLength: n % 3 === 0 ? 60 : 2_000 }));
    expect(kinds({ checks: checksOf(...varying, { ...one, bodyLength: 60 }, { ...one, bodyLength: 60 }) })).toEqual([]);
  });
});

describe('silence', () => {
  const silentAt = (hours: (now: Date) => HourRecord[], from: Date, step = 5 * minute) => {
    for (let now = from; now.getTime() < from.getTime() + 14 * day; now = new Date(now.getTime() + step)) {
      const health = assessHealth(history({ hours: hours(now) }), now);
      if (health.state === 'silent') return { now, health };
    }
    return null;
  };

  test('of an hourly source is noticed within two of its intervals', () => {
    const arrivals = Array.from({ length: 48 }, (_, n) => after(n * hour + 7 * minute));
    const last = arrivals.at(-1) ?? start;
    const found = silentAt((now) => hoursOf(now, arrivals), last);
    expect(found?.now.getTime()).toBeLessThanOrEqual(last.getTime() + 2 * hour + 5 * minute);
    expect(found?.now.getTime()).toBeGreaterThan(last.getTime() + 1.5 * hour);
    expect(found?.health.since).toEqual(last);
    expect(found?.health.sentence).toContain('往常最多隔 60 分钟就有');
  });

  test('nights and week-ends of an office are none', () => {
    const office: Date[] = [];
    for (let d = 0; d < 28; d += 1) if (d % 7 < 5) for (let h = 9; h < 17; h += 1) office.push(after(d * day + h * hour + 20 * minute));
    // Friday evening to Monday morning: nothing is missing.
    for (const at of [26 * day + 12 * hour, 27 * day, 28 * day + 8 * hour])
      expect(
        assessHealth(
          history({
            hours: hoursOf(
              after(at),
              office.filter((a) => a < after(at)),
            ),
          }),
          after(at),
        ).state,
      ).toBe('healthy');
    const found = silentAt((now) => hoursOf(now, office), after(28 * day));
    expect(found?.now.getTime()).toBeGreaterThan(after(28 * day + 9 * hour).getTime());
    expect(found?.now.getTime()).toBeLessThanOrEqual(after(28 * day + 13 * hour).getTime());
  });

  test('a time when nobody looked is none', () => {
    const arrivals = Array.from({ length: 48 }, (_, n) => after(n * hour + 7 * minute));
    const on = (at: Date) => at < after(48 * hour) || at >= after(5 * day);
    const now = after(5 * day + 5 * minute);
    expect(assessHealth(history({ hours: hoursOf(now, arrivals, on) }), now).state).toBe('healthy');
  });

  test('a source that comes at random is rarely called silent', () => {
    let called = 0;
    let seed = 7;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const arrivals: Date[] = [];
    for (let at = 0; at < 35 * day; ) {
      at += -Math.log(random()) * 3 * hour;
      arrivals.push(after(at));
    }
    for (let at = 14 * day; at < 35 * day; at += hour) {
      const now = after(at);
      if (
        assessHealth(
          history({
            hours: hoursOf(
              now,
              arrivals.filter((a) => a <= now),
            ),
          }),
          now,
        ).state === 'silent'
      )
        called += 1;
    }
    // Of 504 hours.
    expect(called).toBeLessThanOrEqual(5);
  });

  test('is not judged before there was news enough', () => {
    const arrivals = [1, 2, 3, 4].map((n) => after(n * hour));
    expect(assessHealth(history({ hours: hoursOf(after(10 * day), arrivals) }), after(10 * day)).state).toBe('healthy');
  });
});

describe('the rest', () => {
  test('a stopped source is nothing else', () => {
    const stopped = { at: start, reason: '网站称该地址已永久停用（410）。' };
    expect(assessHealth(history({ stopped, checks: checksOf(...many(5, { fault: 'http-gone' })) }), after(day))).toMatchObject({
      state: 'stopped',
      sentence: '已停止监测：网站称该地址已永久停用（410）。',
    });
  });

  test('a certificate is spoken of two weeks before it runs out, a changed robots.txt for three days', () => {
    expect(kinds({ certificateExpiresAt: after(20 * day) })).toEqual([]);
    expect(kinds({ certificateExpiresAt: after(10 * day) })).toEqual(['certificate']);
    expect(kinds({ robotsChangedAt: start })).toEqual(['robots']);
    expect(kinds({ robotsChangedAt: start }, after(4 * day))).toEqual([]);
  });

  test('before the first answer it is new', () => {
    expect(assessHealth(history({ checks: [] }), start)).toMatchObject({ state: 'new', since: null });
  });

  test('whatever happened, there is one sentence, no future since, and no silence beside a failure', () => {
    const check = fc.record({
      fault: fc.constantFrom(null, null, null, 'connect-failed', 'not-a-feed'),
      unchanged: fc.boolean(),
      links: fc.option(fc.nat(50)),
      entries: fc.nat(50),
      fresh: fc.nat(50),
      titled: fc.nat(50),
      dated: fc.nat(50),
      bodyLength: fc.nat(100_000),
    });
    fc.assert(
      fc.property(fc.array(check, { maxLength: 60 }), fc.array(fc.nat(400), { maxLength: 60 }), (list, news) => {
        const now = after(20 * day);
        const health = assessHealth(
          history({
            checks: checksOf(...list),
            hours: hoursOf(
              now,
              [...new Set(news)].sort((a, b) => a - b).map((n) => after(n * hour)),
            ),
          }),
          now,
        );
        expect(health.sentence).toMatch(/^[^\n]+$/u);
        for (const { since } of health.conditions) expect(since.getTime()).toBeLessThanOrEqual(now.getTime());
        const found = health.conditions.map((c) => c.kind);
        if (found.includes('failing') || found.includes('unreadable')) expect(found).not.toContain('silent');
      }),
    );
  });
});

describe('coverage', () => {
  const arrivals = Array.from({ length: 10 * 24 }, (_, n) => after(n * hour + 7 * minute));
  const span = { from: after(9 * day), to: after(10 * day) };

  test('is whole when every hour was watched, and loses what was not', () => {
    const all = coverageOf(hoursOf(span.to, arrivals), { span, intervalSeconds: 300 });
    expect(all.watched / all.expected).toBeCloseTo(1);
    const dark = (at: Date) => at < after(9 * day) || at >= after(9 * day + 12 * hour);
    const half = coverageOf(hoursOf(span.to, arrivals, dark), { span, intervalSeconds: 300 });
    // An answered check covers the hour before it too.
    expect(half.watched / half.expected).toBeCloseTo(13 / 24, 1);
    const blind = [{ from: after(9 * day), to: after(9 * day + 6 * hour) }];
    const unread = coverageOf(hoursOf(span.to, arrivals), { span, intervalSeconds: 300, blind });
    expect(unread.watched / unread.expected).toBeCloseTo(18 / 24, 1);
  });

  test('weighs sources by what they bring', () => {
    expect(coverageScore([])).toBeNull();
    expect(
      coverageScore([
        { expected: 23, watched: 23 },
        { expected: 1, watched: 0 },
      ]),
    ).toBeCloseTo(23 / 24);
  });
});

test.each([
  [40 * minute, '40 分钟'],
  [5 * hour, '5 小时'],
  [30 * hour, '30 小时'],
  [3 * day, '3 天'],
])('%i ms is %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});
