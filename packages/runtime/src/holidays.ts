import { type DayKind, dateOf, yearOf } from '@guanlan/domain';
import chineseDays from 'chinese-days';

/** The last year whose public holidays and made-up working days, as the State Council sets them each autumn, are known here. */
export const lastHolidayYear = 2026;

/** Whether people work on the day, in Shanghai, that a moment falls in. After {@link lastHolidayYear} only weekends are known to be rest. */
export function dayKindOf(at: Date): DayKind {
  return chineseDays.isHoliday(dateOf(at)) ? 'rest' : 'workday';
}

/** What to tell people who plan ahead; null where everything is known. */
export function holidayGap(until: Date): string | null {
  if (yearOf(until) <= lastHolidayYear) return null;
  return `${yearOf(until)} 年的放假安排尚未收录，暂按周六、周日休息排班；国务院公布后更新程序即可。`;
}
