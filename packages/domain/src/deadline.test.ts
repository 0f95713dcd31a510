import { describe, expect, test } from 'vitest';
import { type CaseHistory, type DeadlineRule, deadlinesOf, nextDeadline } from './deadline.ts';

const at = (text: string) => new Date(`${text}+08:00`);
const rules: DeadlineRule[] = [
  { kind: 'acknowledge', minutes: { I: 5, II: 10, III: 30, IV: 240 }, warnMinutes: 3, basis: '' },
  { kind: 'verify', minutes: { I: 60, II: 60, III: 60 }, warnMinutes: 15, basis: '' },
  { kind: 'first-information', minutes: { I: 300, II: 300 }, warnMinutes: 60, basis: '' },
  { kind: 'press-conference', minutes: { I: 1_440, II: 1_440 }, warnMinutes: 240, basis: '' },
  { kind: 'response', minutes: { I: 2_880, II: 2_880, III: 2_880, IV: 2_880 }, warnMinutes: 480, basis: '' },
  { kind: 'cyber-report', minutes: { I: 240, II: 240, III: 240 }, categories: ['cyber'], warnMinutes: 60, basis: '' },
];
const opened = '2026-11-25T02:00:00';
const history = (more: Partial<CaseHistory> = {}): CaseHistory => ({
  levels: [{ at: at(opened), level: 'II' }],
  categories: ['food'],
  steps: [],
  pauses: [],
  ...more,
});
const one = (kind: string, given: CaseHistory, now: string) => deadlinesOf(given, rules, at(now)).find((d) => d.kind === kind);

test('a level has the clocks its rules give it, and cyber incidents one more', () => {
  const kinds = (given: CaseHistory) => deadlinesOf(given, rules, at(opened)).map((d) => d.kind);
  expect(kinds(history())).toEqual(['acknowledge', 'verify', 'first-information', 'press-conference', 'response']);
  expect(kinds(history({ levels: [{ at: at(opened), level: 'IV' }] }))).toEqual(['acknowledge', 'response']);
  expect(kinds(history({ levels: [{ at: at(opened), level: 'III' }], categories: ['cyber'] }))).toEqual([
    'acknowledge',
    'verify',
    'response',
    'cyber-report',
  ]);
});

test('runs, warns, and is over at its very end', () => {
  const states = ['02:00:00', '02:06:59', '02:07:00', '02:09:59', '02:10:00'].map(
    (time) => one('acknowledge', history(), `2026-11-25T${time}`)?.state,
  );
  expect(states).toEqual(['running', 'running', 'warning', 'warning', 'overdue']);
});

describe('what stops a clock', () => {
  test.each([
    ['acknowledge', { kind: 'acknowledged' }, '02:09:59', 'met'],
    ['acknowledge', { kind: 'acknowledged' }, '02:10:01', 'late'],
    ['acknowledge', { kind: 'closed' }, '02:05:00', 'met'],
    ['verify', { kind: 'acknowledged' }, '02:05:00', 'running'],
    ['verify', { kind: 'verified' }, '02:20:00', 'met'],
    ['verify', { kind: 'assigned' }, '02:20:00', 'met'],
    ['first-information', { kind: 'answered' }, '02:20:00', 'running'],
    ['first-information', { kind: 'met', deadline: 'first-information' }, '02:20:00', 'met'],
    ['first-information', { kind: 'waived', deadline: 'first-information' }, '02:20:00', 'waived'],
    ['first-information', { kind: 'met', deadline: 'press-conference' }, '02:20:00', 'running'],
    ['press-conference', { kind: 'closed' }, '02:20:00', 'waived'],
    ['response', { kind: 'answered' }, '02:20:00', 'met'],
    ['response', { kind: 'assigned' }, '02:20:00', 'running'],
  ] as const)('%s by %j at %s: %s', (kind, step, time, state) => {
    const given = history({ steps: [{ at: at(`2026-11-25T${time}`), ...step }] });
    expect(one(kind, given, '2026-11-25T02:30:00')?.state).toBe(state);
  });

  test('the first of several', () => {
    const steps = [
      { at: at('2026-11-25T02:50:00'), kind: 'closed' },
      { at: at('2026-11-25T02:04:00'), kind: 'acknowledged' },
    ] as const;
    expect(one('acknowledge', history({ steps }), '2026-11-25T03:00:00')).toMatchObject({
      state: 'met',
      endedAt: at('2026-11-25T02:04:00'),
    });
  });
});

describe('a rise of the level', () => {
  const raised = (time: string) =>
    history({
      levels: [
        { at: at(opened), level: 'IV' },
        { at: at(time), level: 'I' },
      ],
    });

  test('starts what only the higher level has, at the rise', () => {
    expect(one('press-conference', raised('2026-11-25T09:00:00'), opened)?.dueAt).toEqual(at('2026-11-26T09:00:00'));
  });

  test('brings an end nearer, and never moves one away', () => {
    expect(one('acknowledge', raised('2026-11-25T02:10:00'), opened)?.dueAt).toEqual(at('2026-11-25T02:15:00'));
    expect(one('acknowledge', raised('2026-11-25T05:59:00'), opened)?.dueAt).toEqual(at('2026-11-25T06:00:00'));
    expect(one('response', raised('2026-11-25T09:00:00'), opened)?.dueAt).toEqual(at('2026-11-27T02:00:00'));
  });
});

describe('pauses', () => {
  const paused = (...pauses: [string, string][]) =>
    history({ pauses: pauses.map(([from, to]) => ({ from: at(`2026-11-25T${from}`), to: at(`2026-11-25T${to}`) })) });

  test.each([
    ['none', paused(), '03:00:00'],
    ['one inside', paused(['02:30:00', '02:50:00']), '03:20:00'],
    ['one that began before the clock', paused(['01:00:00', '02:10:00']), '03:10:00'],
    ['one before it, and one after its end', paused(['01:00:00', '01:30:00'], ['03:00:00', '04:00:00']), '03:00:00'],
    ['two that overlap, in any order', paused(['02:40:00', '03:00:00'], ['02:30:00', '02:50:00']), '03:30:00'],
    ['one within another', paused(['02:30:00', '03:00:00'], ['02:40:00', '02:50:00']), '03:30:00'],
  ])('%s', (_name, given, due) => expect(one('verify', given, opened)?.dueAt).toEqual(at(`2026-11-25T${due}`)));

  test('stand still while they last, and the clock goes on by itself', () => {
    const given = paused(['02:30:00', '02:50:00']);
    const state = (time: string) => one('verify', given, `2026-11-25T${time}`)?.state;
    expect([state('02:29:59'), state('02:30:00'), state('02:49:59'), state('02:50:00')]).toEqual([
      'running',
      'paused',
      'paused',
      'running',
    ]);
  });
});

describe('across the edges of the calendar', () => {
  test.each([
    ['midnight', 'verify', '2026-11-25T23:30:00', '2026-11-26T00:30:00'],
    ['month end', 'press-conference', '2026-11-30T12:00:00', '2026-12-01T12:00:00'],
    ['year end', 'response', '2026-12-30T18:00:00', '2027-01-01T18:00:00'],
    ['the last minute of the year', 'first-information', '2026-12-31T23:59:00', '2027-01-01T04:59:00'],
    ['into a leap day', 'press-conference', '2028-02-28T09:00:00', '2028-02-29T09:00:00'],
    ['over a leap day', 'response', '2028-02-28T09:00:00', '2028-03-01T09:00:00'],
    ['over the end of February in other years', 'response', '2027-02-28T09:00:00', '2027-03-02T09:00:00'],
  ])('%s', (_name, kind, from, due) => {
    const given = history({ levels: [{ at: at(from), level: 'I' }] });
    expect(one(kind, given, from)?.dueAt).toEqual(at(due));
  });
});

describe('a machine whose clock jumps', () => {
  test('ahead: everything that lies behind is over at once; back again: it runs as before', () => {
    const states = (now: string) => deadlinesOf(history(), rules, at(now)).map((d) => d.state);
    expect(states('2026-11-28T00:00:00')).toEqual(Array(5).fill('overdue'));
    expect(states('2026-11-25T02:00:01')).toEqual(Array(5).fill('running'));
  });

  test('behind the case: nothing is due, and a step dated before its opening counts as in time', () => {
    const steps = [{ at: at('2026-11-25T01:00:00'), kind: 'acknowledged' as const }];
    const given = history({ steps });
    expect(one('acknowledge', given, '2026-11-25T00:00:00')?.state).toBe('met');
    expect(one('verify', given, '2026-11-25T00:00:00')?.state).toBe('running');
  });
});

test('the next clock is the one that ends first of those that run', () => {
  const steps = [{ at: at('2026-11-25T02:01:00'), kind: 'acknowledged' as const }];
  expect(nextDeadline(deadlinesOf(history(), rules, at(opened)))?.kind).toBe('acknowledge');
  expect(nextDeadline(deadlinesOf(history({ steps }), rules, at(opened)))?.kind).toBe('verify');
  expect(
    nextDeadline(deadlinesOf(history({ steps: [{ ...steps[0], kind: 'closed' }] as CaseHistory['steps'] }), rules, at(opened))),
  ).toBeNull();
});
