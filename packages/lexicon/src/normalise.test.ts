import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldTable, normalise, originalSpan, removed } from './normalise.ts';

const tricky = fc.string({
  unit: fc.constantFrom(
    '着',
    '火',
    'Ａ',
    'a',
    'A',
    '１',
    '1',
    '，',
    ',',
    '\u200b',
    '\ufe0f',
    '\u00ad',
    '⽕',
    '𠮷',
    '😀',
    '　',
    ' ',
    'İ',
    'ﬀ',
  ),
});

describe('normalise', () => {
  it('gives back the same string, without a map, when nothing changes', () => {
    const text = '巨鹿县某小区今晨着火，无人受伤';
    const plain = normalise('平常的话');
    expect(plain).toEqual({ text: '平常的话', offsets: null });
    expect(normalise(text).offsets).toBeNull();
  });

  it('reads full width, capitals and compatibility forms as the ordinary sign, keeping offsets', () => {
    expect(normalise('ＥＴＣ停用１２３')).toEqual({ text: 'etc停用123', offsets: null });
    expect(normalise('⽕灾').text).toBe('火灾');
  });

  it('removes what shows nothing and keeps where the rest stood', () => {
    const text = '着\u200b\u200d火\ufe0f了';
    const { text: plain, offsets } = normalise(text);
    expect(plain).toBe('着火了');
    const span = originalSpan(offsets, 0, 2);
    expect(text.slice(span.start, span.end)).toBe('着\u200b\u200d火');
  });

  it('is idempotent and maps every unit to the one it came from', () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
        const { text: plain, offsets } = normalise(text);
        expect(normalise(plain)).toEqual({ text: plain, offsets: null });
        for (let i = 0; i < plain.length; i++) {
          expect(foldTable[text.charCodeAt(offsets === null ? i : (offsets[i] ?? -1))]).toBe(plain.charCodeAt(i));
        }
      }),
    );
  });

  it('folds every unit to one that folds to itself', () => {
    for (let unit = 0; unit < 65_536; unit++) {
      const folded = foldTable[unit] ?? 0;
      if (folded !== removed) expect(foldTable[folded]).toBe(folded);
    }
  });
});
