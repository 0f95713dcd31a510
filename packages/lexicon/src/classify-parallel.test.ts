import { Readable, Writable } from 'node:stream';
import { GuanlanError } from '@guanlan/domain';
import { describe, expect, it } from 'vitest';
import { classifyStream } from './classify.ts';
import { classifyParallel } from './classify-parallel.ts';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

const source = '[类别 accident]\n规则 火 III\n条件 着火\n';

function sink(): { stream: Writable; text(): string } {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece: Buffer, _encoding, done) {
      pieces.push(piece);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}

describe('classifyParallel', () => {
  it('gives the answers of one thread, in their order, whatever the chunks of the input', async () => {
    const input = Buffer.from(
      Array.from(
        { length: 9_000 },
        (_, id) => `${JSON.stringify({ id, text: `第${id}处${id % 3 === 0 ? '着火' : '平常'}${'话'.repeat(id % 90)}` })}\n`,
      ).join(''),
    );
    const chunks = Array.from({ length: Math.ceil(input.length / 7_001) }, (_, n) => input.subarray(n * 7_001, (n + 1) * 7_001));
    const [one, many] = [sink(), sink()];
    await classifyStream(Readable.from(chunks), one.stream, createJudge(compileLexicon(source)));
    await classifyParallel(Readable.from(chunks), many.stream, source, 3);
    expect(many.text()).toBe(one.text());
  });

  it('adds the card that a judge gives of one item, in one thread and in several', async () => {
    const lines = `${JSON.stringify({ id: 1, title: '厂房着火' })}\n${JSON.stringify({ id: 2, text: '平常' })}\n`;
    const judge = createJudge(compileLexicon(source));
    const [one, many] = [sink(), sink()];
    await classifyStream(Readable.from([lines]), one.stream, judge, { explain: true });
    await classifyParallel(Readable.from([lines]), many.stream, source, 2, { explain: true });
    expect(many.text()).toBe(one.text());
    expect(JSON.parse(one.text().split('\n')[0] ?? '')).toEqual({ id: 1, ...judge.explain({ title: '厂房着火' }) });
  });

  it('tells what came before a bad line, then names the line', async () => {
    const lines = Array.from({ length: 5_000 }, (_, id) => JSON.stringify({ id, text: '平常的话'.repeat(30) }));
    lines[4_200] = '{不是 JSON';
    const out = sink();
    const failed = classifyParallel(Readable.from([`${lines.join('\n')}\n`]), out.stream, source, 2);
    await expect(failed).rejects.toThrow(GuanlanError);
    await expect(failed).rejects.toThrow('第 4201 行');
    expect(out.text().trim().split('\n').length).toBe(4_200);
  });

  it('names a line that is too long, wherever the workers are, after the answers before it', async () => {
    const good = `${JSON.stringify({ id: 1, text: '平常的话'.repeat(30) })}\n`.repeat(3_000);
    const endless = Buffer.alloc(1024 * 1024, '话');
    const input = async function* () {
      yield Buffer.from(good);
      for (let sent = 0; sent < 40; sent++) yield endless;
    };
    const out = sink();
    await expect(classifyParallel(Readable.from(input()), out.stream, source, 2)).rejects.toThrow('第 3001 行超过 32 MB');
    expect(out.text().trim().split('\n').length).toBe(3_000);
  });
});
