import type { AlertView } from '@guanlan/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRows, whyThere } from './desk-order.ts';

const alert = (id: number) => ({ id }) as AlertView;
const ranked = (id: number) => ({ id, probability: 0.5, priority: 1, because: [] });

describe('the order of the desk', () => {
  it('is that of the ranking, what is new before it', () => {
    const rows = orderRows([4, 3, 2, 1].map(alert), [ranked(2), ranked(3), ranked(1)]);
    expect(rows.map((row) => row.id)).toEqual([4, 2, 3, 1]);
  });

  it('hides nothing, whatever the ranking says', () => {
    const ids = fc.uniqueArray(fc.nat(50));
    fc.assert(
      fc.property(ids, ids, (rows, ranking) => {
        const ordered = orderRows(rows.map(alert), ranking.map(ranked)).map((row) => row.id);
        expect(ordered.toSorted((a, b) => a - b)).toEqual(rows.toSorted((a, b) => a - b));
      }),
    );
  });

  it('says why', () => {
    const because = [
      { title: '级别高', effect: 0.9 },
      { title: '信息源多', effect: -0.3 },
      { title: '标题里就命中', effect: 0.01 },
    ];
    expect(whyThere({ id: 1, probability: 0.816, priority: 1, because })).toBe('按以往结果，属实可能 82%：＋级别高，－信息源多');
    expect(whyThere({ id: 1, probability: null, priority: 1, because: [] })).toContain('按级别排列');
  });
});
