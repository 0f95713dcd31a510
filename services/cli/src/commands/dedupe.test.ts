import { expect, test } from 'vitest';
import { dedupeLines } from './dedupe.ts';

async function answers(lines: readonly string[]): Promise<{ out: unknown[]; error: unknown }> {
  const input = (async function* () {
    for (const line of lines) yield `${line}\n`;
  })();
  let text = '';
  let error: unknown = null;
  try {
    for await (const piece of dedupeLines(input)) text += piece;
  } catch (thrown) {
    error = thrown;
  }
  return {
    out: text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown),
    error,
  };
}

test('answers in order, with the ids as they came', async () => {
  const { out, error } = await answers([
    '{"id":1,"title":"青河县一仓库突发火灾","publishedAt":"2026-11-23T08:00:00+08:00"}',
    '{"id":"b","title":"文化广场举办秧歌比赛","text":null}',
    '',
    '{"id":3,"title":"快讯｜青河县一仓库突发火灾"}',
    '{"id":4,"title":"青河县一仓库突发火灾"}',
  ]);
  expect(error).toBeNull();
  expect(out).toEqual([
    { id: 1, event: 1 },
    { id: 'b', event: 'b' },
    { id: 3, event: 1 },
    { id: 4, event: 1, duplicateOf: 1 },
  ]);
});

test.each([
  ['not json', '第 2 行不是 JSON'],
  ['{"title":"无编号"}', '第 2 行缺少 id'],
  ['{"id":2,"title":7}', '第 2 行的 title 不是字符串'],
  ['{"id":2,"publishedAt":"昨天"}', '第 2 行的 publishedAt 不是时间'],
])('a bad line is named, and what came before it is answered: %s', async (line, message) => {
  const { out, error } = await answers(['{"id":1,"title":"甲"}', line, '{"id":3}']);
  expect(out).toEqual([{ id: 1, event: 1 }]);
  expect((error as Error).message).toContain(message);
});
