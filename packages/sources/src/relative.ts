import { addMonths, calendarOf, dayAt, dayMs, numeral, startsWithTime, yearOfText } from './day.ts';

/** A way to name a day by another: 三小时前, 昨晚8点, 上周三. */
interface Form {
  pattern: RegExp;
  /**
   * Whether it dates a publication: `yes`; `alone` when nothing but a time of day follows; `timed` when a time of day does; `no`
   * for what is said of the future or in running text only.
   */
  dates: 'yes' | 'alone' | 'timed' | 'no';
  read(match: RegExpExecArray, now: Date, rest: string): Date | null;
}

/**
 * The first relative date in `text`, which has simplified characters.
 *
 * @param published only what dates a publication
 */
export function readRelative(text: string, now: Date, published: boolean): Date | null {
  for (const forms of published ? [near] : [near, far]) {
    let best: Date | null = null;
    let at = Number.POSITIVE_INFINITY;
    for (const { pattern, dates, read } of forms) {
      if (published && dates === 'no') continue;
      const match = pattern.exec(text);
      if (match === null || match.index >= at) continue;
      const rest = text.slice(match.index + match[0].length);
      if (published && dates !== 'yes' && !ends(rest, dates === 'timed')) continue;
      const date = read(match, now, rest);
      if (date === null) continue;
      best = date;
      at = match.index;
    }
    if (best !== null) return best;
  }
  return null;
}

/** Whether a word that names a day stands for the date and does not begin a sentence (今日头条, 昨天我县…). */
function ends(rest: string, timed: boolean): boolean {
  return startsWithTime(rest) || (!timed && !/^\s{0,2}[\p{Script=Han}\w]/u.test(rest));
}

const count = String.raw`\d{1,4}(?:\.5)?|半|[几数]?十?[几]|[一二两三四五六七八九十百]{1,4}|几十|数`;
const unit = '秒钟?|分钟|分|刻钟|个?小时|个?钟头|个?钟|天|日|个?星期|个?礼拜|周|个?月|年';
const span = String.raw`(?:${count})\s?个?半?(?:${unit})半?`;
const spanForm = new RegExp(String.raw`(${count})\s?个?(半)?(${unit})(半)?`, 'gu');
const direction = '(之?前|以前|之?后|以后|之?内|以内)';
const weekday = '(?:星期|周|礼拜)([一二三四五六日天])';

/** The earliest in the text counts; where two begin at one place, the one that stands first here. */
const near: readonly Form[] = [
  { pattern: /刚刚|刚才/u, dates: 'yes', read: (_, now) => new Date(now) },
  {
    pattern: new RegExp(String.raw`(?<![\d.年月])(?:过去)?(${span}(?:零?${span}){0,2})\s*(?:之|以)?前(?![天日晚])`, 'u'),
    dates: 'yes',
    read: (match, now) => shifted(match[1] ?? '', now, -1),
  },
  {
    pattern: new RegExp(String.raw`(?<![\d.])(${span}(?:零?${span}){0,2})\s*${direction}(?![天日晚])`, 'u'),
    dates: 'no',
    read: (match, now) => shifted(match[1] ?? '', now, match[2]?.endsWith('前') ? -1 : 1),
  },
  { pattern: /大前([天日晚])/u, dates: 'alone', read: (match, now, rest) => near3(match, now, rest, -3) },
  { pattern: /(?<!大|目|之|以|年|月|日|天|时|点)前([天日晚])/u, dates: 'alone', read: (match, now, rest) => near3(match, now, rest, -2) },
  { pattern: /昨([天日晚夜早晨])/u, dates: 'alone', read: (match, now, rest) => near3(match, now, rest, -1) },
  { pattern: /今([天日晚夜早晨])/u, dates: 'alone', read: (match, now, rest) => near3(match, now, rest, 0) },
  { pattern: /明([天日晚早晨])/u, dates: 'no', read: (match, now, rest) => near3(match, now, rest, 1) },
  { pattern: /大后([天日晚早])/u, dates: 'no', read: (match, now, rest) => near3(match, now, rest, 3) },
  { pattern: /(?<![大之以然最今随])后([天日晚早])/u, dates: 'no', read: (match, now, rest) => near3(match, now, rest, 2) },
  {
    pattern: new RegExp(`(上{1,2})一?个?(?:(?:周|星期)的?)?${weekday}`, 'u'),
    dates: 'alone',
    read: (match, now, rest) => onWeekday(now, -(match[1]?.length ?? 0), match[2], rest),
  },
  {
    pattern: new RegExp(`(?:这个?|本)${weekday}`, 'u'),
    dates: 'no',
    read: (match, now, rest) => onWeekday(now, 0, match[1], rest),
  },
  {
    pattern: new RegExp(`(下{1,2})一?个?(?:(?:周|星期)的?)?${weekday}`, 'u'),
    dates: 'no',
    read: (match, now, rest) => onWeekday(now, match[1]?.length ?? 0, match[2], rest),
  },
  {
    pattern: new RegExp(`(?<![上下这本每个一二两三四五六七八九十数几0-9])${weekday}`, 'u'),
    dates: 'timed',
    read: (match, now, rest) => onWeekday(now, null, match[1], rest),
  },
  {
    pattern: /(前|去|今|本|明|后)年\s*(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份|(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?)?/u,
    dates: 'alone',
    read: (match, now, rest) =>
      dayAt(
        calendarOf(now).year + (years[match[1] ?? ''] ?? 0),
        numeral(match[2] ?? ''),
        match[3] === undefined ? 1 : numeral(match[3]),
        rest,
      ),
  },
  {
    pattern: /(上上|上|这|本|下下|下)一?个?月(?:份)?的?(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]/u,
    dates: 'alone',
    read: (match, now, rest) => {
      const month = calendarOf(addMonths(now, months[match[1] ?? ''] ?? 0));
      return dayAt(month.year, month.month, numeral(match[2] ?? ''), rest);
    },
  },
  {
    pattern:
      /(?<![\d.:第-])(?:(0?[1-9]|1[0-2])(?:\s*月\s*|[-/](?=\d{1,2}[日号]))([12]\d|3[01]|0?[1-9])\s*[日号]?|(0[1-9]|1[0-2])[-/.]([12]\d|3[01]|0[1-9])(?![\d.%-]|\s?[期届章节条款页号])|([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号])/u,
    dates: 'yes',
    read: (match, now, rest) =>
      latest(now, rest, numeral(match[1] ?? match[3] ?? match[5] ?? ''), numeral(match[2] ?? match[4] ?? match[6] ?? '')),
  },
];

/** What counts only where there is none of the others. */
const far: readonly Form[] = [
  {
    pattern: /(?<!\d)((?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})\s*年\s*(1[0-2]|0?[1-9]|[一二三四五六七八九]|十[一二]?)\s*月/u,
    dates: 'no',
    read: (match) => dayAt(yearOfText(match[1] ?? ''), numeral(match[2] ?? ''), 1, ''),
  },
  {
    pattern:
      /(?<![\d.第月年])([12]\d|3[01]|0?[1-9]|[一二三四五六七八九]|二?十[一二三四五六七八九]?|三十一?)[日号](?![楼线院门厅馆机位常子令])/u,
    dates: 'no',
    read: (match, now, rest) => lastDay(now, rest, numeral(match[1] ?? '')),
  },
  {
    pattern:
      /(?<![\d.:：])(?:凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|晚|深夜)?\s?(?:[\d一二两三四五六七八九十]{1,3}[时点](?!前|后|内|建议|评|播)|\d{1,2}[:：][0-5]\d(?!\d)|\d{1,2}\s?[ap]m\b)/iu,
    dates: 'no',
    read: (match, now, rest) => {
      const { year, month, day } = calendarOf(now);
      return startsWithTime(match[0] + rest) ? dayAt(year, month, day, match[0] + rest) : null;
    },
  },
  { pattern: /现在|目前|此刻/u, dates: 'no', read: (_, now) => new Date(now) },
];

const years: Record<string, number> = { 前: -2, 去: -1, 今: 0, 本: 0, 明: 1, 后: 2 };
const months: Record<string, number> = { 上上: -2, 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };

/** 三天, 1年2个月, 两个半小时 away from now. */
function shifted(spans: string, now: Date, sign: 1 | -1): Date {
  let at = new Date(now);
  for (const [, amount = '', inner, name = '', half = inner] of spans.matchAll(spanForm)) {
    const value = (amount === '半' ? 0.5 : amount.includes('.') ? Number(amount) : hundreds(amount)) + (half === undefined ? 0 : 0.5);
    const key = name.replace('个', '').slice(0, 1);
    if (key === '月' || key === '年') at = addMonths(at, sign * Math.round(value * (key === '年' ? 12 : 1)));
    else at = new Date(at.getTime() + sign * value * (unitMs[key] ?? 0));
  }
  return at;
}

const unitMs: Record<string, number> = {
  秒: 1_000,
  分: 60_000,
  刻: 15 * 60_000,
  小: 3_600_000,
  钟: 3_600_000,
  天: dayMs,
  日: dayMs,
  星: 7 * dayMs,
  礼: 7 * dayMs,
  周: 7 * dayMs,
};

function hundreds(text: string): number {
  const at = text.indexOf('百');
  return at < 0 ? numeral(text) : numeral(text.slice(0, at) || '一') * 100 + numeral(text.slice(at + 1).replace('零', ''));
}

/** So many days from today, at the time that follows; 晚 and 早 in the word itself belong to it. */
function near3(match: RegExpExecArray, now: Date, rest: string, days: number): Date | null {
  const { year, month, day } = calendarOf(new Date(now.getTime() + days * dayMs));
  const half = /[晚夜早晨]/u.exec(match[1] ?? '')?.[0].replace('晨', '早') ?? '';
  // 昨晚上8点 names its half of the day twice.
  return dayAt(year, month, day, half + rest.replace(/^(?:上|间|里)/u, '').trimStart());
}

/** A weekday of the week that is `weeks` from this one, which begins on Monday; null: the nearest such day. */
function onWeekday(now: Date, weeks: number | null, name: string | undefined, rest: string): Date | null {
  const wanted = '一二三四五六日'.indexOf(name === '天' ? '日' : (name ?? '')) + 1;
  const days = wanted - calendarOf(now).weekday;
  const away = weeks === null ? (days > 3 ? days - 7 : days < -3 ? days + 7 : days) : days + weeks * 7;
  const { year, month, day } = calendarOf(new Date(now.getTime() + away * dayMs));
  return dayAt(year, month, day, rest);
}

/** A day without its year: the latest one that is not after tomorrow (sources' clocks may run ahead). */
function latest(now: Date, rest: string, month: number, day: number): Date | null {
  const { year } = calendarOf(now);
  const date = dayAt(year, month, day, rest);
  const soon = now.getTime() + dayMs;
  if (date !== null && date.getTime() <= soon) return date;
  // The 29th of February may lie years back.
  for (let back = 1; back <= 8; back++) {
    const before = dayAt(year - back, month, day, rest);
    if (before !== null) return date === null && month !== 2 ? null : before;
  }
  return null;
}

/** A day without its month: the latest one that is not after tomorrow. */
function lastDay(now: Date, rest: string, day: number): Date | null {
  for (let back = 0; back <= 2; back++) {
    const { year, month } = calendarOf(addMonths(now, -back));
    const date = dayAt(year, month, day, rest);
    if (date !== null && date.getTime() <= now.getTime() + dayMs) return date;
  }
  return null;
}
