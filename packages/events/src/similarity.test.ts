import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bareTitle, gistOf } from './gist.ts';
import { compare } from './similarity.ts';

const day = 24 * 3_600_000;
const gist = (title: string, text = '', at: number | null = 0) => gistOf({ title, text, at });

const story =
  '本报讯（记者）11月20日晚8时许，青河县柳林镇一家具厂仓库起火，消防救援人员出动6辆消防车、32名队员，经过3个小时扑救将明火扑灭。' +
  '事故造成2人受伤，已送县医院治疗，生命体征平稳。起火面积约400平方米，周边56户居民已安全转移，起火原因正在调查之中。' +
  '县应急管理局已派出工作组赶赴现场，环保部门对周边空气和水质进行监测，监测结果未见异常，将及时向社会公布有关情况。';

describe('one happening', () => {
  test('a headline with something put in, left out, or a house mark before it', () => {
    expect(compare(gist('青河县一家具厂仓库突发火灾'), gist('快讯｜青河县一家具厂仓库突发火灾')).same).toBe(true);
    expect(compare(gist('河西拒绝加入联合体'), gist('河西拒绝加入所谓联合体')).same).toBe(true);
  });

  test('a copied text under another headline', () => {
    expect(compare(gist('柳林镇仓库大火扑灭', story), gist('青河一工厂昨夜起火2人伤', `编者按：${story}`, day)).same).toBe(true);
  });

  test('a flash whose headline stands in the long report', () => {
    const flash = gist('青河柳林镇家具厂仓库起火', '青河县柳林镇一家具厂仓库起火，2人受伤。');
    expect(compare(flash, gist('家具厂仓库起火 青河派出工作组', story)).same).toBe(true);
  });
});

describe('kept apart', () => {
  const apart = (a: ReturnType<typeof gist>, b: ReturnType<typeof gist>) => compare(a, b).apart;

  test('daily results and market closes', () => {
    expect(apart(gist('双色球第2026101期开奖结果公告'), gist('双色球第2026102期开奖结果公告'))).toBe('title-number');
    expect(apart(gist('国内成品油批发价格28日收盘上涨'), gist('国内成品油批发价格27日收盘上涨'))).toBe('title-number');
    expect(apart(gist('青河两车相撞事故造成三人死亡'), gist('青河两车相撞事故造成五人死亡'))).toBe('title-number');
  });

  test('one form filled in for another company', () => {
    expect(apart(gist('青河机械股份有限公司提交上市申请书'), gist('北塘医药股份有限公司提交上市申请书'))).toBe('title-frame');
  });

  test('what is said of another body before a colon', () => {
    const risk = '预计2025年度期末净资产为负值，公司股票交易可能被实施退市风险警示';
    expect(apart(gist(`青河科技：${risk}`), gist(`北塘环境：${risk}`))).toBe('title-frame');
    expect(compare(gist(`青河科技：${risk}`), gist(`青河科技：${risk}，今日停牌`)).same).toBe(true);
  });

  test('a digest and the stories it lists', () => {
    const flash = gist('柳林镇家具厂仓库起火', story.slice(0, 130));
    const others =
      '文化广场秧歌比赛昨日开幕，十二支队伍参加了今年的角逐，最年长的队员已经七十八岁，主办方为观众准备了热茶和座椅，比赛将持续到周末。' +
      '县医院新门诊楼投入使用，设床位三百张，配有自助挂号机和无障碍通道，原门诊楼将改为康复中心，公交五路和九路可以直接到达。';
    const digest = gist('晚报｜柳林镇家具厂仓库起火；文化广场秧歌比赛开幕；县医院新楼启用', `${story}${others}`);
    expect(apart(flash, digest)).toBe('digest');
    expect(compare(digest, digest).same).toBe(true);
  });

  test('the same warning for another county, and of another day, with its long advice', () => {
    const advice = story.replaceAll(/\d/gu, '').slice(60);
    const warning = (county: string, on: number) =>
      gist(`${county}气象台发布大风蓝色预警信号`, `${county}气象台11月${on}日8时发布大风蓝色预警信号。${advice}`, on * day);
    expect(compare(warning('青河县', 20), warning('青河县', 20)).same).toBe(true);
    expect(apart(warning('青河县', 20), warning('北塘县', 20))).toBe('place');
    // Two townships of one county.
    expect(apart(warning('青河县东庄镇', 20), warning('青河县西坡乡', 20))).toBe('place');
    expect(apart(warning('青河县', 20), warning('青河县', 21))).toBe('days');
  });

  test('what lies more than a week apart', () => {
    expect(apart(gist('仓库起火', story), gist('仓库起火', story, 8 * day))).toBe('time');
    expect(compare(gist('仓库起火', story, null), gist('仓库起火', story, 8 * day)).same).toBe(true);
  });

  test('short messages of one form without titles', () => {
    expect(compare(gist('', '快递甲已到达，请携带有效证件前往驿站领取'), gist('', '快递乙到了，请携带有效证件来门卫取')).same).toBe(false);
  });
});

test('a title loses its marks, but not itself', () => {
  expect(bareTitle('08版 -  某铁路隧道建设取得进展')).toBe('某铁路隧道建设取得进展');
  expect(bareTitle('某社权威快报丨近七亿人次创新高')).toBe('近七亿人次创新高');
  expect(bareTitle('山里的冰雪童话故事 - January 25, 2026')).toBe('山里的冰雪童话故事');
  expect(bareTitle('财经｜快讯')).toBe('财经｜快讯');
});

test('the order of the two makes no difference, and an item is the same as itself', () => {
  const words = fc.array(fc.constantFrom('青河', '县', '起火', '3人', '29日', '死亡', '，', '市场', '公司', '一', '预警', 'ABC', '｜'), {
    maxLength: 14,
  });
  const item = fc.record({
    title: words.map((w) => w.join('')),
    text: words.map((w) => w.join('')),
    at: fc.option(fc.integer({ min: 0, max: 9 * day })),
  });
  fc.assert(
    fc.property(item, item, (x, y) => {
      const [a, b] = [gistOf(x), gistOf(y)];
      expect(compare(a, b)).toEqual(compare(b, a));
      const { score } = compare(a, b);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      if (a.titlePairs.length > 0 || a.fives.length > 0) expect(compare(a, a).same).toBe(true);
    }),
    { numRuns: 500 },
  );
});
