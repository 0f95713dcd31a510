import { exactDate } from './date-exact.ts';
import { momentOf } from './moment.ts';

/**
 * Reads the dates of feeds: RFC 822 and RFC 2822 in the forms feeds really have (two-digit years, missing or wrong
 * weekdays, zone names, no seconds), RFC 3339 and W3CDTF (also shortened), asctime, and Chinese forms. Null when it
 * says no date: nothing is guessed.
 *
 * A date without a zone is UTC in RFC 822 and W3CDTF forms, as feed readers agree; in Chinese forms it is Shanghai's.
 */
export function readFeedDate(value: string): Date | null {
  const text = value.length > 100 ? value.slice(0, 100).trim() : value.trim();
  return text === '' ? null : (exactDate(text) ?? anyDate(text));
}

/** By the patterns of all forms. */
export function anyDate(text: string): Date | null {
  const c = text.charCodeAt(0);
  return c >= 0x30 && c <= 0x39
    ? (w3c(text) ?? rfc822(text) ?? chinese(text))
    : (rfc822(text) ?? asctime(text) ?? w3c(text) ?? chinese(text));
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 822 §5, and the names feeds use beside them; hours east of UTC. CST is China's only in Chinese forms. */
const zones: Record<string, number> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  wet: 0,
  bst: 1,
  west: 1,
  cet: 1,
  met: 1,
  cest: 2,
  mest: 2,
  eet: 2,
  eest: 3,
  msk: 3,
  ist: 5.5,
  hkt: 8,
  sgt: 8,
  awst: 8,
  jst: 9,
  kst: 9,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
  est: -5,
  edt: -4,
  et: -5,
  cst: -6,
  cdt: -5,
  ct: -6,
  mst: -7,
  mdt: -6,
  mt: -7,
  pst: -8,
  pdt: -7,
  pt: -8,
  akst: -9,
  akdt: -8,
  hst: -10,
  ast: -4,
  adt: -3,
  brt: -3,
  art: -3,
};

const w3cForm =
  /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?|-(\d{1,2})-(\d{1,2})|[/.](\d{1,2})[/.](\d{1,2}))?(?:(?:[Tt]|\s+|,\s*)(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,]\d+)?)?)?\s*(am|pm)?)?\s*(.*)$/iu;

function w3c(text: string): Date | null {
  const m = w3cForm.exec(text);
  if (m === null) return null;
  const month = m[2] ?? m[4] ?? m[6];
  const day = m[3] ?? m[5] ?? m[7];
  const zone = m[12] ?? '';
  if (m[8] === undefined && zone !== '' && !/^(?:z|utc|gmt|[+-]\d{2}:?\d{2})$/iu.test(zone)) return null;
  const offset = zoneMinutes(zone);
  return offset === null
    ? null
    : momentOf(
        num(m[1]),
        month === undefined ? 1 : num(month),
        day === undefined ? 1 : num(day),
        hour(m[8], m[11]),
        num(m[9]),
        num(m[10]),
        offset,
      );
}

const rfc822Form =
  /^(?:[a-z]{2,10}\.?,?\s*|\P{ASCII}{1,8},\s*)?(\d{1,2})(?:st|nd|rd|th)?[\s,-]+([a-z]{3,9})\.?[\s,-]+(\d{4}|\d{2,3})(?:[,\sT]+(?:at\s+)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?\s*(am|pm)?)?\s*(.*)$/iu;
const usForm =
  /^(?:[a-z]{2,10}\.?,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[,\s]+(?:at\s+)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?\s*(am|pm)?)?\s*(.*)$/iu;

function rfc822(text: string): Date | null {
  let m = rfc822Form.exec(text);
  let day = m?.[1];
  let monthName = m?.[2];
  if (m === null) {
    m = usForm.exec(text);
    monthName = m?.[1];
    day = m?.[2];
  }
  if (m === null || monthName === undefined) return null;
  const month = months.indexOf(monthName.slice(0, 3).toLowerCase()) + 1;
  const offset = zoneMinutes(m[8] ?? '');
  if (month === 0 || offset === null) return null;
  return momentOf(year(m[3] ?? ''), month, num(day), hour(m[4], m[7]), num(m[5]), num(m[6]), offset);
}

const asctimeForm = /^[a-z]{3,9},?\s+([a-z]{3,9})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([a-z]{1,5}|[+-]\d{4})\s+)?(\d{4})$/iu;

/** `Mon Nov 23 10:05:00 2026`, ANSI C's asctime, also with a zone before the year as Java and Ruby print it. */
function asctime(text: string): Date | null {
  const m = asctimeForm.exec(text);
  if (m === null) return null;
  const month = months.indexOf((m[1] ?? '').slice(0, 3).toLowerCase()) + 1;
  const offset = zoneMinutes(m[6] ?? '');
  return month === 0 || offset === null ? null : momentOf(num(m[7]), month, num(m[2]), num(m[3]), num(m[4]), num(m[5]), offset);
}

const chineseForm =
  /^(?:(?:星期|周|礼拜).[\s,，]*)?(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*日?[\s,，(（]*(?:(?:星期|周).[)）]?)?\s*(上午|下午|晚上|凌晨|中午|早上)?\s*(?:(\d{1,2})\s*[:：时點点]\s*(\d{1,2})?(?:\s*[:：分]\s*(\d{1,2}))?)?/u;

function chinese(text: string): Date | null {
  const m = chineseForm.exec(text);
  if (m === null) return null;
  let h = num(m[5]);
  if ((m[4] === '下午' || m[4] === '晚上') && h < 12) h += 12;
  if (m[4] === '中午' && h < 3) h += 12;
  return momentOf(num(m[1]), num(m[2]), num(m[3]), h, num(m[6]), num(m[7]), 8 * 60);
}

/** Minutes east of UTC; 0 for no zone or one nobody knows a meaning of; null for text that is not a zone at all. */
function zoneMinutes(value: string): number | null {
  if (value === '') return 0;
  const text = value.startsWith('(') ? '' : value.replace(/\s*[([].*$/u, '');
  const m = /^(?:([a-z]{1,5})\s*)?(?:([+-])\s?(\d{1,2}):?(\d{2})?(?::\d{2})?)?$/iu.exec(text);
  if (m === null) return /^[a-z]+\/[a-z_/]+$/iu.test(text) ? 0 : null;
  if (m[2] !== undefined) return (m[2] === '-' ? -1 : 1) * (num(m[3]) * 60 + num(m[4]));
  const hours = zones[(m[1] ?? '').toLowerCase()];
  return hours === undefined ? 0 : hours * 60;
}

/** RFC 2822 §4.3: two digits below 50 are this century, three digits and the rest add 1900. */
function year(text: string): number {
  const value = num(text);
  return text.length === 4 ? value : value < 50 && text.length === 2 ? value + 2000 : value + 1900;
}

function hour(text: string | undefined, half: string | undefined): number {
  const value = num(text);
  if (half === undefined) return value;
  return half.toLowerCase() === 'pm' ? (value < 12 ? value + 12 : value) : value === 12 ? 0 : value;
}

function num(text: string | undefined): number {
  return text === undefined ? 0 : Number(text);
}
