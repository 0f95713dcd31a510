import { expect, it } from 'vitest';
import { warningsOf } from './check.ts';
import { compileLexicon } from './lexicon.ts';

const named = (term: string) => warningsOf(compileLexicon(`[类别 accident]\n规则 试 III\n条件 ${term}\n`)).map(({ message }) => message);

it('warns of a word that is a person’s name, where it stands, and of no other', () => {
  expect(named('停水|王建国|起火')).toEqual(['规则“试”里的“王建国”像是人名']);
  const [warning] = warningsOf(compileLexicon('[类别 accident]\n规则 试 III\n条件 起火\n排除 王建国\n'));
  expect(warning).toMatchObject({ message: '规则“试”里的“王建国”像是人名', hint: expect.stringContaining('词库只写事情，不写人') });
  expect(named('洪水|幼儿园|支付宝|养老金|停水|高温天气')).toEqual([]);
});
