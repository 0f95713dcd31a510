/** What a title is told apart by. */
export interface TitleParticulars {
  /** Chinese numerals before a counter included; years are left out. */
  numbers: string[];
  /** Two characters and the kind, as `青河县`. */
  places: string[];
  /** Who is spoken of or speaks, before a colon: `某公司：预计…`; null without one. */
  subject: string | null;
  /** It lists several stories: `甲；乙；丙`, `晚报｜甲；乙`. */
  digest: boolean;
}

/** What a report is told apart by: its numbers and its days. */
export interface Particulars {
  /** In the title and the beginning of the text. */
  numbers: string[];
  /** In the title and the text. */
  allNumbers: string[];
  /** Days of the month, as written in the title or the beginning of the text. */
  days: string[];
}

/** Where a report says what happened, in UTF-16 units. */
const leadLength = 400;

/** @param title with the marks of its house, which say what a digest is. */
export function titleParticularsOf(title: string, bare: string): TitleParticulars {
  const narrowTitle = narrow(bare);
  return {
    numbers: numbersOf(narrowTitle),
    places: unique(Array.from(narrowTitle.matchAll(place), (match) => match[0])),
    subject: /^[^：:，。！？；;\s]{2,12}(?=[：:])/u.exec(narrowTitle)?.[0] ?? null,
    digest: (title.match(/[；;]/gu)?.length ?? 0) >= (/^[^｜|丨；;]{1,10}[｜|丨]/u.test(title) ? 1 : 2),
  };
}

export function particularsOf(title: string, text: string): Particulars {
  const narrowTitle = narrow(title);
  const narrowText = narrow(text);
  const narrowLead = narrowText.slice(0, leadLength);
  const titleNumbers = numbersOf(narrowTitle);
  return {
    numbers: unique([...titleNumbers, ...numbersOf(narrowLead)]),
    allNumbers: unique([...titleNumbers, ...numbersOf(narrowText)]),
    days: unique([...daysOf(narrowTitle), ...daysOf(narrowLead)]),
  };
}

/** Each list has something the other lacks. One being a part of the other is no contradiction: a report may say more. */
export function contradict(a: readonly string[], b: readonly string[]): boolean {
  return a.some((x) => !b.includes(x)) && b.some((x) => !a.includes(x));
}

/** Both name something and nothing in common. */
export function disjoint(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && b.length > 0 && !a.some((x) => b.includes(x));
}

/** They name other counties, or other townships, or other villages: two townships of one county are two places. */
export function elsewhere(a: readonly string[], b: readonly string[]): boolean {
  return tiers.some((tier) => {
    const ofTier = (name: string) => tier.includes(name.slice(-1));
    return disjoint(a.filter(ofTier), b.filter(ofTier));
  });
}

const tiers = ['县市区', '镇乡', '村'] as const;

/** The better of the two shares of one's first numbers that stand anywhere in the other; null when either has fewer than `least` of them. */
export function numbersAgree(a: Particulars, b: Particulars, least: number): number | null {
  if (Math.min(a.numbers.length, b.numbers.length) < least) return null;
  const share = (few: Particulars, all: Particulars) => few.numbers.filter((x) => all.allNumbers.includes(x)).length / few.numbers.length;
  return Math.max(share(a, b), share(b, a));
}

const number = /\d+(?:,\d{3})*(?:\.\d+)?/gu;
const counted = /[一二两三四五六七八九十百千]+(?=[人名死伤起例级号期点倍成天日月轮批次连个条家所辆户])/gu;
const day = /(?<!\d)(\d{1,2})日(?!均)/gu;
const place = /[\u4e00-\u9fff]{2}[县市区镇乡村](?![\u4e00-\u9fff]?(?:场|域|间|民|委会))/gu;

function numbersOf(text: string): string[] {
  const plain = Array.from(text.matchAll(number), (match) => Number(match[0].replaceAll(',', ''))).filter((n) => !(n >= 1990 && n <= 2100));
  const chinese = Array.from(text.matchAll(counted), (match) => chineseNumber(match[0]));
  return unique([...plain, ...chinese].map(String));
}

function daysOf(text: string): string[] {
  return Array.from(text.matchAll(day), (match) => String(Number(match[1])));
}

function chineseNumber(word: string): number {
  let total = 0;
  let digit = 0;
  for (const character of word) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (unit === undefined) digit = character === '两' ? 2 : '一二三四五六七八九'.indexOf(character) + 1;
    else {
      total += (digit || 1) * unit;
      digit = 0;
    }
  }
  return total + digit;
}

function narrow(text: string): string {
  return text.replace(/[０-９．，％]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
