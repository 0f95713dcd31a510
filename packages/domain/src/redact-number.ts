import { type Redacted, redactionMarks } from './redact-mark.ts';

/**
 * Masks mobile, identity-card and bank-card numbers. Works on groups of digits: digits without a break form a group, and
 * neighbouring groups with up to three gap characters between (space, hyphen, dot, bracket) form a row. In a row, one
 * group or several following each other may be a number; a part of a group never is, so that a long order number does
 * not lose its middle.
 */
export function maskNumbers(masked: Redacted): void {
  const { text } = masked;
  let out = '';
  let copied = 0;
  for (const row of rows(text)) {
    for (let i = 0; i < row.groups.length; ) {
      const hit = numberAt(text, row, i);
      if (hit === null) {
        i += 1;
        continue;
      }
      out += text.slice(copied, hit.start) + hit.mark;
      copied = hit.end;
      masked.count += 1;
      i = hit.next;
    }
  }
  if (copied > 0) masked.text = out + text.slice(copied);
}

/** Digits without a break. */
interface Group {
  start: number;
  end: number;
  /** Where its digits begin and end in {@link Row.digits}. */
  from: number;
  to: number;
}

/** Neighbouring groups. */
interface Row {
  groups: Group[];
  /** All their digits in ASCII, with a final X where an identity number may have one. */
  digits: string;
}

interface Hit {
  start: number;
  end: number;
  mark: string;
  /** Index of the first group of the row that is not part of it. */
  next: number;
}

/** The shortest number is a mobile one, the longest a card. */
const minDigits = 11;
const maxDigits = 19;
const rowPattern =
  /[0-9０-９]+(?:[ \t\u00a0\u3000\u200b\u2060\-－‐‑‒–—.．·•()（）]{1,3}[0-9０-９]+)*(?:[-－ ]?[XxＸｘ](?![A-Za-zＡ-Ｚａ-ｚ]))?/gu;
const groupPattern = /[0-9０-９]+[XxＸｘ]?|[XxＸｘ]/gu;

function* rows(text: string): Generator<Row> {
  for (const row of text.matchAll(rowPattern)) {
    if (row[0].length < minDigits) continue;
    const groups: Group[] = [];
    let digits = '';
    for (const group of row[0].matchAll(groupPattern)) {
      const start = row.index + group.index;
      const from = digits.length;
      digits += group[0].normalize('NFKC').toUpperCase();
      groups.push({ start, end: start + group[0].length, from, to: digits.length });
    }
    yield { groups, digits };
  }
}

/** The number that begins with group `i`, the longest first. */
function numberAt(text: string, row: Row, i: number): Hit | null {
  const first = row.groups[i];
  if (first === undefined) return null;
  let last = i;
  while ((row.groups[last + 1]?.to ?? Number.POSITIVE_INFINITY) - first.from <= maxDigits) last += 1;
  for (; last >= i; last -= 1) {
    const group = row.groups[last];
    if (group === undefined || group.to - first.from < minDigits) break;
    const mark = markOf(text, row, i, last);
    if (mark !== null) {
      const plus = text[first.start - 1] === '+' || text[first.start - 1] === '＋';
      return { start: plus ? first.start - 1 : first.start, end: group.end, mark, next: last + 1 };
    }
  }
  return null;
}

function markOf(text: string, { groups, digits: all }: Row, i: number, last: number): string | null {
  const start = groups[i]?.start ?? 0;
  const end = groups[last]?.end ?? 0;
  const whole = all.slice(groups[i]?.from, groups[last]?.to);
  const breaks = () => groups.slice(i, last + 1).map((group) => group.to - group.from);
  if (isIdentity(whole, breaks)) return redactionMarks.identity;
  // An X belongs to an identity number only; stuck to another number it goes with it.
  const digits = whole.endsWith('X') ? whole.slice(0, -1) : whole;
  if (digits !== whole && i !== last) return null;
  if (isCard(digits, breaks) && !isOrder(text, start)) return redactionMarks.card;
  if (isMobile(digits, breaks) && !isAmount(text, end)) return redactionMarks.mobile;
  return null;
}

/** How people break a mobile number; beside no break at all and a break after each digit. */
const mobileBreaks = new Set(['11', '3,4,4', '3,8', '7,4', '4,4,3', '4,7', '3,3,5', '5,6', '6,5', '3,4,2,2']);
const countryCodes = new Set(['', '0', '86', '086', '0086']);

function isMobile(digits: string, breaks: () => number[]): boolean {
  let code = digits.length - 11;
  if (code < 0 || code > 4 || digits[code] !== '1' || (digits[code + 1] ?? '') < '3' || !countryCodes.has(digits.slice(0, code)))
    return false;
  // The country code may be a group of its own, be split (00 86), or be written together with what follows.
  const rest = breaks();
  while (code > 0) {
    const length = rest[0] ?? code;
    if (length <= code) rest.shift();
    else rest[0] = length - code;
    code -= Math.min(length, code);
  }
  return rest.length === 11 || mobileBreaks.has(rest.join(','));
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const provinceCodes = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/u;

/** GB 11643: region, date of birth, order, check character; the old form has two digits of the year and no check. */
function isIdentity(id: string, breaks: () => number[]): boolean {
  if ((id.length !== 18 && id.length !== 15) || !provinceCodes.test(id)) return false;
  if (/^\d{17}[\dX]$/u.test(id)) {
    if (!isDate(id.slice(6, 10), id.slice(10, 14))) return false;
    let sum = 0;
    for (let i = 0; i < 17; i += 1) sum += (weights[i] ?? 0) * Number(id[i]);
    return '10X98765432'[sum % 11] === id[17];
  }
  if (!/^\d{15}$/u.test(id) || !isDate(`19${id.slice(6, 8)}`, id.slice(8, 12))) return false;
  const lengths = breaks();
  return lengths.length === 1 || lengths.join(',') === '6,6,3';
}

/** 29 February passes in any year: in doubt it is a date of birth. */
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(year: string, monthDay: string): boolean {
  const month = Number(monthDay.slice(0, 2));
  const day = Number(monthDay.slice(2));
  const y = Number(year);
  return y >= 1880 && y <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= (monthDays[month - 1] ?? 0);
}

/** ISO/IEC 7812: first digits that cards have here (UnionPay 62, older 3–6 and 9, Mastercard 22–27), Luhn. */
function isCard(digits: string, breaks: () => number[]): boolean {
  if (digits.length < 16 || !/^(?:[3-69]|2[2-7])/u.test(digits)) return false;
  const lengths = breaks();
  const fours = lengths.slice(0, -1).every((length) => length === 4) && (lengths.at(-1) ?? 0) <= 4;
  if (lengths.length > 1 && !fours && !(lengths.length === 2 && lengths[0] === 6)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const value = i % 2 === 1 ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** What stands directly before says that it is an order, a parcel, a case or part of a web address: one in ten of those passes Luhn. */
function isOrder(text: string, start: number): boolean {
  return orderLabel.test(text.slice(Math.max(0, start - 14), start));
}

const orderLabel =
  /(?:(?:订单|运单|快递|物流|包裹|工单)(?:编号|编码|号码|单号|号)?|(?:交易|流水|受理|发票|税|立案)(?:编号|编码|号码|单号|号)|信用代码|[A-Za-z]\/)(?:是|为|[:：#№\s]){0,3}$/u;

/** 元 that is money, not 元旦 or 元月. */
function isAmount(text: string, end: number): boolean {
  return /^\s?(?:[万亿]?元(?![旦月宵])|亿|美元|人民币)/u.test(text.slice(end, end + 5));
}
