import { readFile } from 'node:fs/promises';
import { alertPolicy } from '@guanlan/contracts';
import type { AlertPolicy } from '@guanlan/domain';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { changesOf, fieldsOf, minutesOf, minutesText, type PolicyFields, policyOf } from './policy-fields.ts';

let shipped: AlertPolicy;
beforeAll(async () => {
  shipped = JSON.parse(await readFile(new URL('../../../../infra/defaults/alerting.json', import.meta.url), 'utf8')) as AlertPolicy;
});

describe('a length of time as people write it', () => {
  test.each([
    ['30', 30],
    ['30 分钟', 30],
    ['30分', 30],
    ['５小时', 300],
    ['1.5 小时', 90],
    ['1小时30分', 90],
    ['2天', 2_880],
    ['48个小时', 2_880],
  ])('%s', (text, minutes) => expect(minutesOf(text)).toBe(minutes));
  test.each(['', '很快', '-5', '5 小时前', '1e3', '30 秒'])('“%s” cannot be read', (text) => expect(minutesOf(text)).toBeNull());
  test('whatever is shown is read back as it was', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (minutes) => minutesOf(minutesText(minutes)) === minutes));
  });
});

describe('the fields', () => {
  const read = (change: (fields: PolicyFields) => void) => {
    const fields = { ...fieldsOf(shipped), note: '按本县值班制度' };
    change(fields);
    return policyOf(fields, { from: shipped, shipped, version: '本县-1' });
  };
  const clock = (fields: PolicyFields, kind: string) => {
    const found = fields.clocks.find((one) => one.kind === kind);
    if (!found) throw new Error(`no clock ${kind}`);
    return found;
  };

  test('make the same policy again when nothing was typed, and one that the API takes', () => {
    const same = read(() => {});
    expect(same).toEqual({ ...shipped, version: '本县-1' });
    expect(alertPolicy.safeParse(same).success).toBe(true);
  });

  test('an empty limit is no clock at that level; the rest of the policy stays', () => {
    const changed = read((fields) => {
      clock(fields, 'verify').limits.IV = ' ';
      clock(fields, 'acknowledge').limits.IV = '8 小时';
      fields.after[1] = '半小时'.replace('半', '0.5 ');
    }) as AlertPolicy;
    expect(changesOf(shipped, changed)).toEqual([
      '签收，一般：4 小时 → 8 小时',
      '核实，一般：8 小时 → 不设',
      '超时升级第 2 步，通知带班领导：15 分钟 → 30 分钟',
    ]);
    expect(changed.storm).toEqual(shipped.storm);
  });

  test.each<[string, (fields: PolicyFields) => void, RegExp]>([
    [
      '签收，特别重大',
      (fields) => Object.assign(clock(fields, 'acknowledge').limits, { I: '马上' }),
      /写的是“马上”，看不懂；请写成“30 分钟”/u,
    ],
    ['签收，特别重大', (fields) => Object.assign(clock(fields, 'acknowledge').limits, { I: '0' }), /是 0 分钟，请填 1 到 100000 分钟/u],
    ['核实，提前提醒', (fields) => Object.assign(clock(fields, 'verify'), { warn: '1 小时' }), /要短于这项最短的时限（1 小时）/u],
    ['回应，依据', (fields) => Object.assign(clock(fields, 'response'), { basis: '' }), /请写明“回应，依据”/u],
    ['超时升级第 1 步，通知下一位值班员', (fields) => fields.after.splice(0, 1, '8天'), /请填 0 到 10080 分钟/u],
    ['超时升级第 2 步，通知带班领导', (fields) => fields.after.splice(0, 1, '1小时'), /不能早于前一步/u],
    ['改了什么、为什么', (fields) => Object.assign(fields, { note: ' ' }), /请写一句/u],
  ])('%s is named when it is wrong', (field, change, words) => {
    expect(read(change)).toEqual({ field, words: expect.stringMatching(words) });
  });
});
