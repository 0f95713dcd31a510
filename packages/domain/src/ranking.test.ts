import { describe, expect, it } from 'vitest';
import { judgeByRanking, priorityOf, type RankingExample, type RankingFacts, trainRanking } from './ranking.ts';

const plain: RankingFacts = {
  rank: 2,
  items: 1,
  sources: 1,
  official: false,
  titled: true,
  places: 1,
  rules: ['火灾'],
  categories: ['accident'],
};

/** A sequence that looks random and is the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Outcomes in which one rule is mostly noise, and a title mostly means something. */
function outcomes(count: number): RankingExample[] {
  const random = numbers(3);
  return Array.from({ length: count }, () => {
    const noisy = random() < 0.5;
    const titled = random() < 0.5;
    const chance = (noisy ? 0.15 : 0.75) + (titled ? 0.15 : 0);
    return { ...plain, titled, rank: 1 + Math.floor(random() * 4), rules: [noisy ? '停水' : '火灾'], confirmed: random() < chance };
  });
}

describe('a ranking', () => {
  it('learns nothing from too few outcomes, or from outcomes of one kind', () => {
    expect(trainRanking([])).toBeNull();
    expect(trainRanking(outcomes(29))).toBeNull();
    expect(trainRanking(outcomes(200).map((one) => ({ ...one, confirmed: true })))).toBeNull();
  });

  it('puts what has mostly been true before what has mostly been noise, and says why', () => {
    const model = trainRanking(outcomes(400));
    if (model === null) throw new Error('there are enough outcomes');
    expect(model.confirmed + model.falseAlarms).toBe(400);
    expect(model.auc).toBeGreaterThan(0.75);
    expect(model.auc).toBeLessThan(0.95);
    const fire = judgeByRanking(model, plain);
    const water = judgeByRanking(model, { ...plain, rules: ['停水'] });
    expect(fire.probability).toBeGreaterThan(0.75);
    expect(water.probability).toBeLessThan(0.4);
    expect(water.because[0]).toMatchObject({ id: 'rule-record', title: '这些规则以往误报多' });
    expect(water.because[0]?.effect).toBeLessThan(0);
    // What is told as reasons adds up to what is told as the verdict.
    const odds = water.because.reduce((sum, { effect }) => sum + effect, model.intercept);
    expect(1 / (1 + Math.exp(-odds))).toBeCloseTo(water.probability, 10);
  });

  it('says what happened about as often as it happened', () => {
    const examples = outcomes(2_000);
    const model = trainRanking(examples.slice(0, 1_000));
    if (model === null) throw new Error('there are enough outcomes');
    const later = examples.slice(1_000).map((one) => ({ said: judgeByRanking(model, one).probability, was: one.confirmed ? 1 : 0 }));
    const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
    for (const part of [later.filter(({ said }) => said < 0.5), later.filter(({ said }) => said >= 0.5)])
      expect(Math.abs(mean(part.map(({ said }) => said)) - mean(part.map(({ was }) => was)))).toBeLessThan(0.06);
  });

  it('never holds a good record against an alert', () => {
    // Right and wrong by turns: whenever the record is better than even, what follows is false.
    const examples = outcomes(120).map((one, n) => ({ ...one, rules: ['甲'], confirmed: n % 2 === 0 }));
    for (const { id, weight } of trainRanking(examples)?.features ?? [])
      if (id.endsWith('record')) expect(weight).toBeGreaterThanOrEqual(0);
    expect(trainRanking(examples)).not.toBeNull();
  });

  it('is not led by outcomes that say nothing', () => {
    const random = numbers(11);
    const model = trainRanking(outcomes(400).map((one) => ({ ...one, confirmed: random() < 0.5 })));
    expect(model?.auc).toBeGreaterThan(0.4);
    expect(model?.auc).toBeLessThan(0.6);
  });

  it('weighs the level: a likely small matter does not go before a possible great one', () => {
    expect(priorityOf(0.3, 4)).toBeGreaterThan(priorityOf(0.95, 2));
    expect(priorityOf(0.9, 2)).toBeGreaterThan(priorityOf(0.3, 2));
  });
});
