/** Days from 1899-12-30 (the epoch of spreadsheets, as it comes out after 1900-02-28) to 1970-01-01. */
const epochDays = 25_569;
const days1904 = 1_462;

/** Formats that ship with every workbook and show a date or a time, those of Chinese versions (27–36, 50–58) included. */
export function isDateFormat(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Whether a format of the workbook's own shows a date: it has letters of dates outside quotes, brackets and escapes. */
export function isDateCode(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, '');
  return /[ymdhs]/iu.test(bare) && !/^general$/iu.test(bare.trim());
}

/** `2026-11-23`, `2026-11-23 18:30:00`, or `18:30:00` of a time of day alone; null for what no calendar has. */
export function serialText(serial: number, date1904: boolean): string | null {
  const days = serial + (date1904 ? days1904 : 0);
  if (days < 0 || days >= 2_958_466) return null;
  const moment = new Date(Math.round((days - epochDays) * 86_400) * 1_000).toISOString();
  const time = moment.slice(11, 19);
  if (days < 1) return time;
  return time === '00:00:00' ? moment.slice(0, 10) : `${moment.slice(0, 10)} ${time}`;
}
