import type { GuanlanError } from '@guanlan/domain';
import { describe, expect, it } from 'vitest';
import type { Fault } from './faults.ts';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

const judgeOf = (body: string, rest = '') => createJudge(compileLexicon(`[类别 accident]\n规则 试 IV\n${body}\n${rest}`));
const levelOf = (body: string, text: string, rest = '') => judgeOf(body, rest).assess({ text }).level;

describe('a word list', () => {
  it('stands for its words wherever it is written, and may hold another', () => {
    const rest = '词表 停供 停水|{电}\n词表 电 停电\n词表 停供 断供\n';
    for (const word of ['停水', '停电', '断供']) expect(levelOf('条件 小区 ~6~ {停供}', `小区${word}了`, rest)).toBe('IV');
    expect(levelOf('条件 小区 ~6~ {停供}|没气', '小区没气了', rest)).toBe('IV');
  });

  it('is refused when unknown or when it holds itself', () => {
    expect(faultsOf('条件 {没有}')).toMatchObject([{ line: 3, column: 4, message: '没有名为“没有”的词表' }]);
    expect(faultsOf('条件 {甲}', '词表 甲 起火|{乙}\n词表 乙 着火|{甲}')[0]?.message).toContain('引用了自己');
  });
});

describe('a figure', () => {
  const raise = '条件 事故\n升级 I 当 死亡|遇难 ≥ 30 人\n升级 II 当 死亡|遇难 ≥ 3 人\n升级 III 当 停水 ≥ 24 小时';
  it.each([
    ['事故造成35人死亡', 'I'],
    ['事故致三十五人遇难', 'I'],
    ['事故死亡人数升至４名', 'II'],
    ['事故，死亡2人，5人受伤', 'IV'],
    ['事故造成数十人遇难', 'II'],
    ['事故后停水两天', 'III'],
    ['事故后停水 36 小时', 'III'],
    ['事故后停水半天', 'IV'],
    ['事故。另一处3人死亡', 'IV'],
  ])('%s is %s', (text, level) => {
    expect(levelOf(raise, text)).toBe(level);
  });

  it('may be required, and what fell short is said', () => {
    const judge = judgeOf('条件 停水\n要求 停水 ≥ 24 小时');
    expect(judge.assess({ text: '停水三天' }).level).toBe('IV');
    expect(judge.assess({ text: '停水两小时' })).toMatchObject({ level: 'none', suppressed: [{ by: '未达到：停水 ≥ 24 小时' }] });
  });
});

describe('the other lines', () => {
  it('ask for counts and density', () => {
    expect(levelOf('条件 骗子\n出现 ≥ 3 次', '骗子，骗子')).toBe('none');
    expect(levelOf('条件 骗子\n出现 ≥ 3 次', '骗子，骗子，骗子')).toBe('IV');
    const thin = `骗子，${'平常的话'.repeat(40)}骗子`;
    expect(levelOf('条件 骗子\n密度 每千字 ≥ 20', thin)).toBe('none');
    expect(levelOf('条件 骗子\n密度 每千字 ≥ 10', thin)).toBe('IV');
    expect(levelOf('条件 骗子\n升级 II 当 出现 ≥ 2 次', '骗子骗子')).toBe('II');
  });

  it('ask for the county, the kind of source, and what must stand nowhere', () => {
    const place = '[地名]\n县 巨鹿县\n';
    expect(levelOf('条件 着火\n地点 本地', '外地着火', place)).toBe('none');
    expect(levelOf('条件 着火\n地点 本地', '巨鹿县着火', place)).toBe('IV');
    expect(levelOf('条件 着火\n升级 II 当 本地', '巨鹿县着火', place)).toBe('II');
    const official = judgeOf('条件 着火\n来源 官方|媒体');
    expect(official.assess({ text: '着火', sourceKind: 'agency' }).level).toBe('IV');
    expect(official.assess({ text: '着火', sourceKind: 'individual' }).level).toBe('none');
    expect(judgeOf('条件 着火\n全文排除 退订').assess({ text: '着火。详情退订' })).toMatchObject({
      level: 'none',
      suppressed: [{ by: '全文排除：退订' }],
    });
    const lowered = judgeOf('条件 着火', '降级 宣传\n词 开展\n来源 官方\n');
    expect(lowered.assess({ text: '开展着火处置', sourceKind: 'agency' }).level).toBe('none');
    expect(lowered.assess({ text: '开展着火处置' }).level).toBe('IV');
  });

  it('weigh title, lead and body', () => {
    const judge = judgeOf('条件 着火\n位置 全文\n权重 标题 0 导语 49 正文 0');
    expect(judge.assess({ title: '着火' }).level).toBe('none');
    expect(judge.assess({ text: '着火' }).score).toBe(100 + 49 + 5);
    expect(judge.assess({ text: `${'平常的话。'.repeat(80)}着火` }).level).toBe('none');
  });

  it.each([
    ['出现 三次', '出现 ≥ 3 次'],
    ['密度 很高', '每千字'],
    ['来源 熟人', '官方'],
    ['权重 标题 90', '0 到 49'],
    ['要求 死亡很多', '死亡|遇难 ≥ 3 人'],
    ['升级 VI 当 着火', '升级 II 当'],
    ['地点 外地', '地点 本地'],
    ['应命中', '写一句'],
    ['条件 停.*水', '没有通配符'],
    ['条件 着火 ~500~ 厂房', '改小'],
    ['条件 微信号:abc_12345', '写事情本身'],
  ])('refuse %s with a hint', (line, hint) => {
    const [fault] = faultsOf(`条件 着火\n${line}`);
    expect(fault).toMatchObject({ line: 4 });
    expect(fault?.hint).toContain(hint);
  });
});

function faultsOf(body: string, rest = ''): Fault[] {
  try {
    judgeOf(body, rest);
    return [];
  } catch (error) {
    return ((error as GuanlanError).details as { errors: Fault[] }).errors;
  }
}
