import { expect, test } from 'vitest';
import { isOfficialWord } from './official-response.ts';
import type { AuthorKind } from './source.ts';

test.each<[AuthorKind, string, boolean, string?]>([
  ['agency', '关于某化工厂火灾的情况通报', true],
  ['agency', '情况说明', true],
  ['agency', '关于网传学校停课的辟谣', true],
  ['agency', '关于某小区停水问题的回复', true],
  ['agency', '某小区停水三天', true, '网友您好：您反映的问题收悉，现答复如下'],
  ['agency', '县气象台发布暴雨红色预警信号', false],
  ['agency', '全县情况通报会召开', false],
  ['agency', '关于对某镇通报表扬的决定', false],
  ['agency', '某化工厂火灾', false],
  ['media', '官方通报某化工厂火灾：2人受伤', true],
  ['media', '【警方回应】网传抢孩子不实', true],
  ['media', '某化工厂起火，当地尚未回应', false],
  ['media', '某明星回应恋情', false],
  ['individual', '官方回应了吗', false],
])('%s %s', (authorKind, title, expected, snippet = '') => {
  expect(isOfficialWord({ title, snippet, authorKind })).toBe(expected);
});
