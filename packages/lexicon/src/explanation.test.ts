import { describe, expect, it } from 'vitest';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

const judge = createJudge(
  compileLexicon(`[类别 accident]
规则 火 III
  条件 起火|着火 ~6~ 厂|房
  升级 I 当 死亡 ≥ 30 人
规则 毒 II
  条件 煤气 ~4~ 中毒
屏蔽 电影里着火
降级 演练
  词 演练
加重 亡
  词 死亡
`),
);

describe('explain', () => {
  it('gives the verdict of assess and says what raised it', () => {
    const item = { title: '化工厂起火，死亡35人' };
    const { explanation, ...assessment } = judge.explain(item);
    expect(assessment).toEqual(judge.assess(item));
    expect(explanation.raised).toEqual([
      { rule: '火', by: '加重：亡' },
      { rule: '火', by: '升级：死亡 ≥ 30 人' },
    ]);
    expect(explanation.nearMisses).toEqual([]);
  });

  it('says what lowered it', () => {
    expect(judge.explain({ title: '演练：厂房起火' }).explanation.lowered).toEqual([{ rule: '火', by: '降级：演练', text: '演练' }]);
  });

  it('names what was nearly met: a word that is missing, or words too far apart', () => {
    const { explanation } = judge.explain({ title: '煤气公司说没有一个人会中毒' });
    expect(explanation.nearMisses).toEqual([{ rule: '毒', field: 'title', found: ['煤气', '中毒'], missing: '这些词离得太远' }]);
    expect(judge.explain({ title: '路边有东西着火了' }).explanation.nearMisses).toEqual([
      { rule: '火', field: 'title', found: ['着火'], missing: '缺少 厂|房' },
    ]);
  });
});
