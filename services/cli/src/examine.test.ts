import type { ListedChannel } from '@guanlan/database';
import { expect, test } from 'vitest';
import { channelFinding } from './examine.ts';

const well: ListedChannel = {
  ...{ id: 1, kind: 'dingtalk', name: '值班群', options: {}, allowPrivate: false, createdAt: new Date('2026-11-25T00:00:00+08:00') },
  ...{ fallbackId: null, downSince: null, lastSuccessAt: new Date('2026-11-25T08:00:00+08:00'), lastFailureAt: null, lastFailure: '' },
};
const down = { ...well, id: 2, name: '领导群', downSince: new Date('2026-11-25T09:30:00+08:00') };

test('the doctor names a channel that is down, since when, and what is used instead', () => {
  expect(channelFinding([well])).toEqual({ what: '通知渠道', state: 'ok', detail: '1 个' });
  expect(channelFinding([well, down])).toMatchObject({
    state: 'bad',
    detail: '2 个，发不出去：领导群（2026-11-25 09:30 起，没有备用渠道）',
    mend: expect.stringContaining('channel fallback'),
  });
  expect(channelFinding([well, { ...down, fallbackId: 1 }])).toMatchObject({
    state: 'warn',
    detail: '2 个，发不出去：领导群（2026-11-25 09:30 起，改用值班群）',
  });
});

test('one failure is not an outage, and no channel is no way to tell', () => {
  const failed = { ...well, lastFailureAt: new Date('2026-11-25T08:01:00+08:00') };
  expect(channelFinding([failed])).toMatchObject({ state: 'warn', detail: '1 个，最近一次没有送达：值班群' });
  expect(channelFinding([])).toMatchObject({ state: 'warn', detail: '还没有渠道，预警只在界面上显示' });
});
