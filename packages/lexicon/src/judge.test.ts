import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJudge, type Judged } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

const judgeOf = (rules: string) => createJudge(compileLexicon(rules));
const rule = (body: string, head = '规则 试 III') => `[类别 accident]\n${head}\n${body}\n`;
const fires = (rules: string, item: Judged) => judgeOf(rules).assess(item).level !== 'none';

describe('a condition', () => {
  it('joins by nearness in either order, or in the order written', () => {
    const near = rule('条件 燃气|煤气 ~3~ 泄漏');
    expect(fires(near, { title: '燃气管道泄漏' })).toBe(true);
    expect(fires(near, { title: '泄漏的是煤气' })).toBe(true);
    expect(fires(near, { title: '燃气公司说没有泄漏' })).toBe(false);
    const ordered = rule('条件 燃气 ~3> 泄漏');
    expect(fires(ordered, { title: '燃气管道泄漏' })).toBe(true);
    expect(fires(ordered, { title: '泄漏燃气' })).toBe(false);
  });

  it('joins within a sentence by a blank and within the text by a plus', () => {
    const text = '昨夜停水。物业没说。';
    expect(fires(rule('条件 停水 物业'), { text })).toBe(false);
    expect(fires(rule('条件 停水 + 物业'), { text })).toBe(true);
    expect(fires(rule('条件 停水 物业'), { text: '昨夜停水，物业没说' })).toBe(true);
  });

  it('needs different places for different groups', () => {
    expect(fires(rule('条件 火灾 ~8~ 火灾|着火'), { title: '火灾' })).toBe(false);
    expect(fires(rule('条件 火灾 ~8~ 火灾|着火'), { title: '火灾又火灾' })).toBe(true);
  });

  it('follows a chain over several groups, going back where the first try fails', () => {
    const chain = rule('条件 学校 ~4~ 食堂 ~4~ 发霉');
    expect(fires(chain, { title: '食堂旁一条长长的街，学校食堂菜发霉' })).toBe(true);
    expect(fires(chain, { title: '学校食堂很好，长长的街那边有发霉' })).toBe(false);
  });

  it('is held back by an exception in its sentence only', () => {
    const rules = rule('条件 溺水\n排除 防溺水');
    expect(judgeOf(rules).assess({ title: '开展防溺水教育' })).toMatchObject({
      level: 'none',
      suppressed: [{ rule: '试', by: '排除：防溺水' }],
    });
    expect(fires(rules, { text: '学校讲了防溺水。下午有人溺水。' })).toBe(true);
  });

  it('asks the segmenter where its term says so', () => {
    expect(fires(rule('条件 国道^ ~8~ 坑洼'), { title: '中国道路坑洼' })).toBe(false);
    expect(fires(rule('条件 国道 ~8~ 坑洼'), { title: '中国道路坑洼' })).toBe(true);
    expect(fires(rule('条件 国道^ ~8~ 坑洼'), { title: '村口国道坑洼' })).toBe(true);
    const both = `${rule('条件 国道^ ~8~ 坑洼', '规则 甲 III')}${rule('条件 国道 ~8~ 坑洼', '规则 乙 III')}`;
    expect(
      judgeOf(both)
        .assess({ title: '中国道路坑洼' })
        .reasons.map((reason) => reason.rule),
    ).toEqual(['乙', '乙']);
  });
});

describe('masks and adjustments', () => {
  it('a downgrade of the whole item holds wherever its words stand, unless something anywhere contradicts it', () => {
    const rules = '规则 水 IV\n 条件 停水\n降级 答复\n 位置 全文\n 来源 官方\n 词 答复如下\n 除非 受伤\n';
    const whole = createJudge(compileLexicon(`[类别 accident]\n${rules}`));
    const of = (text: string, sourceKind = 'agency') => whole.assess({ title: '小区停水', text, sourceKind });
    expect(of('停水一事，处理很慢。现答复如下。已恢复供水。')).toMatchObject({
      level: 'none',
      suppressed: [{ rule: '水', by: '降级：答复', text: '答复如下' }],
    });
    expect(of('停水一事。现答复如下。有人受伤。').level).toBe('IV');
    expect(of('停水一事。现答复如下。', 'individual').level).toBe('IV');
    const wrong = () => compileLexicon(`[类别 accident]\n${rules}加重 急\n 词 急\n 位置 全文\n`);
    expect(wrong).toThrow(/位置 全文/u);
  });

  const rules = `${rule('条件 爆炸|起火|着火|火爆现场')}
屏蔽 信息爆炸|火爆
降级 演练
  词 演练|演习
  除非 受伤
加重 有人死亡
  词 死亡|身亡
`;

  it('void only the hits that lie wholly inside a mask', () => {
    const judge = judgeOf(rules);
    expect(judge.assess({ title: '信息爆炸的时代' })).toMatchObject({
      level: 'none',
      suppressed: [{ rule: '试', by: '屏蔽：信息爆炸', text: '信息爆炸' }],
    });
    expect(judge.assess({ title: '信息爆炸的时代，隔壁真的爆炸' })).toMatchObject({ level: 'III', suppressed: [] });
    expect(judge.assess({ title: '仓库起火爆炸' }).reasons.map(({ text }) => text)).toEqual(['起火']);
    expect(judge.assess({ title: '火爆现场' }).level).toBe('III');
  });

  it('lower to none, unless something says that it was real', () => {
    const judge = judgeOf(rules);
    expect(judge.assess({ title: '消防演练模拟着火' })).toMatchObject({
      level: 'none',
      score: 0,
      suppressed: [{ by: '降级：演练', text: '演练' }],
    });
    expect(judge.assess({ title: '消防演练着火两人受伤' }).level).toBe('III');
    expect(judge.assess({ title: '消防演练', text: '现场着火。' }).level).toBe('none');
    expect(judge.assess({ text: '昨天有演练。今天着火了。' }).level).toBe('III');
  });

  it('raise the level', () => {
    const judge = judgeOf(rules);
    expect(judge.assess({ title: '民房着火' }).level).toBe('III');
    expect(judge.assess({ title: '民房着火一人死亡' }).level).toBe('II');
    expect(judge.assess({ title: '民房着火一人死亡' }).score).toBeGreaterThan(judge.assess({ title: '民房着火' }).score);
  });
});

describe('title, lead and body', () => {
  const rules = rule('条件 着火');
  const far = '很长的话，'.repeat(60);

  it('trusts a title, and a lead that the title echoes or that stands alone', () => {
    expect(fires(rules, { title: '民房着火', text: far })).toBe(true);
    expect(fires(rules, { text: '昨夜民房着火。' })).toBe(true);
    expect(fires(rules, { title: '一周要闻', text: '昨夜民房着火。' })).toBe(false);
  });

  it('asks the rest of a text for density', () => {
    expect(fires(rules, { text: `${far}。有一次着火。` })).toBe(false);
    expect(fires(rules, { text: `${far}。有一次着火。又一次着火。` })).toBe(true);
    expect(fires(rule('条件 着火\n位置 全文'), { text: `${far}。有一次着火。` })).toBe(true);
    expect(fires(rule('条件 着火\n位置 标题'), { title: '要闻', text: '着火。着火。着火。' })).toBe(false);
  });
});

describe('places', () => {
  const judge = judgeOf(`${rule('条件 着火')}
[地名]
县 巨鹿县|巨鹿
地名 王虎寨镇|王虎寨
存疑 官亭镇|官亭
旁证 邢台
异地 合肥
假地名 巨鹿路|巨鹿之战
`);

  it('are named once each, and false friends are none', () => {
    expect(judge.assess({ title: '巨鹿县王虎寨着火' })).toMatchObject({ local: true, places: ['巨鹿县', '王虎寨镇'] });
    expect(judge.assess({ title: '上海巨鹿路着火' })).toMatchObject({ level: 'III', local: false, places: [] });
    expect(judge.assess({ title: '巨鹿路在上海', text: '但巨鹿也着火' }).places).toEqual(['巨鹿县']);
  });

  it('need a witness where the name is not sure', () => {
    expect(judge.assess({ title: '官亭镇着火' }).local).toBe(false);
    expect(judge.assess({ title: '邢台官亭镇着火' }).places).toEqual(['官亭镇']);
    expect(judge.assess({ title: '官亭镇着火', text: '巨鹿县消防到场' }).places).toEqual(['巨鹿县', '官亭镇']);
    expect(judge.assess({ title: '合肥官亭镇着火，邢台支援' }).local).toBe(false);
  });

  it('are found where no rule fires', () => {
    expect(judge.assess({ text: '巨鹿县今天晴' })).toMatchObject({ level: 'none', local: true });
  });
});

describe('whatever the text', () => {
  const blocks = [
    rule('条件 着火|起火 ~6~ 厂|房', '规则 火 III'),
    rule('条件 爆炸\n排除 演习', '规则 炸 II'),
    rule('条件 停水 小区', '规则 水 IV').replace('accident', 'public-service'),
    rule('条件 etc|ETC停用', '规则 卡 IV').replace('accident', 'fraud'),
    '屏蔽 信息爆炸\n',
    '降级 片\n词 电影\n',
    '加重 亡\n词 死\n',
  ];
  const piece = fc.constantFrom(
    '着火',
    '起火',
    '厂',
    '房',
    '爆炸',
    '信息',
    '演习',
    '停水',
    '小区',
    'ETC',
    'ｅｔｃ',
    '停用',
    '电影',
    '死',
    '。',
    '，',
    '\u200b',
    '𠮷',
    '的',
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const item = fc.record({ title: text, text });
  const judge = judgeOf(blocks.join(''));

  it('reasons are exact slices of the original', () => {
    fc.assert(
      fc.property(item, (one) => {
        const assessment = judge.assess(one);
        for (const { field, start, end, text: quoted } of assessment.reasons) {
          expect(one[field].slice(start, end)).toBe(quoted);
          expect(quoted.length).toBeGreaterThan(0);
        }
        expect(assessment.level === 'none').toBe(assessment.reasons.length === 0);
        expect(assessment.level === 'none').toBe(assessment.score === 0);
      }),
    );
  });

  it('the order of the rules changes nothing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(blocks, { minLength: blocks.length }), item, (shuffled, one) => {
        expect(judgeOf(shuffled.join('')).assess(one)).toEqual(judge.assess(one));
      }),
      { numRuns: 60 },
    );
  });

  it('width, case and invisible signs change no verdict', () => {
    const dress = (plain: string) =>
      [...plain.replaceAll('厂', '廠').replaceAll('电', '電').replaceAll('习', '習')]
        .map((sign) => (/[a-z]/iu.test(sign) ? String.fromCharCode(sign.toUpperCase().charCodeAt(0) + 0xfee0) : `${sign}\u200b`))
        .join('');
    fc.assert(
      fc.property(item, (one) => {
        const plain = judge.assess({ title: one.title.replaceAll('\u200b', ''), text: one.text.replaceAll('\u200b', '') });
        const dressed = judge.assess({ title: dress(one.title), text: dress(one.text) });
        expect(dressed.level).toBe(plain.level);
        expect(dressed.score).toBe(plain.score);
        expect(dressed.categories).toEqual(plain.categories);
        expect(dressed.reasons.map(({ rule: id, term }) => `${id} ${term}`)).toEqual(
          plain.reasons.map(({ rule: id, term }) => `${id} ${term}`),
        );
      }),
    );
  });

  it('signs and blanks inside a word change no verdict', () => {
    const mark = fc.constantFrom(' ', '*', '.', '·', '- ', '　');
    fc.assert(
      fc.property(item, mark, (one, sign) => {
        const plain = one.text.replaceAll('\u200b', '');
        const spread = plain.replace(/(着|起|停)(火|水)/gu, `$1${sign}$2`).replace('爆炸', `爆${sign}炸`);
        const [a, b] = [judge.assess({ text: plain }), judge.assess({ text: spread })];
        expect([b.level, b.score, b.categories]).toEqual([a.level, a.score, a.categories]);
        for (const { start, end, text: quoted } of b.reasons) expect(spread.slice(start, end)).toBe(quoted);
      }),
    );
  });

  it('bounds what it keeps of a text that repeats', () => {
    const assessment = judge.assess({ text: '厂房着火爆炸。'.repeat(100_000) });
    expect(assessment.level).toBe('II');
    expect(assessment.reasons.length).toBeLessThanOrEqual(20);
    const one = judge.assess({ text: '着火'.repeat(2_500_000) });
    expect(one.level).toBe('none');
  });
});
