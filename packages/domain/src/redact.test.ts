import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactionMarks } from './redact.ts';

const { mobile, identity, card, plate, email, door } = redactionMarks;

/** Completes 17 digits to an identity number (GB 11643). Regions and dates below are nobody's. */
function identityOf(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(first17[i]), 0);
  return first17 + '10X98765432'[sum % 11];
}

/** Completes digits to a Luhn number. */
function luhn(first: string): string {
  let sum = 0;
  [...first].reverse().forEach((digit, i) => {
    const value = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
    sum += value > 9 ? value - 9 : value;
  });
  return first + String((10 - (sum % 10)) % 10);
}

const fullWidth = (text: string) => text.replace(/[0-9A-Za-z@]/gu, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));

describe('redact masks', () => {
  it.each([
    ['联系电话13800000000。', `联系电话${mobile}。`],
    ['联系电话１３８００００００００。', `联系电话${mobile}。`],
    ['138 0000 0000或138-0000-0000', `${mobile}或${mobile}`],
    ['138 - 0000 - 0000', mobile],
    ['1 3 8 0 0 0 0 0 0 0 0', mobile],
    ['+86 138 0000 0000，+8613800000000，008613800000000', `${mobile}，${mobile}，${mobile}`],
    ['电话一三八零零零零零零零零，急', `电话${mobile}，急`],
    ['幺三八〇〇〇〇〇〇〇〇', mobile],
    ['一三八 零零零零 零零零零、138零零零零0000', `${mobile}、${mobile}`],
    ['壹叁捌零零零零零零零零', mobile],
    ['abc(at)qq.com、abc [at] mail.example.cn、abc（AT）163点com', `${email}、${email}、${email}`],
    ['abc#qq.com', email],
    ['电话（138）0000-0000', `电话（${mobile}`],
    ['2026 13800000000', `2026 ${mobile}`],
    ['微信同号a13800000000b', `微信同号a${mobile}b`],
    ['元旦前打13800000000元旦后别打', `元旦前打${mobile}元旦后别打`],
    [`身份证${identityOf('13052919900101001')}吧`, `身份证${identity}吧`],
    [identityOf('11010519491231002').toLowerCase(), identity],
    [fullWidth(identityOf('13052919900101001')), identity],
    [identityOf('13052919900101001').replace(/^(.{6})(.{8})/u, '$1 $2 '), identity],
    ['老证号130529900101001', `老证号${identity}`],
    [`卡号${luhn('621700000000000000')}`, `卡号${card}`],
    [`卡号${luhn('622202000000000').replace(/(.{4})(?=.)/gu, '$1 ')}`, `卡号${card}`],
    [`卡号${luhn('400000000000000')}`, `卡号${card}`],
    ['一辆冀A12345逃逸', `一辆${plate}逃逸`],
    ['冀AD12345、冀A12345D、冀a1234学、粤Z1234港', `${plate}、${plate}、${plate}、${plate}`],
    [`车牌${fullWidth('冀E12A45')}`, `车牌${plate}`],
    ['请发至 zhang.san_01@mail.example.com.cn。', `请发至 ${email}。`],
    [fullWidth('abc@qq').concat('．ｃｏｍ'), email],
    ['住3号楼2单元501室', `住${door}`],
    ['住幸福小区3号楼2单元', `住幸福小区${door}`],
    ['建设路12号501室', `建设路${door}`],
    ['三号楼二单元五零一室', door],
    ['12栋1203、A座1801室', `${door}、${door}`],
    ['幸福路12弄5号，甲座1201', `幸福路${door}，${door}`],
    ['12号院5号。三座五零一户', `${door}。${door}`],
    ['住3-2-501室', `住${door}`],
    ['门牌号：12号', door],
  ])('%s', (text, masked) => {
    expect(redact(text).text).toBe(masked);
  });

  it('and counts', () => {
    expect(redact('13800000000 a@b.cn 冀A12345').count).toBe(3);
    expect(redact('没有').count).toBe(0);
  });
});

describe('redact keeps', () => {
  it.each([
    '拨打110、119、120、12345、12315、96110、95588',
    '客服400-123-4567、800 820 8820、4001234567',
    '值班电话0319-4332345、010-88886666、（0319）4332345',
    '2026年11月23日、2026-11-23 2026-11-24、2026.11.23 18:30、20261123183000',
    '投资13800000000元，约15000000000美元',
    '人口1234567，面积12345.67平方米，15000米，1 500 000',
    '时间戳1700000000000',
    `订单号${luhn('622202000000000000')}、快递单号：${luhn('433000000000000')}`,
    '订单20261123000012345678、流水号12345678901234567890123',
    '〔2026〕12号、（2026）冀0529民初1234号、GB 18030-2022、第一百三十八条',
    '统一社会信用代码91130529MA07XXXXX1',
    '身份证号130529199001010010写错了',
    '二〇二六年十一月二十三日、一九九八年、第一百三十八条、一三五七九、十三亿八千万',
    '#巨鹿#话题#2026# news#top',
    'look at that, (at) 巨鹿',
    '三室一厅、3室2厅、两室',
    '英语第三单元、第2单元测验、美元、3元',
    '幸福小区3号楼起火、2号楼2026年建成、一座桥、5户人家、二楼',
    '5号、6号出口，五座9000吨粮仓，3号、4号两天',
    '新SUV2026款、京G1234次、新iPhone17、京ABCDE、粤港澳',
    '@网信办 转发微博@某某发布',
    'https://news.example.cn/2026/11/t20261123_123456.html',
    `https://news.example.cn/p/${luhn('365884197541568')}`,
    '',
  ])('%s', (text) => {
    expect(redact(text)).toEqual({ text, count: 0 });
  });
});

describe('redact', () => {
  const digit = fc.integer({ min: 0, max: 9 }).map(String);
  const digits = (n: number) => fc.array(digit, { minLength: n, maxLength: n }).map((all) => all.join(''));
  const pick = (all: string) => fc.constantFrom(...all);
  const date = fc.tuple(fc.integer({ min: 1900, max: 2025 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }));
  const personal = {
    mobile: fc.tuple(fc.integer({ min: 13, max: 19 }), digits(9)).map(([head, tail]) => `${head}${tail}`),
    identity: fc
      .tuple(fc.constantFrom('130529', '110105', '440300', '659001'), date, digits(3))
      .map(([region, [y, m, d], order]) => identityOf(`${region}${y}${String(m).padStart(2, '0')}${String(d).padStart(2, '0')}${order}`)),
    card: fc
      .tuple(fc.constantFrom('62', '60', '4', '51', '95'), digits(18), fc.integer({ min: 15, max: 18 }))
      .map(([head, tail, n]) => luhn((head + tail).slice(0, n))),
    plate: fc.tuple(pick('京冀粤新藏'), pick('ABCDEFG'), digits(5)).map((parts) => parts.join('')),
    email: fc
      .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9._]{0,15}$/u), fc.constantFrom('qq.com', '163.com', 'mail.example.com.cn'))
      .map(([a, b]) => `${a}@${b}`),
    room: fc
      .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 101, max: 3203 }))
      .map(([a, b, c]) => `${a}号楼${b}单元${c}室`),
  };
  const planted = fc.oneof(...Object.values(personal));
  /** Text that may stand around: anything but what would make the number part of a longer one, or name it an order. */
  const around = fc
    .array(
      fc.constantFrom('联系我', '，', '电话：', '在', '2026年', '，共3人，', '〔', '）', '\n', '😀', 'é', '室', '单元', '〔手机号〕', '：'),
      { maxLength: 6 },
    )
    .map((all) => all.join(''));

  it('removes a planted number whatever stands around it', () => {
    fc.assert(
      fc.property(around, planted, around, (before, number, after) => {
        const { text, count } = redact(`${before}，${number}。${after}`);
        expect(text).not.toContain(number);
        expect(text.startsWith(before.slice(0, 1))).toBe(true);
        expect(count).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });

  it('removes two numbers side by side', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom(' ', '/', '、', '\n', '，'), planted, (a, between, b) => {
        const { text } = redact(`${a}${between}${b}`);
        expect(text).not.toContain(a);
        expect(text).not.toContain(b);
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing more the second time, and never throws', () => {
    const piece = fc.oneof(
      planted,
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[0-9０-９ .-]{0,24}$/u),
      fc.constantFrom('冀A', '室', '号楼', '单元', '门牌号', '@', 'X', '元', '订单', '+', '1', '学', 'D', '.com', '-', '一'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(once.text)).toEqual({ text: once.text, count: 0 });
      }),
      { numRuns: 5_000 },
    );
  });

  it('does not choke on hostile texts', () => {
    for (const text of [
      '1 '.repeat(50_000),
      '1-'.repeat(50_000),
      'a@'.repeat(50_000),
      `${'a.'.repeat(50_000)}@`,
      '1号楼'.repeat(30_000),
      '一'.repeat(100_000).concat('室'),
      '冀A1'.repeat(30_000),
    ]) {
      expect(redact(text).text.length).toBeLessThanOrEqual(text.length);
    }
  });
});
