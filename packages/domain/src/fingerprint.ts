import { hash } from 'node:crypto';
import { unitsOf } from './units.ts';

/**
 * What a title and a text say, whatever their spelling: white space, full-width forms and letter case do not make a text another
 * text. 32 hex digits; equal ones are exact copies of each other.
 */
export function fingerprintOf(title: string, text: string): string {
  // Three bytes a unit, a line end between, and the word that is stored last may reach three bytes further.
  if ((title.length + text.length) * 3 + 8 <= bytes.length) {
    const lineEnd = foldInto(title, 0);
    if (lineEnd !== -1) {
      bytes[lineEnd] = 0x0a;
      const end = foldInto(text, lineEnd + 1);
      if (end !== -1) return digest(bytes.subarray(0, end));
    }
  }
  return digest(`${folded(title)}\n${folded(text)}`);
}

/** 32 hex digits of SHA-256. */
export function digest(value: string | Uint8Array): string {
  return hash('sha256', value, 'hex').slice(0, 32);
}

/** What folding is. {@link foldInto} gives the same, in UTF-8, for texts of characters that can be folded one by one. */
export function folded(value: string): string {
  return value.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
}

const bytes = new Uint8Array(128 * 1_024);
const words = new DataView(bytes.buffer);

/** Writes a folded text in UTF-8 at `at`; answers where it ends, or -1 when one of its characters depends on its neighbours. */
function foldInto(value: string, at: number): number {
  const units = unitsOf(value);
  const { length } = value;
  let end = at;
  for (let i = 0; i < length; i += 1) {
    const c = units[i] as number;
    const fold = folds[c] || learn(c);
    if (fold < 0) return -1;
    // The bytes beyond its own are written over by the next one.
    words.setUint32(end, fold, true);
    end += fold >> 24;
  }
  return end;
}

/**
 * What each UTF-16 unit folds to, filled as they are met: its UTF-8 bytes, the first one lowest, and how many they are in the
 * highest byte. Negative for what folds to several characters, or by its neighbours; 0 for what was not met yet.
 */
const folds = new Int32Array(65_536);
const entangled = -1;
/** No bytes, but not 0. */
const nothing = 1;

/** Combining marks, and Hangul vowels and finals, join what stands before them; a capital sigma looks at what follows it. */
const joining = /[\p{M}\u1160-\u11ff\u03a3\ud800-\udfff]/v;

function learn(c: number): number {
  const form = String.fromCharCode(c).normalize('NFKC');
  const lower = form.toLowerCase();
  const alone = form.length === 1 && lower.length === 1 && !joining.test(form);
  const fold = !alone ? entangled : /\s/u.test(form) ? nothing : packed(Buffer.from(lower));
  folds[c] = fold;
  return fold;
}

function packed(utf8: Uint8Array): number {
  return utf8.reduce((word, byte, i) => word | (byte << (8 * i)), utf8.length << 24);
}
