import { maskAddresses } from './redact-address.ts';
import type { Redacted } from './redact-mark.ts';
import { maskNumbers } from './redact-number.ts';
import { maskNumerals } from './redact-numeral.ts';
import { suspect, suspects } from './redact-suspect.ts';

export { type Redacted, redactionMarks } from './redact-mark.ts';

const addresses = suspect.email | suspect.bracketed | suspect.hash | suspect.plate | suspect.door;

/**
 * Masks what points at a person (个人信息保护法 arts. 4, 6, 28): mobile numbers (also with +86, in full-width digits, with
 * spaces or hyphens between, in Chinese numerals 一三八…), identity-card numbers (18 digits by the checksum of GB 11643, 15 by a plausible region and
 * date), bank cards (16–19 digits, Luhn), number plates (GA 36, with new-energy ones), e-mail addresses, and door numbers
 * down to a unit or a room. A building alone (3号楼) stays: that is where something happens, not who lives there.
 *
 * Kept: emergency and service numbers (110, 12345, 400-…), fixed lines of offices, dates, amounts, order numbers, statutes.
 * In doubt, a passage that has the form of a personal number goes.
 *
 * Deterministic, idempotent (`redact(redact(t).text)` changes nothing) and linear in the text; an ordinary text
 * costs one pass over its characters.
 */
export function redact(text: string): Redacted {
  let found = suspects(text);
  if (found === 0) return { text, count: 0 };
  let count = 0;
  let current = text;
  // Masking one passage may lay another open. Every mask takes a digit, an @ or an (at) away, so this ends.
  while (found !== 0) {
    const masked: Redacted = { text: current, count: 0 };
    if (found & addresses) maskAddresses(masked, found);
    if (found & suspect.number) maskNumbers(masked);
    if (found & suspect.numeral) maskNumerals(masked);
    if (masked.count === 0) break;
    count += masked.count;
    current = masked.text;
    found = suspects(current);
  }
  return { text: current, count };
}
