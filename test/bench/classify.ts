import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { compileLexicon, loadJudge } from '@guanlan/lexicon';
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
      ratios: ratiosOf(value, baselines),
      memoryMb: await peakMemory(texts),
      runs: rounds,
      note: `${count} posts, ${size.toFixed(1)} MB, ${(size / (taken.ours / 1000)).toFixed(0)} MB/s, ${alerts} with a level, ${terms.length} terms met ${found} times in a tenth; memory of a process that only classifies`,
    },
    await jobs(size),
  ];
}

function ratiosOf(value: number, baselines: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(baselines).map(([name, base]) => [name, value / base]));
}

/** How often the posts are judged for the comparison of threads: enough that their start, half a second each, weighs little. */
const repeats = 200;

/**
 * Lines in, lines out, in one thread and in two, each in a process of its own with its start: what `classify --jobs 2` gains. Two
 * processes side by side, half of the posts each, show what the machine's second core gives at all.
 */
async function jobs(size: number): Promise<BenchResult> {
  const taken = { one: [] as number[], two: [] as number[], apart: [] as number[] };
  for (let run = 0; run < jobRounds; run++) {
    taken.one.push(Number(await ownProcess('jobs.ts', [count, repeats, 1])));
    taken.two.push(Number(await ownProcess('jobs.ts', [count, repeats, 2])));
    const apart = [1, 2].map(() => ownProcess('jobs.ts', [count, repeats / 2, 1]));
    taken.apart.push(Math.max(...(await Promise.all(apart)).map(Number)));
  }
  const rate = (ms: number) => (count * repeats) / (ms / 1000);
  const value = rate(median(taken.two));
  const baselines = { 'one-thread': rate(median(taken.one)), 'two-processes': rate(median(taken.apart)) };
  return {
    ...{ name: 'classify.jobs', unit: 'items/s', value, baselines, ratios: ratiosOf(value, baselines) },
    ...{ runs: jobRounds, note: `2 threads, ${count * repeats} posts, ${(size * repeats).toFixed(0)} MB` },
  };
}

/** Peak resident megabytes of `classify` in a process of its own. */
async function peakMemory(texts: readonly string[]): Promise<number> {
  return Number(await ownProcess('memory.ts', [], texts.map((text, id) => `${JSON.stringify({ id, text })}\n`).join('')));
}

/** What one of the scripts beside this file prints. */
async function ownProcess(script: string, args: readonly number[], input = ''): Promise<string> {
  const argv = [path.join(import.meta.dirname, 'classify', script), ...args.map(String)];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let printed = '';
  for await (const piece of child.stdout) printed += String(piece);
  return printed;
}

async function shippedTerms(): Promise<string[]> {
  const folder = path.join(defaultsDir, 'lexicon');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.txt'));
  const lexicon = compileLexicon(
    await Promise.all(files.map(async (name) => ({ name, text: await readFile(path.join(folder, name), 'utf8') }))),
  );
  return [...new Set(lexicon.rules.flatMap(({ conditions }) => conditions.flatMap(({ groups }) => groups.flat().map(({ text }) => text))))];
}
