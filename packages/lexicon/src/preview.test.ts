import { describe, expect, it } from 'vitest';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';
import { createPreview } from './preview.ts';

const judgeOf = (rules: string) => createJudge(compileLexicon(`[类别 accident]\n${rules}\n[地名]\n县 巨鹿县\n`));
const fire = '规则 火 III\n 条件 着火\n';
const item = (id: number, title: string, outcome: 'confirmed' | 'false-alarm' | null = null) => ({
  id,
  title,
  sourceLocal: false,
  outcome,
});

describe('a preview', () => {
  it('says per rule what would newly fire and what would stop, with what people have said', () => {
    const preview = createPreview(judgeOf(fire), judgeOf(`${fire} 排除 烤肉\n规则 炸 II\n 条件 爆炸\n`));
    preview.add(item(1, '烤肉着火', 'false-alarm'));
    preview.add(item(2, '巨鹿县仓库爆炸'));
    preview.add(item(3, '仓库着火', 'confirmed'));
    expect(preview.result()).toEqual({
      ...{ items: 3, changed: 2, raised: 1, lowered: 1, gained: 1, lost: 0, more: 0 },
      rules: [
        {
          ...{ rule: '火', in: 'both', before: 2, after: 1 },
          starts: { count: 0, confirmed: 0, falseAlarms: 0, examples: [] },
          stops: {
            ...{ count: 1, confirmed: 0, falseAlarms: 1 },
            examples: [{ itemId: 1, title: '烤肉着火', before: 'III', after: 'none', snippet: '烤肉着火' }],
          },
        },
        {
          ...{ rule: '炸', in: 'draft', before: 0, after: 1 },
          starts: {
            ...{ count: 1, confirmed: 0, falseAlarms: 0 },
            examples: [{ itemId: 2, title: '巨鹿县仓库爆炸', before: 'none', after: 'II', snippet: '巨鹿县仓库爆炸' }],
          },
          stops: { count: 0, confirmed: 0, falseAlarms: 0, examples: [] },
        },
      ],
    });
  });

  it('finds nothing between equal lexicons, and sees a rule behind twenty reasons of others', () => {
    const same = createPreview(judgeOf(fire), judgeOf(fire));
    same.add(item(1, '着火'));
    expect(same.result()).toMatchObject({ items: 1, changed: 0, rules: [] });
    const many = Array.from({ length: 25 }, (_, n) => `规则 多${n} I\n 条件 着火\n`).join('');
    const crowded = createPreview(judgeOf(fire), judgeOf(`${fire}${many}`));
    crowded.add(item(1, '着火'));
    expect(crowded.result().rules.find((rule) => rule.rule === '火')).toBeUndefined();
    expect(crowded.result().rules).toHaveLength(25);
  });

  it('keeps a bounded number of examples', () => {
    const preview = createPreview(judgeOf(fire), judgeOf(`${fire}规则 炸 II\n 条件 爆炸\n`));
    for (let id = 1; id <= 1_000; id++) preview.add(item(id, `第${id}次爆炸`));
    const [rule] = preview.result().rules;
    expect([rule?.starts.count, rule?.starts.examples.length]).toEqual([1_000, 5]);
  });
});
