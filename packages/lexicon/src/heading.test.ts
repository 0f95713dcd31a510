import { expect, test } from 'vitest';
import { isBareHeading } from './heading.ts';

test.each([
  ['情况通报', true],
  ['【警情通报】', true],
  ['关于有关情况的说明', true],
  ['紧急通知！', true],
  ['公告', true],
  ['', false],
  ['火灾通报', false],
  ['关于停水的通知', false],
  ['情况通报会在县里召开', false],
  ['关于某小学腹泻情况的通报', false],
])('%s', (title, expected) => {
  expect(isBareHeading(title)).toBe(expected);
});
