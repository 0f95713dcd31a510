import { describe, expect, it } from 'vitest';
import { isAstride, segmentAround } from './segment.ts';
import { countedWords } from './segmenter.ts';

function astride(text: string, term: string): boolean {
  const start = text.indexOf(term);
  return isAstride(segmentAround(text, 0, text.length, start, start + term.length), start, start + term.length);
}

describe('isAstride', () => {
  it('says when a hit is made of parts of two words', () => {
    expect(astride('走中国道路', '国道')).toBe(true);
    expect(astride('产品和服务都好', '和服')).toBe(true);
  });

  it('accepts whole words and parts of one word', () => {
    expect(astride('国道上有坑', '国道')).toBe(false);
    expect(astride('穿和服拍照', '和服')).toBe(false);
    expect(astride('自来水公司停水', '来水')).toBe(false);
  });

  it('cuts very long sentences around the hit', () => {
    const text = `${'的'.repeat(50_000)}走中国道路${'了'.repeat(50_000)}`;
    const start = text.indexOf('国道');
    const boundaries = segmentAround(text, 0, text.length, start, start + 2);
    expect(boundaries.at.length).toBeLessThanOrEqual(257);
    expect(isAstride(boundaries, start, start + 2)).toBe(true);
  });

  it('is not confused by a lone surrogate', () => {
    expect(astride('\ud800国道上有坑', '国道')).toBe(false);
  });
});

describe('countedWords', () => {
  it('keeps what was met in texts, names of people and single characters', () => {
    const words = Buffer.from('天地 1989 n\n天地万物 3 l\n安德烈 3 nrt\n天圆 22 n\n龘 3 zg\n天创 3 n\n天地会 4 j');
    expect(countedWords(words).toString()).toBe('天地 1989 n\n安德烈 3 nrt\n天圆 22 n\n龘 3 zg\n天地会 4 j');
  });
});
