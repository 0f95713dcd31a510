import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { gathered } from './gathered.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('the first goes at once, those that follow go together, and after a rest the next goes at once again', async () => {
  const runs: number[][] = [];
  const numbers = gathered<number>(async (values) => void runs.push(values), 100);
  numbers.add([1]);
  numbers.add([2]);
  numbers.add([]);
  numbers.add([3, 4]);
  await vi.advanceTimersByTimeAsync(99);
  expect(runs).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(runs).toEqual([[1], [2, 3, 4]]);
  await vi.advanceTimersByTimeAsync(100);
  numbers.add([5]);
  await vi.advanceTimersByTimeAsync(0);
  expect(runs).toEqual([[1], [2, 3, 4], [5]]);
});

test('runs never overlap, and closing runs what waits', async () => {
  const order: string[] = [];
  const numbers = gathered<number>(async (values) => {
    order.push(`begin ${values}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    order.push(`end ${values}`);
  }, 100);
  numbers.add([1]);
  numbers.add([2]);
  await vi.advanceTimersByTimeAsync(120);
  numbers.add([3]);
  const closed = numbers.close();
  await vi.advanceTimersByTimeAsync(1_000);
  await closed;
  expect(order).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});
