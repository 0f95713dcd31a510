import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { classifyLines, classifyStream } from './classify.ts';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

const judge = createJudge(compileLexicon('[类别 accident]\n规则 火 III\n 条件 着火|起火'));

async function answers(chunks: (string | Uint8Array)[]): Promise<Record<string, unknown>[]> {
  let out = '';
  for await (const piece of classifyLines(Readable.from(chunks), judge)) out += piece;
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('classifyLines', () => {
  it('answers every line, in order, with the promised shape', async () => {
    const out = await answers(['{"id":"a","title":"民房着火","sourceKind":"media"}\r\n', '\n{"id":2,"text":"晴天"}']);
    expect(out.map(({ id }) => id)).toEqual(['a', 2]);
    expect(out[0]).toMatchObject({
      level: 'III',
      categories: ['accident'],
      local: false,
      places: [],
      reasons: [{ rule: '火', category: 'accident', term: '着火', field: 'title', start: 2, end: 4, text: '着火' }],
      suppressed: [],
    });
    expect(out[1]).toEqual({ id: 2, level: 'none', score: 0, categories: [], local: false, places: [], reasons: [], suppressed: [] });
  });

  it('puts characters together that were cut by chunks', async () => {
    const bytes = new TextEncoder().encode('{"id":1,"title":"民房着火"}\n{"id":2,"title":"😀起火"}\n');
    const out = await answers(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(out.map(({ reasons }) => (reasons as { start: number }[])[0]?.start)).toEqual([2, 2]);
  });

  it.each([
    ['不是 JSON', '{"id":1}\n{"id":2,\n'],
    ['JSON 对象', '{"id":1}\n[1]\n'],
    ['缺少 id', '{"id":1}\n{"title":"x"}\n'],
    ['title 不是字符串', '{"id":1}\n{"id":2,"title":3}\n'],
  ])('names the line of a fault (%s) after answering those before', async (what, input) => {
    let out = '';
    const reading = (async () => {
      for await (const piece of classifyLines(Readable.from([input]), judge)) out += piece;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'bad-input', message: expect.stringMatching(new RegExp(`第 2 行.*${what}`, 'u')) });
    expect(out).toContain('"id":1');
  });

  it('refuses a line that never ends', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield 'x'.repeat(1024 * 1024);
      })(),
    );
    await expect(async () => {
      for await (const _ of classifyLines(endless, judge));
    }).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('第 1 行') });
  });
});

describe('classifyStream', () => {
  it('reads no faster than its output is taken', async () => {
    let read = 0;
    let written = 0;
    let ahead = 0;
    const line = `${JSON.stringify({ id: 1, title: '民房着火' })}\n`;
    const input = Readable.from(
      (function* () {
        for (; read < 5_000; read++) yield line;
      })(),
    );
    const output = new Writable({
      highWaterMark: 1,
      write(chunk: Buffer, _encoding, done) {
        ahead = Math.max(ahead, read - written);
        written += chunk.toString().split('\n').length - 1;
        setImmediate(done);
      },
    });
    await classifyStream(input, output, judge);
    expect(written).toBe(5_000);
    expect(ahead).toBeLessThan(2_000);
    expect(output.writableEnded).toBe(false);
  });
});
