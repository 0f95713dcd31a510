import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, folded } from './fingerprint.ts';

const byDefinition = (title: string, text: string) => hash('sha256', `${folded(title)}\n${folded(text)}`, 'hex').slice(0, 32);

describe('fingerprintOf', () => {
  it.each([
    ['县城 停水', 'ＡＢＣ，通知', '县城停水', 'abc,通知'],
    ['通知', '一\n二\u3000三', '通 知', '一二三'],
    ['㈱', 'ﾊﾟ', '(株)', 'パ'],
  ])('%j %j is %j %j', (title, text, otherTitle, otherText) => {
    expect(fingerprintOf(title, text)).toBe(fingerprintOf(otherTitle, otherText));
  });

  it('tells the end of a title from the beginning of a text', () => {
    expect(fingerprintOf('停水', '通知')).not.toBe(fingerprintOf('停水通', '知'));
    expect(fingerprintOf('停水', '')).not.toBe(fingerprintOf('', '停水'));
  });

  it('does not change: it is stored', () => {
    expect(fingerprintOf('巨鹿县停水通知', '明日 8：00 停水。')).toBe('8dd78ae244b005ace6770388c140d1f6');
  });

  it('folds every character as the definition says, also where it may join its neighbours', () => {
    for (let c = 0; c < 0x1_0000; c += 1) {
      for (const before of ['', 'e', 'か', '가', 'ᄀ', 'Σ', 'ﾊ']) {
        const text = `${before}${String.fromCharCode(c)}a`;
        if (fingerprintOf('', text) !== byDefinition('', text)) expect.fail(`U+${c.toString(16)} after ${JSON.stringify(before)}`);
      }
    }
  });

  it('is the same for any text, however long', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('县城', '，', ' ', '\u3000', 'Ａ', 'é', 'e\u0301', '😀', 'ΟΔΟΣ'));
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, fc.constantFrom(1, 1, 1, 500, 3_000), (title, body, times) => {
        expect(fingerprintOf(title, body.repeat(times))).toBe(byDefinition(title, body.repeat(times)));
      }),
      { numRuns: 2_000 },
    );
  });
});
