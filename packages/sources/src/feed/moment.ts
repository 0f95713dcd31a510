/**
 * A moment, or null when the calendar has no such day or time (24:00 and leap seconds roll over).
 *
 * @param offset minutes east of UTC
 */
export function momentOf(y: number, month: number, day: number, h: number, minute: number, second: number, offset: number): Date | null {
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > daysIn(y, month) ||
    h > 24 ||
    minute > 59 ||
    second > 60 ||
    y < 1000 ||
    Math.abs(offset) > 26 * 60
  )
    return null;
  return new Date(Date.UTC(y, month - 1, day, h, minute, second) - offset * 60_000);
}

function daysIn(y: number, month: number): number {
  return month === 2
    ? y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)
      ? 29
      : 28
    : month === 4 || month === 6 || month === 9 || month === 11
      ? 30
      : 31;
}
