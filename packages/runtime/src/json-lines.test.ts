import { describe, expect, test } from 'vitest';
import { jsonLines } from './json-lines.ts';

async function read(chunks: (Uint8Array | string)[], longest?: number) {
  const out: { number: number; value: unknown }[] = [];
  const input = (async function* () {
    yield* chunks;
  })();
  for await (const line of jsonLines(input, longest === undefined ? {} : { longest })) out.push(line);
  return out;
}

describe('JSON lines', () => {
  test('come one by one, wherever the chunks end, with their numbers', async () => {
    const bytes = new TextEncoder().encode('{"a":"巨鹿"}\r\n\n{"b":2}');
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await read(chunks)).toEqual([
      { number: 1, value: { a: '巨鹿' } },
      { number: 3, value: { b: 2 } },
    ]);
    expect(await read([])).toEqual([]);
    expect(await read(['{"a":1}\n'])).toEqual([{ number: 1, value: { a: 1 } }]);
  });

  test('a bad one is named by its number', async () => {
    await expect(read(['{"a":1}\n{"a":\n'])).rejects.toThrow('第 2 行不是 JSON');
    await expect(read(['\n[1]\n'])).rejects.toThrow('第 2 行不是 JSON 对象');
  });

  test('a line without an end is not held beyond the bound', async () => {
    await expect(read(['{"a":1}\n', 'x'.repeat(60), 'x'.repeat(60)], 100)).rejects.toThrow('第 2 行超过');
    await expect(read([`{"a":"${'x'.repeat(200)}"}\n`], 100)).rejects.toThrow('第 1 行超过');
  });
});
