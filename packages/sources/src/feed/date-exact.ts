import { momentOf } from './moment.ts';

/**
 * The date of a text that has exactly one of the two forms most feeds write: `Mon, 23 Nov 2026 10:05:06 +0800` (or `GMT`) and
 * `2026-11-23T10:05:06+08:00` (or `Z`). Null for anything else: the patterns of `readFeedDate` say what it is, and say the same
 * of these, at several times the cost.
 */
export function exactDate(text: string): Date | null {
  return text.charCodeAt(3) === comma ? rfc822(text) : text.charCodeAt(4) === hyphen ? w3c(text) : null;
}

const comma = 0x2c;
const hyphen = 0x2d;
const colon = 0x3a;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);

function rfc822(text: string): Date | null {
  if (text.length !== 29 && text.length !== 31) return null;
  if (!blank(text, 4) || !blank(text, 7) || !blank(text, 11) || !blank(text, 16) || !blank(text, 25)) return null;
  const month = months.indexOf(text.slice(8, 11)) + 1;
  if (month === 0 || !weekdays.has(text.slice(0, 3))) return null;
  const zone = text.length === 31 ? offset(text, 26, 29) : text.endsWith('GMT') ? 0 : Number.NaN;
  return dateOf(two(text, 12) * 100 + two(text, 14), month, two(text, 5), text, 17, zone);
}

function w3c(text: string): Date | null {
  if ((text.length !== 20 && text.length !== 25) || text[10] !== 'T' || text.charCodeAt(7) !== hyphen) return null;
  const zone =
    text.length === 20 ? (text.endsWith('Z') ? 0 : Number.NaN) : text.charCodeAt(22) === colon ? offset(text, 19, 23) : Number.NaN;
  return dateOf(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8), text, 11, zone);
}

function dateOf(year: number, month: number, day: number, text: string, time: number, zone: number): Date | null {
  if (text.charCodeAt(time + 2) !== colon || text.charCodeAt(time + 5) !== colon) return null;
  const [h, minute, second] = [two(text, time), two(text, time + 3), two(text, time + 6)];
  return Number.isNaN(year + month + day + h + minute + second + zone) ? null : momentOf(year, month, day, h, minute, second, zone);
}

/** Minutes east of UTC of a sign and hours at `hours` and minutes at `minutes`. */
function offset(text: string, hours: number, minutes: number): number {
  const sign = text[hours] === '+' ? 1 : text[hours] === '-' ? -1 : Number.NaN;
  return sign * (two(text, hours + 1) * 60 + two(text, minutes));
}

/** Two digits as a number, else NaN. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function blank(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x20;
}
