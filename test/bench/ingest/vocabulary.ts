import { random } from '../../support/texts.ts';

const parts =
  '安保宝北昌长成诚达大德鼎东方丰福富冠光广国海恒弘宏鸿华汇吉佳嘉建金锦京景巨凯康科乐利联隆茂美明铭宁欧鹏普齐启千庆荣融瑞润三森盛胜顺泰腾天同通万旺威伟祥新信兴星旭亚阳益永友宇元远悦云泽正志中众卓';

/** 10,000 distinct company-like names: keywords of a size that an office's watch lists reach. The same for every variant. */
export function keywords(count = 10_000): string[] {
  const next = random(42);
  const pick = () => parts[Math.floor(next() * parts.length)] as string;
  const words = new Set<string>();
  while (words.size < count)
    words.add(pick() + pick() + (next() < 0.6 ? pick() : '') + (next() < 0.5 ? '公司' : next() < 0.5 ? '商贸' : '农业'));
  return [...words];
}

/** The words of incidents, for baselines that have no rules: a hit of one is an alert row. */
export const incidentWords = ['突发火灾', '交通事故', '燃气泄漏', '食堂被曝', '饭菜有异物', '死鱼', '污水直排', '浓烟滚滚', '相撞', '腹泻'];

/** The keywords as rules of the product's own language: a hundred rules of a hundred alternatives, each near a word of trouble. */
export function keywordRules(): string {
  const words = keywords();
  const rules: string[] = ['[类别 消费维权]', ''];
  for (let rule = 0; rule * 100 < words.length; rule += 1) {
    rules.push(`规则 商户名单${rule + 1} IV`, `  条件 ${words.slice(rule * 100, rule * 100 + 100).join('|')} ~20~ 跑路|投诉|退费|欠薪`, '');
  }
  return rules.join('\n');
}
