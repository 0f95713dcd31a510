import { unitsOf } from './units.ts';

/**
 * Bits of {@link suspects}. An e-mail address has an @ (`email`), an (at) or a #. `unclean` is no passage: a control character, or half
 * of a character beyond the first 65,536.
 */
export const suspect = { number: 1, email: 2, plate: 4, door: 8, numeral: 16, unclean: 32, bracketed: 64, hash: 128 } as const;

/** Digits as they are written or spoken in Chinese, one character each. */
export const chineseDigits = '〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖';

/** Kinds of characters the first pass tells apart; 0 is everything else. */
const kind = { digit: 1, gap: 2, at: 3, letter: 4, door: 5, numeral: 6, hash: 7, unclean: 8 } as const;

const kinds = new Uint8Array(65_536);
for (let i = 0; i < 10; i += 1) {
  kinds[0x30 + i] = kind.digit;
  kinds[0xff10 + i] = kind.digit;
}
for (let i = 0; i < 26; i += 1) {
  for (const base of [0x41, 0x61, 0xff21, 0xff41]) kinds[base + i] = kind.letter;
}
for (let i = 0; i < 0x20; i += 1) if (i !== 0x0a && i !== 0x0d) kinds[i] = kind.unclean;
for (let i = 0x7f; i < 0xa0; i += 1) kinds[i] = kind.unclean;
for (let i = 0xd800; i < 0xe000; i += 1) kinds[i] = kind.unclean;
for (const char of ' \t\u00a0\u3000\u200b\u2060-－‐‑‒–—.．·•()（）') kinds[char.charCodeAt(0)] = kind.gap;
for (const char of '@＠') kinds[char.charCodeAt(0)] = kind.at;
for (const char of chineseDigits) kinds[char.charCodeAt(0)] = kind.numeral;
for (const char of '#＃') kinds[char.charCodeAt(0)] = kind.hash;
for (const char of '室房户栋幢座楼元牌号') kinds[char.charCodeAt(0)] = kind.door;

/** The provinces of number plates, and the older or special first characters still seen. */
export const plateProvinces = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使';

const provinces = new Uint8Array(65_536);
for (const char of plateProvinces) provinces[char.charCodeAt(0)] = 1;

/** Fewest digits in a row, gaps allowed, that a mobile, identity or card number has. */
const fewestDigits = 11;

/** One pass that says which kinds of passages the text may have; most texts have none. */
export function suspects(text: string): number {
  let found = 0;
  let digits = 0;
  let numerals = 0;
  let gaps = 0;
  const units = unitsOf(text);
  const { length } = text;
  for (let i = 0; i < length; i += 1) {
    const k = kinds[units[i] as number];
    if (k === 0) {
      digits = 0;
      numerals = 0;
      continue;
    }
    if (k === kind.digit) {
      digits += 1;
      gaps = 0;
      if (digits >= fewestDigits) found |= suspect.number;
      if (numerals > 0) numerals += 1;
      if (numerals >= fewestDigits) found |= suspect.numeral;
    } else if (k === kind.numeral) {
      // Arabic digits before it may be part of the same number: 138零零…
      numerals += numerals === 0 ? digits + 1 : 1;
      digits = 0;
      gaps = 0;
      if (numerals >= fewestDigits) found |= suspect.numeral;
    } else if (k === kind.gap) {
      gaps += 1;
      if (gaps > 3) {
        digits = 0;
        numerals = 0;
      }
    } else {
      digits = 0;
      numerals = 0;
      if (k === kind.letter) {
        if (i > 0 && provinces[units[i - 1] as number] === 1) found |= suspect.plate;
        else if (((units[i] as number) | 0x20) === 0x61 && bracketedAt(text, i)) found |= suspect.bracketed;
      } else if (k === kind.door) {
        if (i > 0 && doorAt(text, i)) found |= suspect.door;
      } else if (k === kind.unclean) found |= suspect.unclean;
      else if (mailAt(text, i)) found |= k === kind.at ? suspect.email : suspect.hash;
    }
  }
  return found;
}

/** A look at the characters before: a number or a name of a building, or 单元, or 门牌; before 号 another building. */
function doorAt(text: string, i: number): boolean {
  const char = text[i];
  const before = text[i - 1] ?? '';
  if (char === '元') return before === '单';
  if (char === '牌') return before === '门';
  if (char === '号') return numbered.test(before) && houseBefore.test(text.slice(Math.max(0, i - 9), i));
  return numbered.test(before) || before === '号' || before === '#';
}

const numbered = /[0-9０-９A-Za-zＡ-Ｚａ-ｚ〇零一二三四五六七八九十百甲乙丙丁东西南北]/u;
/** 12弄5(号), 3号院一一(号): at most nine characters, by the bounds of the patterns. */
const houseBefore = /(?:[楼层院栋幢座弄#][\s,，、\-－—]{0,2}|号)(?:[A-Za-zＡ-Ｚａ-ｚ]?[0-9０-９]{1,5}|[〇零一二三四五六七八九十百]{1,4})$/u;

/** An @ or # that has the end of a mailbox before it and the beginning of a host after it; not that of @某某 or #话题#. */
function mailAt(text: string, i: number): boolean {
  return /[a-z0-9._%+\-Ａ-Ｚ０-９＿．－]\s?[@＠#＃]\s?[a-z0-9\-Ａ-Ｚ０-９－]/iu.test(text.slice(Math.max(0, i - 2), i + 3));
}

/** The `a` of (at), [at], （at）, 【at】. */
function bracketedAt(text: string, i: number): boolean {
  const next = text[i + 1];
  if (next !== 't' && next !== 'T') return false;
  return /[(（[【]\s?at\s?[)）\]】]/iu.test(text.slice(Math.max(0, i - 2), i + 4));
}
