import { expect, test } from 'vitest';
import { type RuleVolume, usualVolume, volumeBound, volumeText } from './volume.ts';

const volume: RuleVolume = {
  ...{
    since: '2026-11-18T02:00:00.000Z',
    until: '2026-11-25T02:00:00.000Z',
    items: 900,
    levelled: 320,
    alerts: 300,
    atOnce: 90,
    raised: 2,
  },
  ...{ usual: 8, bound: 20, rules: ['天气', '通知', '讲座', '雨'].map((rule, n) => ({ rule, alerts: 200 - n })) },
};

test('the bound is what is usual, or a floor', () => {
  expect([0, 20, 21, 400].map((usual) => volumeBound(usual, usualVolume))).toEqual([20, 20, 21, 400]);
  expect(volumeBound(5, { floor: 3, factor: 1.5 })).toBe(8);
});

test('says how many, beside how many there were, and by which rules', () => {
  expect(volumeText(volume)).toBe(
    '按最近 7 天的 900 条信息，会多出至多 300 件预警提示（这些天实有 8 件）；其中 90 件发布后即开；另有 2 件未办结的建议级别会升高；最多的规则：“天气”200 件、“通知”199 件、“讲座”198 件',
  );
  expect(volumeText({ ...volume, alerts: 0, atOnce: 0, raised: 0, rules: [] })).toBe(
    '按最近 7 天的 900 条信息，不会多出预警提示（这些天实有 8 件）',
  );
});
