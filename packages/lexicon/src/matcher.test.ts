import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMatcher } from './matcher.ts';
import { normalise } from './normalise.ts';

function found(terms: readonly string[], text: string): string[] {
  const matcher = createMatcher(terms);
  const { count, term, start } = matcher.scan(text);
  return Array.from({ length: count }, (_, i) => `${start[i]} ${matcher.terms[term[i] ?? -1]}`);
}

/** What the matcher must find: each distinct term at each place, by looking. */
function naive(terms: readonly string[], text: string): string[] {
  const plain = normalise(text).text;
  const hits: { at: number; term: string }[] = [];
  for (const term of new Set(terms.map((one) => normalise(one).text))) {
    for (let at = plain.indexOf(term); at >= 0; at = plain.indexOf(term, at + 1)) hits.push({ at, term });
  }
  return hits.sort((a, b) => a.at - b.at || a.term.length - b.term.length).map(({ at, term }) => `${at} ${term}`);
}

describe('createMatcher', () => {
  it('finds all overlapping hits in order of start, shorter first', () => {
    expect(found(['火灾', '火', '突发火灾', '灾'], '突发火灾')).toEqual(['0 突发火灾', '2 火', '2 火灾', '3 灾']);
  });

  it('finds terms of one unit, of the supplementary planes, and very long ones', () => {
    const long = '长'.repeat(5_000);
    expect(found(['火', '𠮷野', '😀', long], `𠮷野着火😀${long}`)).toEqual(['0 𠮷野', '4 火', '5 😀', `7 ${long}`]);
  });

  it('finds what naive search finds, whatever the terms and the text', () => {
    const unit = fc.constantFrom('a', 'A', 'ａ', 'b', '火', '灾', '𠮷', '😀', '\u200b', '１', '1', '\u0000', '\ud800');
    const term = fc.string({ unit, minLength: 1, maxLength: 5 }).filter((text) => normalise(text).text !== '');
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 12 }), fc.string({ unit, maxLength: 60 }), (terms, text) => {
        expect(found(terms, text)).toEqual(naive(terms, text));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same among many terms', () => {
    const terms = Array.from({ length: 20_000 }, (_, i) =>
      String.fromCharCode(0x4e00 + (i % 4_001), 0x4e00 + ((i * 7) % 3_989), 0x4e00 + (i % 13)),
    );
    const text = terms.filter((_, i) => i % 211 === 0).join('');
    expect(found(terms, text)).toEqual(naive(terms, text));
  });

  it('reports a term that reads like an earlier one under the earlier number', () => {
    const { count, term } = createMatcher(['ＥＴＣ', 'etc']).scan('ETC');
    expect([count, term[0]]).toEqual([1, 0]);
  });

  it('grows its buffers for millions of hits', () => {
    expect(createMatcher(['着火', '火着']).scan('着火'.repeat(2_500_000)).count).toBe(4_999_999);
  });

  it('gives the map of offsets when something invisible stood in the text', () => {
    const { count, start, offsets } = createMatcher(['着火']).scan('他家着\u200b火');
    expect([count, offsets?.[start[0] ?? -1]]).toEqual([1, 2]);
  });

  it('refuses an empty term', () => {
    expect(() => createMatcher(['火', '\u200b'])).toThrow(RangeError);
  });
});
