import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { joined } from './joined.ts';

describe('joined', () => {
  test('calls made during a run become one run, and each learns how its own run went', async () => {
    const runs: number[][] = [];
    const add = joined(async (all: number[]) => {
      runs.push(all);
      await setImmediate();
      if (all.includes(13)) throw new Error('unlucky');
      return all.length;
    });
    const first = add([1]);
    const second = add([2, 3]);
    const third = add([4]);
    expect(await Promise.all([first, second, third])).toEqual([1, 3, 3]);
    expect(runs).toEqual([[1], [2, 3, 4]]);
    const bad = [add([5]), add([13]), add([6])];
    expect((await Promise.allSettled(bad)).map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await add([7])).toBe(1);
  });

  test('a run takes no more than it may, but always one call', async () => {
    const runs: number[] = [];
    const add = joined(async (all: number[]) => {
      await setImmediate();
      runs.push(all.length);
    }, 3);
    await Promise.all([add([1]), add([1, 2]), add([3]), add([4, 5, 6, 7]), add([8])]);
    expect(runs).toEqual([1, 3, 4, 1]);
  });
});
