import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJudge, type Judge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';
import { loadLexiconFolder } from './load.ts';
import { createMatcher } from './matcher.ts';
import { normalise } from './normalise.ts';
import { Reading } from './reading.ts';

/**
 * How much work something is: units of text that are read, and questions asked of a reading (where does a hit start, in which
 * sentence is it, …), of which everything but the scan is made. Counted, so that the answer is the same on every machine.
 */
function workOf(doing: () => unknown): number {
  let work = 0;
  const restore: (() => void)[] = [];
  const count = (owner: object, name: string) => {
    const held = Object.getOwnPropertyDescriptor(owner, name);
    const original = held?.value as (...given: unknown[]) => unknown;
    Object.defineProperty(owner, name, {
      ...held,
      value(this: unknown, ...given: unknown[]) {
        work++;
        return original.apply(this, given);
      },
    });
    restore.push(() => Object.defineProperty(owner, name, held ?? {}));
  };
  count(String.prototype, 'charCodeAt');
  for (const name of ['start', 'end', 'term', 'sentence', 'sentenceStart', 'maskOf', 'isAstride', 'span', 'figureBeside', 'has'])
    count(Reading.prototype, name);
  try {
    doing();
  } finally {
    for (const one of restore) one();
  }
  return work;
}

/** Ten times the text is at most about ten times the work. */
function expectLinear(work: (size: number) => number, size: number): void {
  const [small, large] = [work(size), work(10 * size)];
  expect(small).toBeGreaterThan(0);
  expect(large / small).toBeLessThan(11);
}

describe('no text makes it slow', () => {
  const folder = path.join(import.meta.dirname, '../../../infra/defaults/lexicon');
  let shipped: Judge;
  beforeAll(async () => {
    shipped = createJudge(compileLexicon((await loadLexiconFolder(folder)).text));
  });
  const judgeOf = (rules: string) => createJudge(compileLexicon(`[类别 accident]\n${rules}`));
  const repeated = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  const judging = (judge: Judge, piece: string) => (size: number) => workOf(() => judge.assess({ text: repeated(piece, size) }));

  it('5 MB are scanned and normalised in one pass', () => {
    const matcher = createMatcher(['着火', '爆炸', '停水', '煤气中毒']);
    // Half a million characters are 1.5 MB, five million 15 MB of UTF-8.
    for (const piece of ['今天天气很好，没有什么事情发生。', '着火', '着火爆炸停水煤气中', '着\u200b火', '停*水 停 水']) {
      expectLinear((size) => workOf(() => matcher.scan(repeated(piece, size))), 170_000);
      expectLinear((size) => workOf(() => normalise(repeated(piece, size))), 170_000);
    }
    // And a judge reads no more of it than is ever stored.
    expect(judging(shipped, '巨鹿县一厂房突发火灾。')(5_000_000)).toBe(judging(shipped, '巨鹿县一厂房突发火灾。')(200_000));
  });

  it('a term repeated 100,000 times costs what one pass over it costs', () => {
    const judge = judgeOf('规则 火 III\n 条件 着火|起火\n 位置 全文\n');
    expectLinear(judging(judge, '着火'), 20_000);
    expectLinear(judging(judge, '着火。'), 20_000);
    expectLinear(judging(judge, '着火\n起火，'), 20_000);
    expectLinear(judging(shipped, '着火'), 20_000);
  });

  it('pathological nearness is joined in one pass per group', () => {
    // Every first piece has many second ones in reach and no third: the worst for whoever tries them all.
    const many = (sign: string) => Array.from({ length: 60 }, (_, n) => `${sign}${String.fromCharCode(0x4e00 + n)}`);
    const [first, second] = [many('甲'), many('乙')];
    const judge = judgeOf(`规则 远 III\n 条件 ${first.join('|')} ~100~ ${second.join('|')} ~100~ 丙丁戊\n 位置 全文\n`);
    const teasing = first.flatMap((one, n) => [one, second[n] ?? '']).join('');
    expectLinear((size) => workOf(() => judge.assess({ text: `${repeated(teasing, size - 3)}丙丁戊` })), 20_000);
    expectLinear((size) => workOf(() => judge.explain({ text: repeated(teasing, size) })), 20_000);
    const ordered = judgeOf('规则 序 III\n 条件 甲乙 ~100> 丙丁 ~100> 戊己\n 位置 全文\n');
    expectLinear(judging(ordered, '丙丁甲乙'), 20_000);
    expectLinear(judging(ordered, '甲乙甲乙甲乙丙丁'), 20_000);
  });

  it('masks, downgrades, exceptions, figures and counts met everywhere stay linear', () => {
    const judge = judgeOf(
      `规则 炸 III\n 条件 爆炸|起火 ~100~ 厂房|仓库\n 位置 全文\n 出现 ≥ 3 次\n 密度 每千字 ≥ 1\n 要求 死亡 ≥ 3 人\n 升级 II 当 学校|医院\n 排除 演习\n屏蔽 爆炸性新闻|信息爆炸\n降级 练\n 词 演练\n 除非 受伤\n加重 亡\n 词 死亡\n`,
    );
    for (const piece of ['爆炸性新闻仓库', '仓库爆炸死亡三人学校', '仓库爆炸演练受伤', '仓库爆炸演习。', '信息爆炸爆炸性新闻厂房'])
      expectLinear(judging(judge, piece), 20_000);
  });

  it('texts made to fool a scan stay linear', () => {
    const long = judgeOf(`规则 长 III\n 条件 ${'啊'.repeat(32)}|${'啊'.repeat(31)}哦\n 位置 全文\n`);
    expectLinear(judging(long, '啊'), 20_000);
    for (const piece of ['停*', '停 * ', '\u200b', '\ufffd', '停\u200b\u200b水', '巨鹿', '巨鹿路巨鹿', '死亡3人', '，', '\n'])
      expectLinear(judging(shipped, piece), 20_000);
  });
});

describe('a rule that could make it slow', () => {
  it.each(['起.*火', '起*火', '起?火', '(起|着)+火', '起{1,}火', '[起着]火', '起火$', '\\w+火'])(
    'is refused with a hint: %s',
    (pattern) => {
      const compile = () => compileLexicon(`[类别 accident]\n规则 火 III\n 条件 ${pattern}\n`);
      expect(compile).toThrow(/第 3 行第 \d+ 列：不支持“.”。(?:没有通配符|引用词表)/u);
    },
  );

  it.each(['起火 ~101~ 厂房', '起火 ~9999> 厂房', '起火 ~ 厂房', '起火 ~~ 厂房', '起火 ~*~ 厂房'])(
    'may not reach without end: %s',
    (condition) => {
      const compile = () => compileLexicon(`[类别 accident]\n规则 火 III\n 条件 ${condition}\n`);
      expect(compile).toThrow(/第 3 行第 \d+ 列：(?:相隔 \d+ 字太远，最多 100 字。改小|看不懂|不支持)/u);
    },
  );
});
