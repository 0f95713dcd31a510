import { expect, test } from 'vitest';
import { tokensOf } from './tokens.ts';

const of = (text: string) => Array.from(tokensOf(text, 100));

test('a character is a token, a word is one, a number is one', () => {
  expect(of('巨鹿县').length).toBe(3);
  expect(of('January 25, 2026').length).toBe(3);
  expect(of('上涨18.5%，成交2,500笔').length).toBe(7);
});

test('spacing, punctuation, width and case make no difference', () => {
  expect(of('　巨 鹿，县！ＡＰＥＣ２０２６')).toEqual(of('巨鹿县apec 2026'));
  expect(of('2,500')).toEqual(of('2500'));
});

test('numbers that differ are different tokens', () => {
  expect(of('18.5')).not.toEqual(of('185'));
  expect(of('1, 2')).not.toEqual(of('12'));
  expect(of('29日')).not.toEqual(of('27日'));
});

test('no more than asked for', () => {
  expect(tokensOf('一二三四五', 3).length).toBe(3);
  expect(of('').length).toBe(0);
  expect(of('！？…').length).toBe(0);
});
