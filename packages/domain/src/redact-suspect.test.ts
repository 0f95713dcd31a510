import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareItem } from './item.ts';
import { redact } from './redact.ts';
import { maskAddresses } from './redact-address.ts';
import type { Redacted } from './redact-mark.ts';
import { maskNumbers } from './redact-number.ts';
import { maskNumerals } from './redact-numeral.ts';
import { chineseDigits, plateProvinces, suspect } from './redact-suspect.ts';

/** Redaction without the look that says what may be there: every mask, until none finds anything. */
function redactWithoutLooking(text: string): Redacted {
  const all = ~suspect.unclean;
  const result: Redacted = { text, count: 0 };
  for (let before = -1; before !== result.count; ) {
    before = result.count;
    maskAddresses(result, all);
    maskNumbers(result);
    maskNumerals(result);
  }
  return result;
}

const digit = fc.constantFrom(...'0123456789０１２３４５６７８９');
const gap = fc.constantFrom(...' \t\n\u00a0\u3000\u200b\u2060-－‐‑‒–—.．·•()（）,，、/：'.split(''));
const digits = fc.array(digit, { minLength: 1, maxLength: 20 }).map((all) => all.join(''));
const mobile = fc
  .tuple(
    fc.constantFrom('13', '１３', '1８', '一三', '幺3'),
    fc.array(fc.oneof(digit, fc.constantFrom(...chineseDigits)), { minLength: 9, maxLength: 9 }),
    gap,
  )
  .map(([head, tail, between]) => head + between + tail.join(''));
const piece = fc.oneof(
  digits,
  digit,
  gap,
  mobile,
  fc.constantFrom(...chineseDigits, ...plateProvinces),
  fc.constantFrom(...'ABCDXxＸａZzatAT@＠#＃+＋学警挂号楼室房户栋幢座单元门牌年月万亿'),
  fc.constantFrom(
    'a.b@qq.com',
    'a（at）qq点com',
    'x#qq.com',
    'ab＠163．com',
    '[at]',
    '冀E12345',
    '冀ED12345',
    '3号楼',
    '2单元',
    '501室',
    '门牌号12',
  ),
  fc.constantFrom('6222021234567890128', '110101199003070011', '县里今天', '。', '😀', '\u0301', '\0', '\u0085', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const mixture = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));

describe('the look before redaction', () => {
  it('overlooks nothing that a mask would find', () => {
    fc.assert(
      fc.property(mixture, (text) => {
        expect(redact(text)).toEqual(redactWithoutLooking(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('finds in a long text what it finds in a short one', () => {
    const plain = '县里今天召开会议，部署安全生产工作。'.repeat(2_200);
    for (const text of [`${plain}13800138000`, `13800138000${plain}`, `${plain}联系13800138000，${plain}`]) {
      expect(redact(text)).toEqual(redactWithoutLooking(text));
      expect(redact(text).count).toBe(1);
    }
  });

  it('spares the steps of storing only a text that they would not change', () => {
    const stored = (text: string) =>
      redact(
        text
          .toWellFormed()
          .replace(/(?![\t\n\r])\p{Cc}/gu, '')
          .trim(),
      );
    fc.assert(
      fc.property(mixture, mixture, (title, text) => {
        const item = prepareItem({ url: null, externalId: 'a', title, text, publishedAt: null }, { sourceId: 1, authorKind: 'unknown' });
        const expected = [stored(title), stored(text)] as const;
        expect([item.title, item.text, item.redactions]).toEqual([...expected.map((e) => e.text), expected[0].count + expected[1].count]);
      }),
      { numRuns: 10_000 },
    );
  });
});
