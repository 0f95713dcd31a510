import path from 'node:path';
import { categoryIds } from '@guanlan/domain';
import { beforeAll, describe, expect, it } from 'vitest';
import { testExamples } from './check.ts';
import { createJudge, type Judge } from './judge.ts';
import { compileLexicon, type Lexicon } from './lexicon.ts';
import { loadLexiconFolder } from './load.ts';
import { createMatcher } from './matcher.ts';

const folder = path.join(import.meta.dirname, '../../../infra/defaults/lexicon');
let lexicon: Lexicon;
let judge: Judge;

beforeAll(async () => {
  lexicon = compileLexicon((await loadLexiconFolder(folder)).text);
  judge = createJudge(lexicon);
});

const title = (text: string) => judge.assess({ title: text });

describe('every example inside a shipped rule', () => {
  it('comes out as the rule says', () => {
    const { examples, failed } = testExamples(lexicon);
    expect(failed).toEqual([]);
    expect(examples).toBeGreaterThanOrEqual(15);
  });
});

describe('the shipped lexicon', () => {
  it('has rules for all thirteen categories', () => {
    const counts = Map.groupBy(lexicon.rules, (rule) => rule.category);
    for (const id of categoryIds) expect(counts.get(id)?.length ?? 0, id).toBeGreaterThanOrEqual(13);
  });

  it('keeps to public safety, consumers, public services and cyber-security (boundaries 5)', () => {
    const terms = lexicon.rules.flatMap((rule) => [...rule.conditions.flatMap(({ groups }) => groups.flat()), ...rule.except]);
    const outside = createMatcher([
      '上访',
      '信访',
      '请愿',
      '示威',
      '游行',
      '抗议',
      '罢工',
      '罢课',
      '集会',
      '静坐',
      '拉横幅',
      '维稳',
      '异见',
      '宗教',
      '教会',
      '清真',
      '佛教',
      '道教',
      '基督',
      '伊斯兰',
      '回族',
      '维族',
      '藏族',
      '少数民族',
      '法轮',
      '民主运动',
      '书记落马',
      '反腐',
      '双规',
      '政变',
    ]);
    expect(terms.filter(({ text }) => outside.scan(text).count > 0)).toEqual([]);
  });

  it.each([
    ['disaster', '县城突降暴雨，多条街道积水'],
    ['disaster', '邢台市巨鹿县发生3.1级地震'],
    ['accident', '巨鹿县一居民楼天然气爆炸，两人受伤'],
    ['accident', '王虎寨镇一仓库突发大火，消防正在扑救'],
    ['health', '某小学多名学生集体呕吐发热'],
    ['food', '食堂饭菜里吃出蟑螂'],
    ['school', '初中生在宿舍被同学围殴'],
    ['environment', '村边河道黑臭，有人偷排污水'],
    ['traffic', '大客车与货车相撞，三人死亡'],
    ['consumer', '健身房突然关门，会员卡退不了'],
    ['labour-housing', '工地拖欠农民工工资半年'],
    ['fraud', '老人被冒充公安的骗子骗走十万元'],
    ['rumour', '网传巨鹿明天停水三天不实'],
    ['cyber', '县医院系统瘫痪，患者信息泄露'],
    ['public-service', '小区停水三天没人通知'],
  ])('sees %s: %s', (category, text) => {
    const assessment = title(text);
    expect(assessment.level).not.toBe('none');
    expect(assessment.categories).toContain(category);
  });

  it.each([
    '这部电影票房爆炸，男主演技炸裂',
    '县消防队开展火灾扑救演练',
    '唐山大地震四十周年纪念日',
    '巨鹿之战中项羽破釜沉舟',
    '新款手机今日发布，售价两千元起',
    '今天天气晴，适合出门散步',
    '球队3比0取胜，前锋梅开二度',
  ])('lets pass: %s', (text) => {
    expect(title(text).level).toBe('none');
  });

  it('reads a scam that never says so', () => {
    const text = '您好，我是网贷平台客服，您的放款账户被冻结，需要先缴纳保证金解冻，请添加微信号按我说的转账。';
    expect(judge.assess({ text })).toMatchObject({ categories: expect.arrayContaining(['fraud']) });
    expect(judge.assess({ text: '尊敬的会员，周末全场八折，欢迎到店选购，退订回复TD' }).level).toBe('none');
  });

  it('knows the county and its false friends', () => {
    const towns = ['巨鹿镇', '王虎寨镇', '西郭城镇', '阎疃镇', '小吕寨镇', '苏家营镇', '张王疃乡'];
    for (const town of towns) expect(title(`${town}今天赶集`).places, town).toEqual([town]);
    for (const town of ['官亭镇', '堤村乡', '观寨乡']) expect(title(`巨鹿县${town}今天赶集`).places, town).toEqual(['巨鹿县', town]);
    for (const friend of ['上海巨鹿路着火', '巨鹿之战', '巨鹿郡太守']) expect(title(friend).local, friend).toBe(false);
  });
});

describe('a shipped mask', () => {
  it('has something to mask', () => {
    const terms = createMatcher(
      lexicon.rules.flatMap((rule) => rule.conditions.flatMap(({ groups }) => groups.flat().map(({ text }) => text))),
    );
    const idle = lexicon.masks.filter(({ text }) => terms.scan(text).count === 0);
    expect(idle.map(({ text }) => text)).toEqual([]);
  });

  it('never hides an incident told beside it or across its edge', () => {
    const incidents = ['工厂发生爆炸两人受伤', '居民楼起火多人被困', '突发火灾浓烟滚滚', '煤气中毒两人昏迷'];
    for (const { text } of lexicon.masks) {
      for (const incident of incidents) {
        const alone = title(incident).level;
        expect(title(`${incident}，${text}`).level, text).toBe(alone);
        expect(title(`${text}${incident}`).level, text).toBe(alone);
      }
    }
  });

  it.each([
    '厂房突发火灾',
    '居民楼着火了',
    '仓库起火爆炸',
    '发生地震了',
    '化工厂爆炸性气体泄漏爆炸',
    '教学楼坍塌多人被埋',
    '坍塌房屋下多人被埋',
  ])('lets stand: %s', (text) => {
    expect(title(text).level).not.toBe('none');
  });
});

describe('a shipped downgrade', () => {
  it('does not hold back an incident with victims', () => {
    for (const { name, kind, terms } of lexicon.adjustments) {
      if (kind !== 'lower') continue;
      for (const { text } of terms) expect(title(`${text}现场突发火灾，致2人死亡`).level, `${name} ${text}`).not.toBe('none');
    }
  });

  it('holds back what it is for, and says so', () => {
    expect(title('这部火灾题材电影里，男主扑灭大火')).toMatchObject({
      level: 'none',
      suppressed: expect.arrayContaining([expect.objectContaining({ by: '降级：影视游戏' })]),
    });
  });

  it('takes an office that answers a letter for no new complaint, and the letter itself for one', () => {
    const letter = '小区停水三天无人管，找物业推诿，恳请领导解决。';
    const reply = `网友您好：您反映的“${letter}”收悉，现答复如下：经核实，系二次供水设备故障，昨日已恢复供水。`;
    const item = (text: string, sourceKind: string, head = '某小区停水三天无人管') => judge.assess({ title: head, text, sourceKind });
    expect(item(letter, 'individual').level).not.toBe('none');
    expect(item(reply, 'individual').level, 'a complaint that quotes its answer').not.toBe('none');
    expect(item(reply, 'agency')).toMatchObject({
      level: 'none',
      suppressed: expect.arrayContaining([expect.objectContaining({ by: '降级：官方答复' })]),
    });
    expect(item('', 'agency', '关于某小区停水三天问题的回复').level).toBe('none');
    expect(item(`${reply}其间一名居民摔倒骨折送医。`, 'agency').level, 'somebody came to harm').not.toBe('none');
  });

  it('lets the first word of an office on an incident pass, however it is headed', () => {
    const said = (head: string, text: string) => judge.assess({ title: head, text, sourceKind: 'agency' }).level;
    const fire = '11月25日8时许，官亭镇一化工厂发生火灾，消防救援人员赶赴现场处置，造成2人受伤。';
    for (const head of ['情况通报', '【警情通报】', '关于事故情况的通报', '紧急通知', '关于官亭镇一化工厂火灾的情况通报'])
      expect(said(head, fire), head).not.toBe('none');
    expect(said('关于网传某路段塌陷的情况说明', '近日网传该路段塌陷。经核实，网传内容不实。')).not.toBe('none');
    expect(said('县气象台发布暴雨红色预警信号', '预计未来3小时降水量将达100毫米以上。')).not.toBe('none');
    expect(said('关于召开全县工作会议的通知', '会议于11月25日召开。')).toBe('none');
  });
});
