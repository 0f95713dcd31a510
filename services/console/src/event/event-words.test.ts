import type { EventItemView } from '@guanlan/contracts';
import { describe, expect, it } from 'vitest';
import { burstSentence, tellingsOf } from './event-words.ts';

const item = (id: number, copyOf: number | null = null): EventItemView => ({
  ...{ id, copyOf, title: `信息${id}`, snippet: '', url: null, source: '源', authorKind: 'media', level: 'IV' },
  ...{ publishedAt: null, collectedAt: '2026-11-25T03:00:00.000Z' },
});

describe('tellingsOf', () => {
  it('folds copies under what they copy, in the order of the newest', () => {
    const folded = tellingsOf([item(9, 2), item(8), item(7, 2), item(2)]);
    expect(folded.map(({ item: one, copies }) => [one.id, copies.map((copy) => copy.id)])).toEqual([
      [2, [9, 7]],
      [8, []],
    ]);
  });

  it('copies of what is not listed are folded under the oldest of them', () => {
    expect(tellingsOf([item(9, 1), item(7, 1)]).map(({ item: one, copies }) => [one.id, copies.length])).toEqual([[7, 1]]);
  });
});

it('says what came and what was to be expected', () => {
  expect(burstSentence({ bursts: true, recent: 14, own: 2.04, category: 1.3 })).toBe(
    '近 3 小时 14 条（按它此前的速度约 2.0 条，同类事件通常约 1.3 条），明显多于往常。',
  );
  expect(burstSentence({ bursts: false, recent: 1, own: null, category: null })).toBe('近 3 小时 1 条，还没有可比的历史。');
});
