/** Bits of {@link suspects}. */
export const suspect = { number: 1, email: 2, plate: 4, door: 8, numeral: 16 } as const;

/** Digits as they are written or spoken in Chinese, one character each. */
export const chineseDigits = '〇零○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖';

/** Kinds of characters the first pass tells apart; 0 is everything else. */
const kind = { digit: 1, gap: 2, at: 3, letter: 4, door: 5, numeral: 6, hash: 7 } as const;

const kinds = new Uint8Array(65_536);
for (let i = 0; i < 10; i += 1) {
  kinds[0x30 + i] = kind.digit;
  kinds[0xff10 + i] = kind.digit;
}
for (let i = 0; i < 26; i += 1) {
  for (const base of [0x41, 0x61, 0xff21, 0xff41]) kinds[base + i] = kind.letter;
}
for (const char of ' \t\u00a0\u3000\u200b\u2060-－‐‑‒–—.．·•()（）') kinds[char.charCodeAt(0)] = kind.gap;
for (const char of '@＠') kinds[char.charCodeAt(0)] = kind.at;
for (const char of chineseDigits) kinds[char.charCodeAt(0)] = kind.numeral;
for (const char of '#＃') kinds[char.charCodeAt(0)] = kind.hash;
for (const char of '室房户栋幢座楼元') kinds[char.charCodeAt(0)] = kind.door;
kinds['牌'.charCodeAt(0)] = kind.door;

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
  for (let i = 0; i < text.length; i += 1) {
    const k = kinds[text.charCodeAt(i)];
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
      if (k === kind.at || (k === kind.hash && kinds[text.charCodeAt(i + 1)] !== 0)) found |= suspect.email;
      else if (k === kind.hash) continue;
      else if (k === kind.door) found |= i > 0 && doorAt(text, i) ? suspect.door : 0;
      else if (k === kind.letter && bracketedAt(text, i)) found |= suspect.email;
      else if (i > 0 && provinces[text.charCodeAt(i - 1)] === 1) found |= suspect.plate;
    }
  }
  return found;
}

/** Cheap look at the characters before: a number and its measure word, or 单元, or 门牌. */
function doorAt(text: string, i: number): boolean {
  const char = text[i];
  const before = text[i - 1] ?? '';
  if (char === '元') return before === '单';
  if (char === '牌') return before === '门';
  if (char === '室' || char === '栋' || char === '幢') return numeral.test(before);
  return before === '号' || before === '#' || /[0-9０-９A-Za-zＡ-Ｚａ-ｚ]/u.test(before);
}

/** The `a` of (at), [at], （at）, 【at】. */
function bracketedAt(text: string, i: number): boolean {
  const next = text[i + 1];
  if ((next !== 't' && next !== 'T') || (text[i] !== 'a' && text[i] !== 'A')) return false;
  return /[(（[【]\s?at\s?[)）\]】]/iu.test(text.slice(Math.max(0, i - 2), i + 4));
}

const numeral = /[0-9０-９A-Za-zＡ-Ｚａ-ｚ〇零一二三四五六七八九十]/u;
