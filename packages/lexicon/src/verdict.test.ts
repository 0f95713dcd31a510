import path from 'node:path';
import type { Assessment } from '@guanlan/domain';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJudge, type Judge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';
import { loadLexiconFolder } from './load.ts';
import { simplified, traditional } from './traditional.ts';

/** What holds of every verdict of the shipped lexicon, whatever the text and however it is written. */
const folder = path.join(import.meta.dirname, '../../../infra/defaults/lexicon');
let source: string;
let judge: Judge;

beforeAll(async () => {
  source = (await loadLexiconFolder(folder)).text;
  judge = createJudge(compileLexicon(source));
});

const phrase = fc.constantFrom(
  '巨鹿县',
  '王虎寨镇',
  '官亭镇',
  '邢台',
  '巨鹿路',
  '一居民楼',
  '化工厂',
  '学校食堂',
  '小区',
  '突发火灾',
  '发生爆炸',
  '爆炸性新闻',
  '天然气泄漏',
  '停水三天',
  '停电48小时',
  '致3人死亡',
  '十余人受伤',
  '学生集体呕吐',
  '拖欠农民工工资',
  '冒充客服',
  '转账到安全账户',
  '点击链接领取ETC补贴',
  '网传不实',
  '消防演练',
  '电影',
  '周年纪念',
  '河水黑臭',
  '物业不管',
  '投诉无人处理',
  '系统瘫痪',
  '大客车相撞',
  '的',
  '了',
  '，',
  '。',
  '！',
  '；',
  '\n',
  '12345热线',
);
const text = fc.array(phrase, { minLength: 1, maxLength: 14 }).map((phrases) => phrases.join(''));
const item = fc.record({ title: text, text: fc.array(text, { maxLength: 6 }).map((parts) => parts.join('。')) });
const verdict = ({ level, score, categories, local, places, reasons, suppressed }: Assessment) => ({
  ...{ level, score, categories, local, places },
  reasons: reasons.map(({ rule, term, field }) => `${rule} ${term} ${field}`),
  suppressed: suppressed.map(({ rule, by }) => `${rule} ${by}`),
});

const old = new Map(Array.from(simplified, (sign, at) => [sign, traditional.charAt(at)]));
const halves: Record<string, string> = { '，': ',', '！': '!', '；': ';', '。': '｡' };

/** Ways to write the same. Each unit is written so, or as it was. */
const writings: Record<string, (plain: string, choose: () => boolean) => string> = {
  'full width': (plain, choose) => plain.replace(/[!-~]/gu, (sign) => (choose() ? String.fromCharCode(sign.charCodeAt(0) + 0xfee0) : sign)),
  'half-width signs': (plain, choose) => plain.replace(/[，！；。]/gu, (sign) => (choose() ? (halves[sign] ?? sign) : sign)),
  'the other case': (plain, choose) => plain.replace(/[A-Z]/gu, (sign) => (choose() ? sign.toLowerCase() : sign)),
  traditional: (plain, choose) => Array.from(plain, (sign) => (choose() ? (old.get(sign) ?? sign) : sign)).join(''),
  'with signs that show nothing': (plain, choose) => Array.from(plain, (sign) => (choose() ? `${sign}\u200b` : sign)).join(''),
};

describe('every verdict of the shipped lexicon', () => {
  it.each(Object.keys(writings))('is the same when the text is written in %s', (name) => {
    const write = writings[name];
    if (write === undefined) throw new Error('no such writing');
    fc.assert(
      fc.property(item, fc.infiniteStream(fc.boolean()), (plain, choices) => {
        const choose = () => choices.next().value ?? false;
        const written = { title: write(plain.title, choose), text: write(plain.text, choose) };
        expect(verdict(judge.assess(written))).toEqual(verdict(judge.assess(plain)));
      }),
      { numRuns: 300 },
    );
  });

  it('has reasons that slice the text as it was given, whatever is in it', () => {
    const strange = fc
      .array(fc.oneof(phrase, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 20 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.record({ title: strange, text: strange }), (given) => {
        const { reasons, level, score } = judge.assess(given);
        for (const { field, start, end, text: quoted } of reasons) {
          expect(given[field].slice(start, end)).toBe(quoted);
          expect(end).toBeGreaterThan(start);
        }
        expect([level === 'none', score === 0]).toEqual([reasons.length === 0, reasons.length === 0]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same in whatever order the rules stand', () => {
    // The rules of each file, under its section, in any order; and the files in any order.
    const files = source.split(/^(?=#!文件 )/mu);
    const shuffled = fc
      .tuple(...files.map((file) => shuffledRules(file)))
      .chain((mixed) => fc.shuffledSubarray(mixed, { minLength: mixed.length }));
    fc.assert(
      fc.property(shuffled, fc.array(item, { minLength: 20, maxLength: 20 }), (mixed, items) => {
        const other = createJudge(compileLexicon(mixed.join('')));
        for (const one of items) expect(verdict(other.assess(one))).toEqual(verdict(judge.assess(one)));
      }),
      { numRuns: 25 },
    );
  });

  it('is the same when asked twice, and in whatever order texts come', () => {
    fc.assert(
      fc.property(fc.array(item, { minLength: 2, maxLength: 8 }), (items) => {
        const fresh = createJudge(compileLexicon(source));
        const forwards = items.map((one) => fresh.assess(one));
        const backwards = items.toReversed().map((one) => fresh.assess(one));
        expect(backwards.toReversed()).toEqual(forwards);
      }),
      { numRuns: 30 },
    );
  });
});

function shuffledRules(file: string): fc.Arbitrary<string> {
  if (file.includes('[地名]')) return fc.constant(file);
  const blocks = file.split(/^(?=规则 |降级 |加重 )/mu);
  const [head = '', ...rules] = blocks;
  return fc
    .shuffledSubarray(rules, { minLength: rules.length })
    .map((mixed) => `${head}${mixed.map((rule) => `${rule.trimEnd()}\n`).join('')}`);
}
