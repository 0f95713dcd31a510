import { createLogger } from '@guanlan/runtime';
import { expect, it, vi } from 'vitest';
import { untilReached, within } from './deadline.ts';
import { createOutage, isLost } from './outage.ts';

const refused = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

it('says once that the server is lost and once that it is back', () => {
  vi.useFakeTimers();
  const logger = createLogger({ level: 'silent' });
  const error = vi.spyOn(logger, 'error');
  const info = vi.spyOn(logger, 'info');
  const outage = createOutage(logger, 'redis');
  outage.up();
  expect(info).not.toHaveBeenCalled();
  for (let i = 0; i < 5; i++) outage.down(refused());
  outage.up(); // an answer from a connection that had not gone yet
  outage.down(refused());
  vi.advanceTimersByTime(10_000);
  expect([error.mock.calls.length, info.mock.calls.length]).toEqual([1, 0]);
  outage.up();
  outage.up();
  vi.advanceTimersByTime(10_000);
  outage.down(refused());
  expect([error.mock.calls.length, info.mock.calls.length]).toEqual([2, 1]);
  vi.useRealTimers();
});

it.each([
  [refused(), true],
  [Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }), true],
  [Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' }), true],
  [Object.assign(new Error('the database system is starting up'), { code: '57P03' }), true],
  [Object.assign(new Error('connection failure'), { code: '08006' }), true],
  [new Error('Connection terminated unexpectedly'), true],
  [new Error('timeout exceeded when trying to connect'), true],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), true],
  [new Error('LOADING Redis is loading the dataset in memory'), true],
  [Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' }), false],
  [new Error('Missing lock for job 1'), false],
  ['ECONNREFUSED', false],
])('tells a lost connection from other faults: %s', (error, lost) => {
  expect(isLost(error)).toBe(lost);
});

it('tries again only while the server is lost', async () => {
  let calls = 0;
  const second = async () => {
    calls++;
    if (calls < 2) throw refused();
    return 'answer';
  };
  expect(await untilReached(second, 5_000, 1)).toBe('answer');
  const other = vi.fn(async () => {
    throw new Error('no such function');
  });
  await expect(untilReached(other, 5_000, 1)).rejects.toThrow('no such function');
  expect(other).toHaveBeenCalledTimes(1);
  const lost = vi.fn(async () => {
    throw refused();
  });
  await expect(untilReached(lost, 30, 5)).rejects.toThrow('ECONNREFUSED');
  expect(lost.mock.calls.length).toBeGreaterThan(1);
});

it('does not wait for an answer that never comes', async () => {
  await expect(within(new Promise(() => {}), 10)).rejects.toSatisfy(isLost);
  await expect(untilReached(() => new Promise(() => {}), 10)).rejects.toSatisfy(isLost);
});
