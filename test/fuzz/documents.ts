/**
 * Feeds pages, feeds and lists with bytes changed at random to their readers: none may crash, take more than two seconds of processor time or keep memory.
 *
 *     node test/fuzz/documents.ts [--runs 10000] [--seed 1]
 *
 * The project's own fixtures are the seeds, and where they are there the feeds and pages beside the project. Exit code 1 names the runs that failed; the same
 * seed gives the same runs. The tests do a few hundred of these; this is for a night, or before a release.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { GuanlanError } from '@guanlan/domain';
import { decode, parseFeed, readList, readPage } from '@guanlan/sources';
import { mutated, randomOf } from './mutate.ts';

interface Task {
  run: number;
  reader: Reader;
  bytes: Uint8Array;
}
type Reader = 'feed' | 'page' | 'list';
interface Answer {
  run: number;
  ms: number;
  fault: string | null;
}

const slowMs = 2_000;
const root = path.resolve(import.meta.dirname, '../..');

if (isMainThread) await main();
else parentPort?.on('message', (task: Task) => void work(task).then((answer) => parentPort?.postMessage(answer)));

async function work({ run, reader, bytes }: Task): Promise<Answer> {
  // The thread's own time: other work on the machine is no fault of the reader.
  const from = process.threadCpuUsage();
  let fault: string | null = null;
  try {
    await read(reader, bytes);
  } catch (error) {
    if (!(error instanceof GuanlanError)) fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.threadCpuUsage(from);
  return { run, ms: (user + system) / 1_000, fault };
}

async function read(reader: Reader, bytes: Uint8Array): Promise<void> {
  const url = 'https://www.example.org/a/';
  if (reader === 'feed') parseFeed(bytes, { url });
  else if (reader === 'page') await readPage(bytes, { url, now: new Date(0) });
  else await readList(decode(bytes).text, { base: url, now: new Date(0) });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } } });
  const runs = Number(values.runs);
  const random = randomOf(Number(values.seed));
  const seeds = documents();
  let worker = newWorker();
  const faults: string[] = [];
  const times: number[] = [];
  let largest = 0;
  for (let run = 0; run < runs; run += 1) {
    const seed = seeds[Math.floor(random() * seeds.length)];
    if (seed === undefined) throw new Error('没有可用的样本');
    const task: Task = { run, reader: seed.reader, bytes: mutated(seed.bytes, random) };
    const answer = await ask(worker, task);
    if (answer === null || answer.ms > slowMs) faults.push(`第 ${run} 次（${seed.name}）超过 ${slowMs} 毫秒`);
    else if (answer.fault !== null) faults.push(`第 ${run} 次（${seed.name}）：${answer.fault}`);
    if (answer === null) {
      await worker.terminate();
      worker = newWorker();
    } else times.push(answer.ms);
    largest = Math.max(largest, process.memoryUsage.rss());
    if (run % 1_000 === 999) process.stderr.write(`${run + 1} 次，${faults.length} 次有误，内存 ${Math.round(largest / 1_048_576)} MB\n`);
  }
  await worker.terminate();
  times.sort((a, b) => a - b);
  const at = (share: number) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1));
  const memoryMb = Math.round(largest / 1_048_576);
  process.stdout.write(
    `${JSON.stringify({ runs, seeds: seeds.length, faults: faults.length, medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1), memoryMb })}\n`,
  );
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/** Memory that a reader keeps ends the worker, and so the run. */
function newWorker(): Worker {
  return new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 400 } });
}

/** Null when the worker gives no answer in ten times the time allowed, or dies. */
function ask(worker: Worker, task: Task): Promise<Answer | null> {
  return new Promise((resolve) => {
    const done = (answer: Answer | null) => {
      clearTimeout(timer);
      worker.off('message', done);
      worker.off('error', died);
      resolve(answer);
    };
    const died = () => done(null);
    const timer = setTimeout(died, slowMs * 10);
    worker.on('message', done);
    worker.on('error', died);
    worker.postMessage(task);
  });
}

function documents(): { name: string; reader: Reader; bytes: Uint8Array }[] {
  const fixtures = path.join(root, 'packages/sources/fixtures');
  const beside = path.resolve(root, '../shared/data/dev');
  const folders: [folder: string, reader: Reader][] = [
    [path.join(fixtures, 'feed'), 'feed'],
    [path.join(fixtures, 'list'), 'page'],
    [path.join(fixtures, 'list'), 'list'],
    [path.join(fixtures, 'page'), 'page'],
    [path.join(beside, 'feed/files'), 'feed'],
    [path.join(beside, 'page/html'), 'page'],
    [path.join(beside, 'page/html'), 'list'],
  ];
  return folders.flatMap(([folder, reader]) =>
    files(folder).map((file) => ({ name: `${reader} ${path.basename(file)}`, reader, bytes: readFileSync(file) })),
  );
}

function files(folder: string): string[] {
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder, { recursive: true }) : [];
  const all = names.map((name) => path.join(folder, String(name))).sort();
  return all.filter((file) => /\.(?:xml|page|html?|json)$|\/[^./]+$/iu.test(file) && statSync(file).isFile());
}
