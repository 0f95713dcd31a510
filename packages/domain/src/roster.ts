import { dayStart, weekdayOf } from './calendar.ts';

/** What sort of day it is: `workday` (a weekend day made one included), `rest` (weekend or public holiday). */
export type DayKind = 'workday' | 'rest';
/** On which days something holds. */
export const dayRules = ['any', 'workday', 'rest'] as const;
export type DayRule = (typeof dayRules)[number];
export const dayRuleTitles: Record<DayRule, string> = { any: '每天', workday: '工作日', rest: '休息日和节假日' };

/** One line of the weekly pattern. */
export interface ShiftPattern {
  id: number;
  name: string;
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  weekdays: readonly number[];
  days: DayRule;
  /** Minutes after midnight in Shanghai; an end at or before the start is on the next day. */
  fromMinute: number;
  toMinute: number;
  /** The first is on duty, the next ones follow. */
  receiverIds: readonly number[];
  leaderId: number | null;
}

/** For a span of time somebody stands in for somebody else. The later one made wins. */
export interface Swap {
  id: number;
  from: Date;
  to: Date;
  receiverId: number;
  byId: number;
}

export interface Shift {
  patternId: number;
  name: string;
  from: Date;
  to: Date;
  /** The first is on duty. */
  receiverIds: number[];
  leaderId: number | null;
}

export interface Roster {
  patterns: readonly ShiftPattern[];
  swaps: readonly Swap[];
  /** Of a date `YYYY-MM-DD` in Shanghai. */
  dayKind: (at: Date) => DayKind;
}

/** The shift at a moment, swaps applied; the one that began last where two overlap; null where nobody is on duty. */
export function shiftAt(roster: Roster, at: Date): Shift | null {
  const found = [-1, 0].flatMap((days) => shiftsOfDay(roster, dayStart(at, days))).filter((shift) => shift.from <= at && at < shift.to);
  const shift = found.reduce<Shift | null>((a, b) => (a === null || b.from >= a.from ? b : a), null);
  return shift === null ? null : swapped(shift, roster.swaps, at);
}

/** The shifts that begin within a span, in order. A swap counts where it covers the shift's beginning. */
export function shiftsBetween(roster: Roster, from: Date, to: Date): Shift[] {
  const shifts: Shift[] = [];
  for (let day = dayStart(from); day < to; day = dayStart(day, 1)) shifts.push(...shiftsOfDay(roster, day));
  return shifts
    .filter((shift) => shift.from >= from && shift.from < to)
    .sort((a, b) => a.from.getTime() - b.from.getTime())
    .map((shift) => swapped(shift, roster.swaps, shift.from));
}

/** Who follows: the next in the same shift; with only one in it, the first of the shift after it who is somebody else. */
export function nextOnDuty(roster: Roster, at: Date): number | null {
  const shift = shiftAt(roster, at);
  const [first, second] = shift?.receiverIds ?? [];
  if (second !== undefined) return second;
  const later = shiftsBetween(roster, shift?.to ?? at, dayStart(at, 8));
  return later.find(({ receiverIds }) => receiverIds[0] !== undefined && receiverIds[0] !== first)?.receiverIds[0] ?? null;
}

/** Spans of at least a minute within these days in which nobody is on duty. */
export function gapsBetween(roster: Roster, from: Date, to: Date): { from: Date; to: Date }[] {
  const shifts = shiftsBetween(roster, dayStart(from, -1), to);
  const gaps: { from: Date; to: Date }[] = [];
  let covered = from;
  for (const shift of shifts) {
    if (shift.from > covered) gaps.push({ from: covered, to: shift.from });
    if (shift.to > covered) covered = shift.to;
  }
  if (covered < to) gaps.push({ from: covered, to });
  return gaps;
}

function shiftsOfDay({ patterns, dayKind }: Roster, day: Date): Shift[] {
  const kind = dayKind(day);
  const weekday = weekdayOf(day);
  return patterns
    .filter((pattern) => pattern.weekdays.includes(weekday) && (pattern.days === 'any' || pattern.days === kind))
    .map((pattern) => {
      const length = pattern.toMinute > pattern.fromMinute ? pattern.toMinute : pattern.toMinute + 1_440;
      return {
        patternId: pattern.id,
        name: pattern.name,
        from: new Date(day.getTime() + pattern.fromMinute * 60_000),
        to: new Date(day.getTime() + length * 60_000),
        receiverIds: [...pattern.receiverIds],
        leaderId: pattern.leaderId,
      };
    });
}

function swapped(shift: Shift, swaps: readonly Swap[], at: Date): Shift {
  const standIn = (id: number) => swaps.findLast((swap) => swap.receiverId === id && swap.from <= at && at < swap.to)?.byId ?? id;
  return {
    ...shift,
    receiverIds: [...new Set(shift.receiverIds.map(standIn))],
    leaderId: shift.leaderId === null ? null : standIn(shift.leaderId),
  };
}
