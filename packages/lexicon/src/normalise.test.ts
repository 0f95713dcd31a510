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
    expect(plain).toEqual({ text: '平常的话', offsets: null, damaged: false });
    expect(normalise(text).offsets).toBeNull();
  });

  it('reads full width, capitals and compatibility forms as the ordinary sign, keeping offsets', () => {
    expect(normalise('ＥＴＣ停用１２３')).toEqual({ text: 'etc停用123', offsets: null, damaged: false });
    expect(normalise('⽕灾').text).toBe('火灾');
  });

  it('removes what shows nothing and keeps where the rest stood', () => {
    const text = '着\u200b\u200d火\ufe0f了';
    const { text: plain, offsets } = normalise(text);
    expect(plain).toBe('着火了');
    const span = originalSpan(offsets, 0, 2);
    expect(text.slice(span.start, span.end)).toBe('着\u200b\u200d火');
  });

  it('reads traditional characters as simplified ones, whatever form they come in', () => {
    expect(normalise('電梯墜落災後無人處理').text).toBe('电梯坠落灾后无人处理');
    expect(normalise('車禍').text).toBe(normalise('\uf902禍').text);
  });

  it('looks through one or two signs or blanks between two ideographs, and no more', () => {
    for (const written of ['停 水', '停*水', '停.水', '停 * 水'.replace(' * ', '* '), '停·水', '停　水', '停\u200b 水'])
      expect(normalise(written).text, written).toBe('停水');
    for (const written of ['停***水', 'a b', '3 水', '停，水', '停\n水', '停。水'])
      expect(normalise(written).text, written).not.toContain('停水');
    expect(normalise('a b 3 水').text).toBe('a b 3 水');
  });

  it('reads what is left of a text that was decoded wrongly, and leaves stray bad bytes alone', () => {
    // 我是你老同学，住院急用钱，麻烦先转账给我 in GB18030, read as UTF-8.
    const damaged = '��������ͬѧ��סԺ����Ǯ���鷳��ת�˸���';
    expect(normalise(damaged)).toMatchObject({ damaged: true });
    for (const word of ['住院', '钱', '转']) expect(normalise(damaged).text).toContain(word);
    expect(normalise('平常的话里有一个坏字\ufffd，还有 naïve').damaged).toBe(false);
  });

  it('is idempotent and maps every unit to the one it came from', () => {
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
        const { text: plain, offsets } = normalise(text);
        expect(normalise(plain)).toEqual({ text: plain, offsets: null, damaged: false });
        for (let i = 0; i < plain.length; i++) {
          const raw = text.charCodeAt(offsets === null ? i : (offsets[i] ?? -1));
          expect(raw === 0xfffd ? 0x25a1 : foldTable[raw]).toBe(plain.charCodeAt(i));
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
