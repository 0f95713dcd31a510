import { describe, expect, test } from 'vitest';
import { conditionKinds, conditionTitles } from './health.ts';
import { adviceOf, type StandingFacts, standingOf, standingStates, standingTitles } from './health-standing.ts';

const at = new Date('2026-11-25T08:00:00+08:00');
const well: StandingFacts = {
  ...{ brought: false, paused: false, pauseReason: null, failingSince: null, failures: 0, faultCode: null, faultMessage: null },
  ...{ lastSuccessAt: at, conditions: [] },
};
const standing = (change: Partial<StandingFacts> = {}) => standingOf({ ...well, ...change });

describe('standingOf', () => {
  test.each<[string, Partial<StandingFacts>, string, boolean]>([
    ['well', {}, 'healthy', false],
    ['never read', { lastSuccessAt: null }, 'new', false],
    ['paused by a person', { paused: true }, 'paused', false],
    ['stopped, not yet judged', { paused: true, pauseReason: '410' }, 'stopped', true],
    ['one fault', { failingSince: at, failures: 1, faultMessage: '响应超时' }, 'failing', true],
    ['brought by others', { brought: true, paused: true }, 'healthy', false],
    ['brought, nothing yet', { brought: true, paused: true, lastSuccessAt: null }, 'new', false],
  ])('%s', (_, change, state, advised) => {
    const { state: found, title, advice } = standing(change);
    expect(found).toBe(state);
    expect(title).toBe(standingTitles[found]);
    expect(advice !== null).toBe(advised);
  });

  test('the gravest condition speaks, since when it holds', () => {
    const conditions = [
      { kind: 'empty', since: at, sentence: '列表变空。' },
      { kind: 'robots', since: at, sentence: '有变化。' },
    ] as const;
    expect(standing({ conditions })).toEqual({
      ...{ state: 'drifting', title: '列表变空', since: at, sentence: '列表变空。', advice: conditionTitles.empty.advice },
    });
  });

  test('every condition has something to be done, and a state that sorts before what is well', () => {
    for (const kind of conditionKinds) {
      expect(adviceOf(kind, null)).toMatch(/^\S.*。$/u);
      expect(standingStates.indexOf(conditionTitles[kind].state)).toBeLessThan(standingStates.indexOf('new'));
    }
  });

  test('what trying again does not change has advice of its own', () => {
    expect(adviceOf('failing', 'robots-disallowed')).toContain('网站不愿');
    expect(adviceOf('failing', 'fetch-timeout')).toBe(conditionTitles.failing.advice);
    expect(adviceOf('silent', 'robots-disallowed')).toBe(conditionTitles.silent.advice);
  });
});
