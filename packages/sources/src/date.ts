/**
 * Reads the date that a Chinese page shows: 2026年11月23日 10:05, 2026-11-23T10:05:00+08:00, 11-23 10:05, 昨天 10:05,
 * 3小时前, 刚刚, and the same in Chinese numerals. The first date in `text` counts. Null when there is none.
 *
 * Without a zone it is Shanghai's time; without a year it is the latest such day that is not in the future; without
 * a time of day it is 00:00.
 *
 * @param now the moment that relative dates are relative to
 */
export function readDate(text: string, now: Date): Date | null {
  const value = text.length > 2_000 ? text.slice(0, 2_000) : text;
  return readFullDate(value) ?? readRelative(value, now) ?? readShortDate(value, now);
}

/** Only dates that name their year: what a page's long text may be searched for without finding one by accident. */
export function readFullDate(text: string): Date | null {
  for (const match of text.matchAll(fullForm)) {
    const date = dateFrom(number(match[1]), number(match[2]), number(match[3]), text.slice(match.index + match[0].length));
    if (date !== null) return date;
  }
  const written = writtenForm.exec(text);
  if (written === null) return null;
  return dateFrom(
    yearFrom(written[1] ?? ''),
    numeral(written[2] ?? ''),
    numeral(written[3] ?? ''),
    text.slice(written.index + written[0].length),
  );
}

const fullForm =
  /(?<!\d)((?:19|20)\d{2})(?:\s*年\s*|\s*[-/.．–]\s*)(0?[1-9]|1[0-2])(?:\s*月\s*|\s*[-/.．–]\s*)([12]\d|3[01]|0?[1-9])(?!\d(?!\d?[:：]))(?:\s*[日号])?/gu;
const writtenForm = /([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]/u;
const timeForm =
  /^[\sT,，(（]{0,4}(?:(?:星期|周|礼拜)[一二三四五六日天][)）]?\s{0,3})?(凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|夜里)?\s{0,3}([01]?\d|2[0-3])\s?(?:[:：]|时|点)\s?([0-5]?\d)?(?:\s?(?:[:：]|分)\s?([0-5]?\d)?秒?)?(?:\.\d{1,9})?\s?(z|utc|gmt|[+-]\d{2}:?\d{2}(?!\d))?/iu;
const shortForm =
  /(?<![\d.:第-])(?:(0?[1-9]|1[0-2])\s*月\s*([12]\d|3[01]|0?[1-9])\s*[日号]?|(0[1-9]|1[0-2])[-/.]([12]\d|3[01]|0[1-9])(?![\d.%-]|\s?[期届章节条款页号]))/u;
const agoForm = /(\d{1,4}|半|[一二两三四五六七八九十]{1,3})\s*个?(秒钟?|分钟|分|小时|钟头|天|日|星期|礼拜|周|月|年)(半)?\s*(?:之|以)?前/u;
const dayForm = /(大前天|前天|前日|昨天|昨日|昨晚|今天|今日|今晚|今晨)/u;
const daysBack: Record<string, number> = { 大前天: 3, 前天: 2, 前日: 2, 昨天: 1, 昨日: 1, 昨晚: 1 };

const shanghaiMs = 8 * 3_600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const unitMs: Record<string, number> = {
  秒: 1_000,
  分: minuteMs,
  小: 60 * minuteMs,
  钟: 60 * minuteMs,
  天: dayMs,
  日: dayMs,
  星: 7 * dayMs,
  礼: 7 * dayMs,
  周: 7 * dayMs,
};

function readRelative(text: string, now: Date): Date | null {
  if (/刚刚|刚才/u.test(text)) return new Date(now);
  const ago = agoForm.exec(text);
  if (ago !== null) {
    const count = (ago[1] === '半' ? 0.5 : numeral(ago[1] ?? '')) + (ago[3] === undefined ? 0 : 0.5);
    const unit = (ago[2] ?? '').slice(0, 1);
    if (unit === '月' || unit === '年') return monthsBack(now, Math.round(count * (unit === '年' ? 12 : 1)));
    return new Date(now.getTime() - count * (unitMs[unit] ?? 0));
  }
  const day = dayForm.exec(text);
  if (day === null) return null;
  const local = new Date(now.getTime() + shanghaiMs - (daysBack[day[1] ?? ''] ?? 0) * dayMs);
  const half = day[1]?.endsWith('晚') ? '晚' : '';
  return dateFrom(
    local.getUTCFullYear(),
    local.getUTCMonth() + 1,
    local.getUTCDate(),
    half + text.slice(day.index + (day[1]?.length ?? 0)).trimStart(),
  );
}

/** A day without its year: the latest one that is not after tomorrow (sources' clocks may run ahead). */
function readShortDate(text: string, now: Date): Date | null {
  const match = shortForm.exec(text);
  const local = new Date(now.getTime() + shanghaiMs);
  if (match === null) {
    const time = /^\s*([01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?\s*$/u.test(text);
    return time ? dateFrom(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate(), text) : null;
  }
  const rest = text.slice(match.index + match[0].length);
  const read = (year: number) => dateFrom(year, number(match[1] ?? match[3]), number(match[2] ?? match[4]), rest);
  const date = read(local.getUTCFullYear());
  return date !== null && date.getTime() > now.getTime() + dayMs ? read(local.getUTCFullYear() - 1) : date;
}

/** A day with the time of day that `rest` begins with. Null when the calendar has no such day. */
function dateFrom(year: number, month: number, day: number, rest: string): Date | null {
  const midnight = Date.UTC(year, month - 1, day);
  if (month < 1 || month > 12 || new Date(midnight).getUTCDate() !== day || new Date(midnight).getUTCMonth() !== month - 1) return null;
  const time = timeForm.exec(rest.slice(0, 60));
  if (time === null) return new Date(midnight - shanghaiMs);
  let hour = number(time[2]);
  if (/下午|傍晚|晚|夜/u.test(time[1] ?? '') && hour < 12 && hour > 0) hour += 12;
  if (time[1] === '中午' && hour < 3) hour += 12;
  return new Date(midnight + (hour * 60 + number(time[3])) * minuteMs + number(time[4]) * 1_000 - zoneMs(time[5]));
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined) return shanghaiMs;
  const match = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (number(match[2]) * 60 + number(match[3])) * minuteMs;
}

/** The same day of an earlier month, or that month's last one. */
function monthsBack(now: Date, months: number): Date {
  const date = new Date(now);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date;
}

function number(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}

const digits = '零一二三四五六七八九';

/** 12, 十二, 二十三, 两 → a number. */
function numeral(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  const [tens, units] = text.includes('十') ? text.split('十') : ['0', text];
  const value = (part: string | undefined, none: number) =>
    part === undefined || part === '' ? none : part === '两' ? 2 : Math.max(0, digits.indexOf(part));
  return (tens === '0' ? 0 : value(tens, 1) * 10) + value(units, 0);
}

function yearFrom(text: string): number {
  return Number([...text].map((digit) => Math.max(0, digits.indexOf(digit))).join(''));
}
