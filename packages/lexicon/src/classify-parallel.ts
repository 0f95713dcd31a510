import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { GuanlanError } from '@guanlan/domain';
import { type ClassifyOptions, longestLine } from './classify.ts';
import type { Answer, Task, WorkerSetup } from './classify-worker.ts';

/** Bytes of input that a worker gets at once: large beside the cost of a message, small beside the memory. */
const batchBytes = 256 * 1024;

/** Batches a worker may have waiting, so that it never idles and the rest of the input stays unread. */
const waiting = 2;

/**
 * As `classifyStream`, with `jobs` worker threads: the same answers in the same order, with back-pressure.
 *
 * @param source text of the lexicon, its gazetteer included; each worker compiles its own.
 * @throws GuanlanError `bad-input`, naming the line, after the answers before it.
 */
export async function classifyParallel(
  input: Readable,
  output: Writable,
  source: string,
  jobs: number,
  options: ClassifyOptions = {},
): Promise<void> {
  await pipeline(answers(input, { source, options }, jobs), output, { end: false });
}

async function* answers(input: AsyncIterable<Uint8Array | string>, workerData: WorkerSetup, jobs: number): AsyncGenerator<string> {
  const hands = Array.from({ length: jobs }, () => hire(workerData));
  const open: Promise<Answer>[] = [];
  let next = 0;
  try {
    for await (const task of batches(input)) {
      open.push(hands[next++ % jobs]?.do(task) as Promise<Answer>);
      if (open.length >= jobs * waiting) yield* told(await open.shift());
    }
    while (open.length > 0) yield* told(await open.shift());
  } finally {
    for (const answer of open) answer.catch(() => {});
    await Promise.all(hands.map(({ worker }) => worker.terminate()));
  }
}

function* told(answer: Answer | undefined): Generator<string> {
  if (answer === undefined) return;
  if (answer.text !== '') yield answer.text;
  if (answer.error !== null) throw new GuanlanError(answer.error.code, answer.error.message);
}

/** A worker answers its tasks one after another, so its answers need no numbers. */
function hire(workerData: WorkerSetup): { worker: Worker; do(task: Task): Promise<Answer> } {
  const worker = new Worker(new URL('./classify-worker.ts', import.meta.url), { workerData });
  const asked: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  let broken: Error | null = null;
  const fail = (error: Error) => {
    broken ??= error;
    for (const { reject } of asked.splice(0)) reject(broken);
  };
  worker.on('message', (answer: Answer) => asked.shift()?.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('a classify worker ended')));
  return {
    worker,
    do: (task) =>
      new Promise((resolve, reject) => {
        if (broken !== null) return reject(broken);
        asked.push({ resolve, reject });
        worker.postMessage(task, [task.bytes.buffer as ArrayBuffer]);
      }),
  };
}

/** Cuts the input after line ends into pieces of about {@link batchBytes}. */
async function* batches(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Task> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let linesBefore = 0;
  const take = (): Task => {
    const bytes = new Uint8Array(held);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    parts = [];
    held = 0;
    return { bytes, linesBefore };
  };
  for await (const piece of input) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    const end = chunk.lastIndexOf(0x0a) + 1;
    if (end > 0 && held + end >= batchBytes) {
      parts.push(chunk.subarray(0, end));
      held += end;
      const task = take();
      const lines = countLines(task.bytes);
      yield task;
      linesBefore += lines;
      if (end < chunk.length) parts.push(chunk.subarray(end));
      held = chunk.length - end;
    } else {
      parts.push(chunk);
      held += chunk.length;
    }
    if (held > longestLine + batchBytes)
      throw new GuanlanError('bad-input', `第 ${linesBefore + 1} 行之后有一行超过 ${longestLine / 1024 / 1024} MB`);
  }
  if (held > 0) yield take();
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
