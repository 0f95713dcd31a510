/** Calendar arithmetic in Asia/Shanghai, which has had no daylight saving since 1991 and is UTC+8 throughout. */

const offsetMs = 8 * 3_600_000;
const dayMs = 86_400_000;

/** Half-open span of time. */
export interface Span {
  from: Date;
  to: Date;
}

/** The calendar year in Shanghai that a moment falls in. */
export function yearOf(at: Date): number {
  return new Date(at.getTime() + offsetMs).getUTCFullYear();
}

/** The whole of a calendar year in Shanghai. */
export function yearSpan(year: number): Span {
  return { from: new Date(Date.UTC(year, 0, 1) - offsetMs), to: new Date(Date.UTC(year + 1, 0, 1) - offsetMs) };
}

/** `YYYY-MM-DD` of a moment in Shanghai. */
export function dateOf(at: Date): string {
  return new Date(at.getTime() + offsetMs).toISOString().slice(0, 10);
}

/** `YYYY-MM-DD HH:mm` of a moment in Shanghai, as people here write it. */
export function minuteOf(at: Date): string {
  return new Date(at.getTime() + offsetMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** Minutes since midnight in Shanghai, 0–1439. */
export function minuteOfDay(at: Date): number {
  return Math.floor(((((at.getTime() + offsetMs) % dayMs) + dayMs) % dayMs) / 60_000);
}

/** ISO weekday of a moment in Shanghai: 1 Monday to 7 Sunday. */
export function weekdayOf(at: Date): number {
  return ((new Date(at.getTime() + offsetMs).getUTCDay() + 6) % 7) + 1;
}

/** Midnight in Shanghai at the beginning of the day that a moment falls in, `days` later. */
export function dayStart(at: Date, days = 0): Date {
  return new Date(Math.floor((at.getTime() + offsetMs) / dayMs) * dayMs - offsetMs + days * dayMs);
}

/** `07:05` of a minute of the day. */
export function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** Whether a minute of the day lies in a span that may go over midnight; the end is not part of it. Equal ends: the whole day. */
export function inDaySpan(minute: number, from: number, to: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** ISO 8601 week of a moment in Shanghai, as `2026-W47`. */
export function weekOf(at: Date): string {
  const local = new Date(at.getTime() + offsetMs);
  const weekday = (local.getUTCDay() + 6) % 7;
  const thursday = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - weekday + 3));
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.round((thursday.getTime() - firstThursday(year)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, '0')}`;
}

/** Monday 00:00 to the next Monday 00:00, Shanghai. Null when `week` is not an ISO week that exists (`2026-W54`). */
export function weekSpan(week: string): Span | null {
  const match = /^(\d{4})-W(\d{2})$/u.exec(week);
  if (!match) return null;
  const monday = firstThursday(Number(match[1])) - 3 * dayMs + (Number(match[2]) - 1) * 7 * dayMs;
  const from = new Date(monday - offsetMs);
  return weekOf(from) === week ? { from, to: new Date(from.getTime() + 7 * dayMs) } : null;
}

function firstThursday(year: number): number {
  const fourth = new Date(Date.UTC(year, 0, 4));
  return Date.UTC(year, 0, 4 - ((fourth.getUTCDay() + 6) % 7) + 3);
}
