import { dateOf, dayStart } from '@guanlan/domain';
import chineseDays from 'chinese-days';
import { expect, test } from 'vitest';
import { dayKindOf, holidayGap, lastHolidayYear } from './holidays.ts';

const day = (date: string) => new Date(`${date}T12:00:00+08:00`);

test.each([
  ['2026-01-01', 'rest', '元旦'],
  ['2026-01-04', 'workday', '调休上班的星期日'],
  ['2026-02-17', 'rest', '春节'],
  ['2026-02-14', 'workday', '调休上班的星期六'],
  ['2026-10-07', 'rest', '国庆节'],
  ['2026-10-10', 'workday', '调休上班的星期六'],
  ['2026-11-25', 'workday', '星期三'],
  ['2026-11-28', 'rest', '星期六'],
])('%s is a %s day (%s)', (date, kind) => expect(dayKindOf(day(date))).toBe(kind));

test('the day turns at midnight in Shanghai', () => {
  expect(dayKindOf(new Date('2026-11-27T15:59:59Z'))).toBe('workday');
  expect(dayKindOf(new Date('2026-11-27T16:00:00Z'))).toBe('rest');
});

test('says from which year on it knows weekends only, and the library knows no more than that', () => {
  expect(holidayGap(day('2026-12-31'))).toBeNull();
  expect(holidayGap(day('2027-01-01'))).toContain('2027');
  const known = (year: number) => {
    for (let at = day(`${year}-01-01`); dateOf(at) < `${year + 1}-01-01`; at = new Date(dayStart(at, 1).getTime() + 43_200_000)) {
      if (chineseDays.getDayDetail(dateOf(at)).name.includes('春节')) return true;
    }
    return false;
  };
  expect(known(lastHolidayYear)).toBe(true);
  expect(known(lastHolidayYear + 1)).toBe(false);
});
