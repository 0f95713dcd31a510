import { GuanlanError } from '@guanlan/domain';
import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import { compileLexicon, joinLexicon, lexiconDigest } from './lexicon.ts';
import { lexiconLimits } from './parse.ts';

function faultsOf(source: string): Fault[] {
  try {
    compileLexicon(source);
  } catch (error) {
    if (error instanceof GuanlanError && error.code === 'lexicon-invalid') return error.details.errors as Fault[];
    throw error;
  }
  return [];
}

const places = (source: string) => faultsOf(source).map(({ line, column }) => `${line}:${column}`);

describe('compileLexicon', () => {
  it('reads a rule with all its lines', () => {
    const { rules } = compileLexicon(`
# 说明
[类别 自然灾害]
规则 暴雨积涝 III
  条件 暴雨|强降雨 ~12> 积水|国道^ + 巨鹿 今天
  条件 内涝
  排除 演练 | 预案
  部门 水务局
  位置 标题
`);
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({ id: '暴雨积涝', category: 'disaster', level: 'III', department: '水务局', where: 'title' });
    expect(rules[0]?.conditions[0]?.links).toEqual([{ kind: 'near', within: 12, ordered: true }, { kind: 'field' }, { kind: 'sentence' }]);
    expect(rules[0]?.conditions[0]?.groups[1]).toEqual([
      { text: '积水', aligned: false },
      { text: '国道', aligned: true },
    ]);
    expect(rules[0]?.except.map(({ text }) => text)).toEqual(['演练', '预案']);
  });

  it('takes the signs of a Chinese input method', () => {
    const { rules } = compileLexicon('［类别：fraud］\n规则　刷单　IV\n　条件：刷单｜返利 ～８～ 被骗');
    expect(rules[0]?.conditions[0]?.links).toEqual([{ kind: 'near', within: 8, ordered: false }]);
    expect(rules[0]?.department).toBe('公安局');
  });

  it('names every fault with line, column and a hint', () => {
    const faults = faultsOf(`规则 无类别 III
  条件 着火
[类别 天气]
[类别 disaster]
规则 暴雨 五级
  条件 暴雨|| 积水
  条件 暴.*雨 ~200~ 积水
  条件 路 ~4~ 坑
  条件 @某人
  天气 晴
规则 暴雨 IV
词 孤儿
constructor 无`);
    expect(faults.every(({ hint, message }) => hint !== '' && message !== '')).toBe(true);
    expect(new Set(faults.map(({ line }) => line))).toEqual(new Set([1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13]));
    expect(faults.find(({ line }) => line === 7)).toMatchObject({ column: 6, message: '不支持“*”' });
    expect(faults.find(({ line }) => line === 6)?.column).toBe(8);
    expect(faults.find(({ line }) => line === 8)?.message).toContain('单字');
    expect(faults.find(({ line }) => line === 10)).toMatchObject({ column: 3 });
  });

  it('points into the file a fault stands in', () => {
    const source = joinLexicon([
      { name: 'b.txt', text: '[类别 food]\n规则 坏 IV\n  条件 a ~x~ b' },
      { name: 'a.txt', text: '\uFEFF屏蔽 信息爆炸\r\n\r\n' },
    ]);
    expect(faultsOf(source)[0]).toMatchObject({ file: 'b.txt', line: 3, column: 8 });
  });

  it('does not carry a category into the next file', () => {
    const source = joinLexicon([
      { name: 'a.txt', text: '[类别 food]\n规则 甲 IV\n  条件 地沟油' },
      { name: 'b.txt', text: '规则 乙 IV\n  条件 地沟油' },
    ]);
    expect(faultsOf(source)).toMatchObject([{ file: 'b.txt', line: 1 }]);
  });

  it('is bounded', () => {
    expect(places(`# ${'长'.repeat(lexiconLimits.line)}`)[0]).toBe('1:1');
    expect(faultsOf(' '.repeat(lexiconLimits.text + 1))).toHaveLength(1);
    expect(faultsOf('不认识\n'.repeat(5_000))).toHaveLength(100);
    expect(faultsOf(`[类别 food]\n规则 甲 IV\n 条件 ${'词'.repeat(33)}`)).toMatchObject([{ line: 3, column: 5 }]);
  });

  it('says that an empty lexicon has no rules', () => {
    expect(faultsOf('# 空')).toMatchObject([{ message: '没有规则' }]);
  });

  it('gives one text the same digest however its files were listed', () => {
    const files = [
      { name: 'a', text: 'x' },
      { name: 'b', text: 'y' },
    ];
    expect(lexiconDigest(joinLexicon(files))).toBe(lexiconDigest(joinLexicon([...files].reverse())));
  });
});
