import { calendarOf, dayAt, dayMs, numeral, yearOfText } from './day.ts';
import { readRelative } from './relative.ts';

/**
 * Reads the date of publication that a Chinese page shows: 2026年11月23日 10:05, 2026-11-23T10:05:00+08:00, 11-23 10:05,
 * 昨天 10:05, 上周三, 3小时前, 刚刚, and the same in Chinese numerals. Null when there is none.
 *
 * Without a zone it is Shanghai's time; without a year it is the latest such day that is not in the future; without
 * a time of day it is 00:00. A word such as 今天 counts only where it stands for a date and begins no sentence.
 *
 * @param now the moment that relative dates are relative to
 */
export function readDate(text: string, now: Date): Date | null {
  const value = simplified(text);
  return readFullDate(value) ?? past(readRelative(value, now, true), now) ?? readTime(value, now);
}

/**
 * Reads any date that a Chinese sentence names, whatever it is said of: as {@link readDate}, and also 五分钟后, 下周五, 三个月之内,
 * 后天凌晨, 周一, 5号, 下午三点, in running text. Weeks begin on Monday; a bare weekday is the nearest one; a bare day of a month is the latest.
 * A full date goes first, else the first date in the text counts.
 */
export function readMoment(text: string, now: Date): Date | null {
  const value = simplified(text);
  return readFullDate(value) ?? readRelative(value, now, false);
}

/** Only dates that name their year: what a page's long text may be searched for without finding one by accident. */
export function readFullDate(text: string): Date | null {
  for (const match of text.matchAll(fullForm)) {
    const [whole, year, month, day, writtenYear, writtenMonth, writtenDay] = match;
    const rest = text.slice(match.index + whole.length);
    const date =
      year === undefined
        ? dayAt(yearOfText(writtenYear ?? ''), numeral(writtenMonth ?? ''), numeral(writtenDay ?? ''), rest)
        : dayAt(yearOfText(year), Number(month), Number(day), rest);
    if (date !== null) return date;
  }
  return null;
}

/** Four digits of the year, or two before 年; the same in Chinese numerals. */
const fullForm =
  /(?<![\d第])((?:19|20)\d{2}(?=\s*[-/.．–年])|\d{2}(?=\s*年))(?:\s*年\s*|\s*[-/.．–]\s*)(0?[1-9]|1[0-2])(?:\s*月\s*|\s*[-/.．–]\s*)([12]\d|3[01]|0?[1-9])(?!\d(?!\d?[:：]))(?:\s*[日号])?|((?:[〇○零一二三四五六七八九]{2}){1,2})年([一二三四五六七八九十]{1,3}|1[0-2]|[1-9])月([一二三四五六七八九十]{1,3}|[12]\d|3[01]|[1-9])[日号]/gu;

/** A time of day that stands alone is today's. */
function readTime(text: string, now: Date): Date | null {
  if (!/^\s*(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?\s*$/u.test(text)) return null;
  const { year, month, day } = calendarOf(now);
  return dayAt(year, month, day, text);
}

/** What is published has been: a bare weekday that lies ahead is last week's. */
function past(date: Date | null, now: Date): Date | null {
  return date !== null && date.getTime() > now.getTime() + dayMs ? new Date(date.getTime() - 7 * dayMs) : date;
}

/** Traditional characters and full-width digits of dates, one for one, so that places in the text stay. Bounded. */
function simplified(text: string): string {
  const value = text.length > 2_000 ? text.slice(0, 2_000) : text;
  const solar = value.replace(lunar, (found) => ' '.repeat(found.length));
  return solar.replace(/[０-９個鐘時後剛週禮號點兩內這幾數過晝]/gu, (c) => plain[c] ?? String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/** Days of the lunar calendar are not guessed at: they are read as no date. */
const lunar =
  /(?:农历|農曆|阴历|陰曆|旧历)[^\s，。；、()（）]{0,12}|(?:[正冬腊臘闰閏]|十?[一二三四五六七八九十])月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|大?年?三十(?![一日号]))/gu;

const plain: Record<string, string> = {
  個: '个',
  鐘: '钟',
  時: '时',
  後: '后',
  剛: '刚',
  週: '周',
  禮: '礼',
  號: '号',
  點: '点',
  兩: '两',
  內: '内',
  這: '这',
  幾: '几',
  數: '数',
  過: '过',
  晝: '昼',
};
