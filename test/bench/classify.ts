import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { classifyParallel, classifyStream, compileLexicon, loadJudge, loadJudgeSource } from '@guanlan/lexicon';
import { defaultsDir } from '@guanlan/runtime';
import nodejieba from 'nodejieba';
import { interleave } from './interleave.ts';
import { type BenchResult, median } from './result.ts';
import { megabytes, ordinaryPosts } from './vocabulary.ts';

const rounds = 5;
const jobRounds = 3;
const count = 4_000;

/** Whole assessments of ordinary posts with the shipped lexicon, beside cutting the same texts into words and looking for every term. */
export async function run(): Promise<BenchResult[]> {
  const texts = [...ordinaryPosts(count)];
  const judge = await loadJudge(path.join(defaultsDir, 'lexicon'));
  const terms = await shippedTerms();
  const size = megabytes(texts);
  let alerts = 0;
  let found = 0;
  const taken = interleave(rounds, {
    ours: () => {
      alerts = 0;
      for (const text of texts) if (judge.assess({ text }).level !== 'none') alerts++;
    },
    cut: () => {
      for (const text of texts) nodejieba.cut(text);
    },
    includes: () => {
      found = 0;
      for (const text of texts.slice(0, 400)) for (const term of terms) if (text.includes(term)) found++;
    },
  });
  const rate = (ms: number, share = 1) => (texts.length * share) / (ms / 1000);
  const value = rate(taken.ours);
  const baselines = { 'nodejieba-cut': rate(taken.cut), 'naive-includes': rate(taken.includes, 0.1) };
  return [
    {
      name: 'classify',
      unit: 'items/s',
      value,
      baselines,
      ratios: Object.fromEntries(Object.entries(baselines).map(([name, base]) => [name, value / base])),
      memoryMb: await peakMemory(texts),
      runs: rounds,
      note: `${count} posts, ${size.toFixed(1)} MB, ${(size / (taken.ours / 1000)).toFixed(0)} MB/s, ${alerts} with a level, ${terms.length} terms met ${found} times in a tenth; memory of a process that only classifies`,
    },
    await jobs(texts),
  ];
}

/** How often the posts are judged for the comparison of threads: enough that their start, half a second each, weighs little. */
const repeats = 200;

/** Lines in, lines out, in one thread and in two, each with its own start: what `classify --jobs 2` gains. */
async function jobs(texts: readonly string[]): Promise<BenchResult> {
  const lines = Buffer.from(texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
  const input = () =>
    Readable.from(
      (function* () {
        for (let n = 0; n < repeats; n++) yield lines;
      })(),
    );
  const output = () => new Writable({ write: (_piece, _encoding, done) => done() });
  const folder = path.join(defaultsDir, 'lexicon');
  const took = async (work: () => Promise<void>): Promise<number> => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const taken = { one: [] as number[], two: [] as number[] };
  for (let run = 0; run < jobRounds; run++) {
    taken.one.push(await took(async () => classifyStream(input(), output(), await loadJudge(folder))));
    taken.two.push(await took(async () => classifyParallel(input(), output(), await loadJudgeSource(folder), 2)));
  }
  const rate = (ms: number) => (texts.length * repeats) / (ms / 1000);
  const [value, one] = [rate(median(taken.two)), rate(median(taken.one))];
  return {
    ...{ name: 'classify.jobs', unit: 'items/s', value, baselines: { 'one-thread': one }, ratios: { 'one-thread': value / one } },
    ...{
      runs: jobRounds,
      note: `2 threads, ${texts.length * repeats} posts, ${((lines.length * repeats) / 1e6).toFixed(0)} MB as JSON lines`,
    },
  };
}

/** Peak resident megabytes of `classify` in a process of its own. */
async function peakMemory(texts: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'classify', 'memory.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join(''));
  let printed = '';
  for await (const piece of child.stdout) printed += String(piece);
  return Number(printed);
}

async function shippedTerms(): Promise<string[]> {
  const folder = path.join(defaultsDir, 'lexicon');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  const lexicon = compileLexicon(
    await Promise.all(files.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') }))),
  );
  return [...new Set(lexicon.rules.flatMap(({ conditions }) => conditions.flatMap(({ groups }) => groups.flat().map(({ text }) => text))))];
}
