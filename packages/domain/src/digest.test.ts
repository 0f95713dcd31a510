import { describe, expect, test } from 'vitest';
import { digestMessage } from './digest.ts';
import type { Level } from './level.ts';
import type { AlertMessage } from './notification.ts';

const message = (alertId: number, level: Level, more: Partial<AlertMessage> = {}): AlertMessage => ({
  ...{
    idempotencyKey: `k${alertId}`,
    alertId,
    eventId: alertId,
    level,
    title: `事件${alertId}`,
    reason: '新预警',
    categories: ['food'],
    places: ['甲镇'],
  },
  ...{
    departments: ['市场监督管理局'],
    itemCount: 1,
    sourceCount: 1,
    firstSeenAt: `2026-11-25T0${alertId}:00:00.000Z`,
    evidence: [],
    items: [],
    link: null,
  },
  ...more,
});
const more = { idempotencyKey: 'digest-1', link: 'https://guanlan.example/alerts' };

test('says why, how many of which level, and what of each, the most urgent first', () => {
  const messages = [message(1, 'II'), message(2, 'IV', { places: ['乙镇'] })];
  const digest = digestMessage('storm', { messages, alerts: { II: 1, IV: 7 }, total: 9 }, more);
  expect(digest).toMatchObject({
    ...more,
    alertId: 0,
    level: 'II',
    notice: 'digest',
    title: '【汇总】8 件：建议II级 1，IV级 7',
    itemCount: 9,
    places: ['甲镇', '乙镇'],
  });
  expect(digest.reason.split('\n')).toEqual([
    '短时间内提示过多，合并发送，共 8 件：',
    '1. 【建议II级】事件1（新预警）',
    '2. 【建议IV级】事件2（新预警）',
    '……另有 6 件，见控制台。',
  ]);
  expect(digest.alerts?.map(({ alertId }) => alertId)).toEqual([1, 2]);
  expect(digestMessage('storm', { messages, alerts: { II: 1, IV: 7 }, total: 9 }, more)).toEqual(digest);
});

test('a level that a person confirmed stands as confirmed, in the line and in the data', () => {
  const messages = [message(1, 'II', { confirmedLevel: 'III' }), message(2, 'none')];
  const digest = digestMessage('quiet', { messages, alerts: { II: 1, none: 1 }, total: 2 }, more);
  expect(digest.title).toBe('【汇总】2 件：建议II级 1，其他 1');
  expect(digest.reason.split('\n').slice(1)).toEqual(['1. 【核定III级】事件1（新预警）', '2. 事件2（新预警）']);
  expect(digest.alerts?.map(({ level, confirmedLevel }) => [level, confirmedLevel])).toEqual([
    ['II', 'III'],
    ['none', undefined],
  ]);
});

describe('of one alert', () => {
  test('everything that was said of it stands together', () => {
    const messages = ['甲', '乙', '甲', '丙', '丁'].map((reason, n) => message(1, 'III', { reason, idempotencyKey: `k${n}` }));
    const digest = digestMessage('quiet', { messages, alerts: { III: 1 }, total: 5 }, more);
    expect(digest.alerts).toMatchObject([{ alertId: 1, reason: '甲；乙；丙……' }]);
  });

  test('a single message stays what it is, but for its key', () => {
    const only = message(1, 'III');
    expect(digestMessage('outage', { messages: [only], alerts: { III: 1 }, total: 1 }, more)).toEqual({
      ...only,
      idempotencyKey: 'digest-1',
    });
  });
});

test('is a drill only where all of it is', () => {
  const drill = message(1, 'III', { drill: true });
  const of = (messages: AlertMessage[]) => digestMessage('storm', { messages, alerts: { III: 2 }, total: 2 }, more);
  expect(of([drill, message(2, 'III', { drill: true })])).toMatchObject({ drill: true, title: '【演练】【汇总】2 件：建议III级 2' });
  expect(of([drill, message(2, 'III')]).drill).toBeUndefined();
});

test('notices about the watching itself are told one by one', () => {
  const notice = (key: string) => message(0, 'none', { idempotencyKey: key, title: key, notice: 'path' });
  const digest = digestMessage('outage', { messages: [notice('甲'), notice('乙')], alerts: { none: 2 }, total: 2 }, more);
  expect(digest).toMatchObject({ title: '【汇总】2 件：其他 2', alerts: [{ title: '甲' }, { title: '乙' }] });
});
