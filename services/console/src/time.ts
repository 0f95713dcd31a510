import { dateOf, minuteOf } from '@guanlan/domain';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `刚刚`, `5 分钟前`, `3 小时前`, `昨天 14:05`, `11-20 14:05`, `2025-12-31 14:05`; moments ahead read `5 分钟后`. Asia/Shanghai. */
export function relative(iso: string, now: Date): string {
  const at = new Date(iso);
  const age = now.getTime() - at.getTime();
  if (age < -minute) return age > -day ? `${span(-age)}后` : shortAbsolute(iso, now);
  if (age < minute) return '刚刚';
  if (age < 12 * hour) return `${span(age)}前`;
  const today = dateOf(now);
  const that = dateOf(at);
  const clock = minuteOf(at).slice(11);
  if (that === today) return `今天 ${clock}`;
  if (that === dateOf(new Date(now.getTime() - day))) return `昨天 ${clock}`;
  return shortAbsolute(iso, now);
}

/** `2026-11-23 11:17` in Shanghai. */
export function absolute(iso: string): string {
  return minuteOf(new Date(iso));
}

/** As {@link absolute}, without the year when it is this one. */
export function shortAbsolute(iso: string, now: Date): string {
  const text = absolute(iso);
  return text.slice(0, 4) === dateOf(now).slice(0, 4) ? text.slice(5) : text;
}

/** How long something has lasted, in at most two units: `不到 1 分钟`, `45 分钟`, `3 小时 20 分`, `2 天 4 小时`. Milliseconds in. */
export function duration(ms: number): string {
  if (ms < minute) return '不到 1 分钟';
  if (ms < hour) return `${Math.floor(ms / minute)} 分钟`;
  if (ms < day) return two(Math.floor(ms / hour), '小时', Math.floor((ms % hour) / minute), '分');
  return two(Math.floor(ms / day), '天', Math.floor((ms % day) / hour), '小时');
}

/** A moment as a `datetime-local` field has it, in Shanghai wherever the browser is. */
export function fieldOf(at: Date): string {
  return minuteOf(at).replace(' ', 'T');
}

/** The moment that such a field names, as ISO 8601; a minute ago where it names none. */
export function momentOf(field: string): string {
  const at = new Date(`${field}:00+08:00`);
  return (Number.isNaN(at.getTime()) ? new Date(Date.now() - minute) : at).toISOString();
}

function span(ms: number): string {
  return ms < hour ? `${Math.floor(ms / minute)} 分钟` : `${Math.floor(ms / hour)} 小时`;
}

function two(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
