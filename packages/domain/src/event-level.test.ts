import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventFacts, type LevelThresholds, proposeLevel } from './event-level.ts';

const thresholds: LevelThresholds = {
  version: 3,
  windowHours: 2,
  spread: [
    { name: '传播面广', sources: 5, sourceKinds: 2, raise: 1 },
    { name: '传播很广', sources: 20, items: 20, raise: 2 },
  ],
  growth: [{ name: '增长快', recent: 6, growth: 3, raise: 1 }],
  mostRaise: 2,
  highest: 'II',
};
const quiet: EventFacts = { rank: 1, items: 1, sources: 1, sourceKinds: 1, recent: 1, growth: 0 };

describe('the level of an event', () => {
  it('is that of its contents while it neither spreads nor grows', () => {
    expect(proposeLevel(quiet, thresholds)).toEqual({ rank: 1, contentRank: 1, raisedBy: [], version: 3 });
  });

  it('rises with spread and with growth, and says by how much of what', () => {
    expect(proposeLevel({ ...quiet, sources: 6, sourceKinds: 3 }, thresholds)).toMatchObject({
      rank: 2,
      raisedBy: ['传播面广（6 个信息源，3 类发布者）'],
    });
    expect(proposeLevel({ ...quiet, sources: 6, sourceKinds: 3, recent: 9, growth: 4.55 }, thresholds)).toMatchObject({
      rank: 3,
      raisedBy: ['传播面广（6 个信息源，3 类发布者）', '增长快（近 2 小时 9 条，为此前的 4.6 倍）'],
    });
    expect(proposeLevel({ ...quiet, sources: 6, sourceKinds: 1 }, thresholds).rank).toBe(1);
  });

  it('is raised no further than the office allows, and lowered never', () => {
    const everywhere = { ...quiet, sources: 50, sourceKinds: 4, items: 80, recent: 40, growth: 20 };
    expect(proposeLevel(everywhere, thresholds)).toMatchObject({ rank: 3 });
    expect(proposeLevel({ ...everywhere, rank: 2 }, thresholds)).toMatchObject({ rank: 3 });
    expect(proposeLevel({ ...everywhere, rank: 4 }, thresholds)).toEqual({ rank: 4, contentRank: 4, raisedBy: [], version: 3 });
    expect(proposeLevel({ ...everywhere, rank: 0 }, thresholds).rank).toBe(0);
  });

  it('never falls when more is seen', () => {
    const count = fc.nat(60);
    const facts = fc.record({
      rank: fc.integer({ min: 0, max: 4 }),
      items: count,
      sources: count,
      sourceKinds: fc.nat(5),
      recent: count,
      growth: count,
    });
    fc.assert(
      fc.property(facts, fc.constantFrom('items', 'sources', 'sourceKinds', 'recent', 'growth', 'rank'), fc.nat(20), (one, name, more) => {
        const grown = { ...one, [name]: name === 'rank' ? Math.min(4, one.rank + more) : one[name as 'items'] + more };
        const [before, after] = [proposeLevel(one, thresholds), proposeLevel(grown, thresholds)];
        expect(after.rank).toBeGreaterThanOrEqual(before.rank);
        expect(before.rank).toBeGreaterThanOrEqual(one.rank);
        expect(before.raisedBy.length > 0).toBe(before.rank > one.rank);
      }),
    );
  });
});
