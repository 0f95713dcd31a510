import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf } from './define.ts';
import { fitted, sentencesOf, textOf } from './fit.ts';
import { markdownOf } from './markdown.ts';
import { plain, type Wording } from './wording.ts';

const prose = fc.string({ unit: fc.constantFrom('水', '停', '。', '！', '；', 'a', ' ', '𠮷', '👨‍👩‍👧', ','), maxLength: 900 });

const wordings: fc.Arbitrary<Wording> = fc.record({
  head: fc.constant('【建议II级】停水三日'),
  facts: fc.array(prose.map(plain), { maxLength: 6 }),
  items: fc.array(
    fc.record({
      title: prose.map((text) => plain(text).slice(0, 100).toWellFormed()),
      from: fc.constant('县融媒体中心'),
      url: fc.constantFrom(null, 'https://news.example/a/1'),
    }),
    {
      maxLength: 6,
    },
  ),
  link: fc.constantFrom(null, 'https://guanlan.example/alerts/7'),
});

describe('sentences', () => {
  test('end with what ends them, lose nothing, and break no character', () => {
    expect(sentencesOf('停水三日。居民反映！！已派人；正在抢修')).toEqual(['停水三日。', '居民反映！！', '已派人；', '正在抢修']);
    expect(sentencesOf('')).toEqual([]);
    fc.assert(
      fc.property(prose, (text) => {
        const sentences = sentencesOf(text);
        expect(sentences.join('')).toBe(text);
        for (const sentence of sentences) {
          expect(sentence.isWellFormed()).toBe(true);
          expect([...sentence].length).toBeLessThanOrEqual(200);
        }
      }),
    );
  });
});

describe('fitting', () => {
  test('keeps the most that fit, says whether it cut, and needs a handful of tries', () => {
    let tries = 0;
    const words = Array.from({ length: 1_000 }, (_, n) => `${n},`);
    const build = (kept: readonly string[], cut: boolean) => {
      tries += 1;
      return kept.join('') + (cut ? '…' : '');
    };
    expect(fitted(words.slice(0, 3), build, () => true)).toBe('0,1,2,');
    expect(fitted(words, build, (text) => text.length <= 21)).toBe('0,1,2,3,4,5,6,7,8,9,…');
    expect(fitted(words, build, (text) => text.length <= 1)).toBe('…');
    expect(tries).toBeLessThan(40);
  });

  test.each([
    ['plain text', (wording: Wording, fits: (text: string) => boolean) => textOf(wording, fits)],
    ['markdown', (wording: Wording, fits: (text: string) => boolean) => markdownOf(wording, { br: '\n\n', fits })],
  ])('%s begins with the head, ends with the way to the rest, and is never too long', (_form, render) => {
    fc.assert(
      fc.property(wordings, fc.integer({ min: 400, max: 5_000 }), (wording, max) => {
        const text = render(wording, (body) => bytesOf({ body }) <= max);
        expect(bytesOf({ body: text })).toBeLessThanOrEqual(max);
        expect(text).toMatch(/^(?:\*\*)?【建议II级】停水三日/u);
        expect(text.isWellFormed()).toBe(true);
        expect(text.split('\n').at(-1)).toContain(wording.link ?? '观澜');
      }),
    );
  });

  test('a line cut in the middle ends at a sentence', () => {
    const wording = { head: '停水', facts: ['一句话说完了。'.repeat(100)], items: [], link: null };
    const lines = textOf(wording, (text) => Buffer.byteLength(text) <= 300).split('\n');
    expect(lines[1]).toMatch(/^(?:一句话说完了。)+$/u);
    expect(lines.at(-1)).toBe('内容过长，其余请在观澜控制台查看');
  });
});
