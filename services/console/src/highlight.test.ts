import { describe, expect, it } from 'vitest';
import { excerpt, highlight } from './highlight.ts';

const at = (start: number, end: number, name = `${start}-${end}`) => ({ start, end, name });
const shape = (text: string, spans: ReturnType<typeof at>[]) => highlight(text, spans).map((s) => [s.text, s.marks.map((m) => m.name)]);

describe('highlight', () => {
  it('leaves a text without spans in one piece', () => {
    expect(shape('化工厂起火', [])).toEqual([['化工厂起火', []]]);
    expect(shape('', [])).toEqual([]);
  });

  it('marks exactly the given UTF-16 offsets', () => {
    expect(shape('城西化工厂起火了', [at(5, 7)])).toEqual([
      ['城西化工厂', []],
      ['起火', ['5-7']],
      ['了', []],
    ]);
  });

  it('cuts overlapping spans so that the shared part carries both', () => {
    expect(shape('abcdef', [at(1, 4), at(3, 6)])).toEqual([
      ['a', []],
      ['bc', ['1-4']],
      ['d', ['1-4', '3-6']],
      ['ef', ['3-6']],
    ]);
  });

  it('names the widest of nested spans first', () => {
    expect(shape('abcdef', [at(2, 3), at(1, 5)])).toEqual([
      ['a', []],
      ['b', ['1-5']],
      ['c', ['1-5', '2-3']],
      ['de', ['1-5']],
      ['f', []],
    ]);
  });

  it('keeps two rules on the very same span', () => {
    expect(shape('ab', [at(0, 2, 'one'), at(0, 2, 'two')])).toEqual([['ab', ['one', 'two']]]);
  });

  it('clips what lies beyond the text and drops what is empty', () => {
    expect(shape('abc', [at(-4, 1), at(2, 99), at(1, 1), at(7, 9), at(2, 1)])).toEqual([
      ['a', ['-4-1']],
      ['b', []],
      ['c', ['2-99']],
    ]);
  });

  it('never splits a surrogate pair', () => {
    expect(shape('a𠮷b', [at(0, 2)])).toEqual([
      ['a𠮷', ['0-2']],
      ['b', []],
    ]);
  });

  it('always joins back to the text', () => {
    const text = '县城𠮷东一仓库起火，消防已到场。';
    for (let start = 0; start < text.length; start += 1) {
      for (let end = start; end <= text.length; end += 3) {
        const segments = highlight(text, [at(start, end), at(2, 9)]);
        expect(segments.map((s) => s.text).join('')).toBe(text);
        expect(segments.every((s) => s.text === text.slice(s.start, s.end))).toBe(true);
      }
    }
  });
});

describe('excerpt', () => {
  const folded = (text: string, spans: ReturnType<typeof at>[]) =>
    excerpt(highlight(text, spans), 5).map((part) => ('omitted' in part ? part.omitted : part.text));

  it('keeps short texts whole', () => {
    expect(folded('短文不折叠', [at(0, 1)])).toEqual(['短', '文不折叠']);
  });

  it('keeps the beginning and the surroundings of a hit, and counts what it leaves out', () => {
    const text = `${'甲'.repeat(100)}火${'乙'.repeat(100)}`;
    expect(folded(text, [at(100, 101)])).toEqual(['甲'.repeat(10), 85, '甲'.repeat(5), '火', '乙'.repeat(5), 95]);
  });

  it('shortens a text without hits to its beginning', () => {
    expect(folded('丙'.repeat(200), [])).toEqual(['丙'.repeat(10), 190]);
  });
});
