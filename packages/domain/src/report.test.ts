import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReceipt, receiptOf, reportStateOf } from './report.ts';

describe('receiptOf', () => {
  it('is the Shanghai day, the turn and a check digit', () => {
    expect(receiptOf(new Date('2026-11-22T16:00:00Z'), 1)).toMatch(/^ZB20261123-0001-\d$/u);
    expect(receiptOf(new Date('2026-11-23T00:00:00Z'), 12_345)).toMatch(/^ZB20261123-12345-\d$/u);
  });

  it('is read back however it is typed', () => {
    const receipt = receiptOf(new Date('2026-11-23T00:00:00Z'), 27);
    for (const typed of [
      receipt,
      receipt.toLowerCase(),
      receipt.replaceAll('-', ''),
      ` ${receipt.replaceAll('-', ' ')} `,
      receipt.replaceAll('-', '－'),
    ]) {
      expect(readReceipt(typed)).toBe(receipt);
    }
    expect(readReceipt('ZB2026')).toBeNull();
  });

  it('finds a wrong digit and two that changed places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.nat(), fc.integer({ min: 1, max: 9 }), (turn, where, by) => {
        const digits = receiptOf(new Date('2026-11-23T00:00:00Z'), turn).replace(/\D/gu, '');
        const at = where % digits.length;
        const wrong = digits.slice(0, at) + ((Number(digits[at]) + by) % 10) + digits.slice(at + 1);
        expect(readReceipt(`ZB${wrong}`)).toBeNull();
        const next = digits[at + 1];
        if (next === undefined || next === digits[at]) return;
        const swapped = digits.slice(0, at) + next + digits[at] + digits.slice(at + 2);
        expect(readReceipt(`ZB${swapped}`)).toBeNull();
      }),
    );
  });
});

it('tells the reporter what the alert says', () => {
  expect([null, 'firing', 'acknowledged', 'verified', 'assigned', 'answered', 'closed'].map((s) => reportStateOf(s as never))).toEqual([
    ...['received', 'received', 'handling', 'handling', 'handling', 'answered', 'answered'],
  ]);
});
