/** Days and times of day in Shanghai, and the numerals they are written in. Nothing here knows what now is. */

const shanghaiMs = 8 * 3_600_000;
const minuteMs = 60_000;
export const dayMs = 86_400_000;

const timeForm =
  /^[\sT,，、(（]{0,4}(?:的|(?:星期|周|礼拜)[一二三四五六日天][)）]?\s{0,3})?(凌晨|清晨|清早|早上|早晨|早|上午|中午|正午|午后|下午|傍晚|晚上|晚间|晚|深夜|夜里|夜间|夜|am|pm)?\s{0,3}(2[0-4]|[01]?\d|[零〇一二两三四五六七八九十]{1,3})\s?(?:[:：]\s?([0-5]\d)|[时点]钟?(?!前|后|内)\s?(?:([0-5]?\d|[零〇一二三四五六七八九十]{1,3}(?!刻))(?=分|\D|$)|(半|[一三]刻))?|(?=\s?[ap]m\b))(?:\s?(?:[:：]|分)\s?([0-5]?\d)?秒?)?(?:\.\d{1,9})?\s?(am\b|pm\b|z\b|utc|gmt|[+-]\d{2}:?\d{2}(?!\d))?/iu;

/**
 * A day with the time of day that `rest` begins with (10:05, 下午3时20分, 晚8点半), else its midnight. Null when the calendar has no such day.
 *
 * @param month 1–12
 */
export function dayAt(year: number, month: number, day: number, rest: string): Date | null {
  const midnight = Date.UTC(year, month - 1, day);
  if (month < 1 || month > 12 || new Date(midnight).getUTCDate() !== day || new Date(midnight).getUTCMonth() !== month - 1) return null;
  const time = timeForm.exec(rest.slice(0, 60));
  const asked = numeral(time?.[2] ?? '0');
  if (time === null || asked > 24) return new Date(midnight - shanghaiMs);
  const minutes = time[5] === undefined ? numeral(time[3] ?? time[4] ?? '0') : (quarters[time[5]] ?? 0);
  const zone = /^[ap]m$/iu.test(time[7] ?? '') ? undefined : time[7];
  const hour = hourOf(asked, `${time[1] ?? ''}${zone === time[7] ? '' : time[7]}`.toLowerCase());
  return new Date(midnight + (hour * 60 + Math.min(minutes, 59)) * minuteMs + Number(time[6] ?? 0) * 1_000 - zoneMs(zone));
}

/** Whether a text begins with a time of day, such as `10:05` or `下午三点`. */
export function startsWithTime(text: string): boolean {
  return timeForm.test(text.slice(0, 60));
}

/** Shanghai's calendar at a moment. `weekday` is 1 (Monday) to 7. */
export function calendarOf(at: Date): { year: number; month: number; day: number; weekday: number } {
  const local = new Date(at.getTime() + shanghaiMs);
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), weekday: local.getUTCDay() || 7 };
}

/** The same time of day so many months later (earlier when negative), on the month's last day where it has no such day. */
export function addMonths(at: Date, months: number): Date {
  const local = new Date(at.getTime() + shanghaiMs);
  const day = local.getUTCDate();
  local.setUTCDate(1);
  local.setUTCMonth(local.getUTCMonth() + months);
  const last = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 0)).getUTCDate();
  local.setUTCDate(Math.min(day, last));
  return new Date(local.getTime() - shanghaiMs);
}

const digits = '零一二三四五六七八九';

/** 12, 十二, 二十三, 两 → a number; 几 (some) counts as three. */
export function numeral(text: string): number {
  if (/^\d+$/u.test(text)) return Number(text);
  const digit = (part: string) => (part === '两' ? 2 : part === '几' || part === '数' ? 3 : Math.max(0, digits.indexOf(part)));
  const [tens, units] = text.includes('十') ? text.split('十') : ['零', text];
  return (tens === '' ? 10 : digit(tens ?? '') * 10) + digit(units ?? '');
}

/** 二〇二六, 二六, 2026, 26 → 2026; 98 → 1998. */
export function yearOfText(text: string): number {
  const year = Number([...text].map((c) => (/\d/u.test(c) ? c : Math.max(0, digits.indexOf(c)))).join(''));
  return year >= 100 ? year : year < 60 ? 2_000 + year : 1_900 + year;
}

const quarters: Record<string, number> = { 半: 30, 一刻: 15, 三刻: 45 };

function hourOf(hour: number, half: string): number {
  if (/下午|午后|傍晚|晚|夜|pm/u.test(half)) {
    if (hour < 12) return /夜/u.test(half) && hour < 5 ? hour : hour === 0 ? 0 : hour + 12;
    return hour === 12 && /晚|夜/u.test(half) ? 24 : hour;
  }
  if (/[中正]午/u.test(half)) return hour < 3 ? hour + 12 : hour;
  return hour === 12 && /凌晨|am/u.test(half) ? 0 : hour;
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined) return shanghaiMs;
  const match = /^([+-])(\d{2}):?(\d{2})$/u.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * minuteMs;
}
