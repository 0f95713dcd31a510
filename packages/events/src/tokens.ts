/**
 * Text as tokens for comparing: a Han character (or kana, hangul, half of a surrogate pair) is one token, a run of letters is one, a
 * number is one, so that `January 25, 2026` weighs three and not eleven. White space and punctuation separate and are dropped;
 * full-width forms and letter case make no difference.
 */

/** Tokens below this are UTF-16 units; the others are hashes of words and numbers. */
export const wordToken = 0x8000_0000;

/** Writes the tokens of `text` into `into` from index `at`, until either ends. Returns the index after the last one. */
export function tokenise(text: string, into: Uint32Array, at = 0): number {
  const room = into.length;
  const length = text.length;
  let word = 0;
  let kind = skip;
  for (let i = 0; i < length && at < room; i += 1) {
    let unit = text.charCodeAt(i);
    if (unit >= 0xff01 && unit <= 0xff5e) unit -= 0xfee0;
    const now = kinds[unit] as number;
    if (kind === now && now >= letter) {
      word = Math.imul(word ^ lower(unit), fnvPrime);
      continue;
    }
    if (kind === digit) {
      // 2,500 and 2500 are one number; 18.5 is one number.
      if ((unit === 0x2c || unit === 0x2e) && kinds[text.charCodeAt(i + 1)] === digit) {
        if (unit === 0x2e) word = Math.imul(word ^ unit, fnvPrime);
        continue;
      }
    }
    if (kind >= letter) into[at++] = (word | wordToken) >>> 0;
    kind = now;
    if (now === single) {
      if (at < room) into[at++] = unit;
    } else if (now >= letter) word = Math.imul(fnvBasis ^ lower(unit), fnvPrime);
  }
  if (kind >= letter && at < room) into[at++] = (word | wordToken) >>> 0;
  return at;
}

/** The tokens of a text, at most `limit`. */
export function tokensOf(text: string, limit: number): Uint32Array {
  const into = new Uint32Array(Math.min(limit, text.length));
  return into.subarray(0, tokenise(text, into));
}

const skip = 0;
const single = 1;
const letter = 2;
const digit = 3;
const fnvBasis = 0x811c9dc5;
const fnvPrime = 0x01000193;

const kinds = new Uint8Array(65_536);
for (let unit = 0; unit < kinds.length; unit += 1) {
  const character = String.fromCharCode(unit);
  if (unit >= 0xd800 && unit <= 0xdfff) kinds[unit] = single;
  else if (unit < 0x80 && /[0-9]/u.test(character)) kinds[unit] = digit;
  else if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(character))
    kinds[unit] = /\p{L}/u.test(character) ? single : skip;
  else if (/[\p{L}\p{N}]/u.test(character)) kinds[unit] = letter;
}

function lower(unit: number): number {
  return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
}
