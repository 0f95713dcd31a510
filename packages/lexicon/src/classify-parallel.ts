import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { type ClassifyOptions, LineFault, longestLine, tooLong } from './classify.ts';
import type { Answer, Task, WorkerSetup } from './classify-worker.ts';

/** Bytes of input that a worker gets at once: large beside the cost of a message, small beside the memory. */
const batchBytes = 1024 * 1024;

/** Batches a worker may have waiting, so that it never idles and the rest of the input stays unread. */
const waiting = 2;

/** Batches for each worker that may be done or waiting before the oldest of them is: one slow batch does not stop the other workers. */
const ahead = 8;

/**
 * Room for what a worker has just made. Collecting it uses threads of its own, which take the cores from the other workers: with more
 * room it is collected less often.
 */
const maxYoungGenerationSizeMb = 64;

/**
 * As `classifyStream`, with `jobs` worker threads: the same answers in the same order, with back-pressure.
 *
 * @param input pieces may share a buffer: each is done with before the next is asked for.
 * @param source text of the lexicon, its gazetteer included; each worker compiles its own.
 * @throws LineFault naming the line, after the answers before it.
 */
export async function classifyParallel(
  input: AsyncIterable<Uint8Array | string>,
  output: Writable,
  source: string,
  jobs: number,
  options: ClassifyOptions = {},
): Promise<void> {
  await pipeline(answers(input, { source, options }, jobs), output, { end: false });
}

async function* answers(input: AsyncIterable<Uint8Array | string>, workerData: WorkerSetup, jobs: number): AsyncGenerator<Uint8Array> {
  const hands = Array.from({ length: jobs }, () => hire(workerData));
  const open: Promise<Answer>[] = [];
  let linesBefore = 0;
  const tell = async function* (until: number): AsyncGenerator<Uint8Array> {
    while (open.length > until) {
      const { bytes, lines, fault } = (await open.shift()) as Answer;
      if (bytes.length > 0) yield bytes;
      if (fault !== null) throw new LineFault(linesBefore + fault.line, fault.problem);
      linesBefore += lines;
    }
  };
  try {
    for await (const task of batches(input)) {
      // Nothing of the line but its beginning was kept, and it is known by its number once those before it are counted.
      if (task === null) {
        yield* tell(0);
        throw new LineFault(linesBefore + 1, tooLong);
      }
      const hand = await leastBusy(hands);
      open.push(hand.do(task));
      yield* tell(jobs * ahead - 1);
    }
    yield* tell(0);
  } finally {
    await Promise.all(hands.map(({ worker }) => worker.terminate()));
  }
}

/** The worker with the fewest tasks, as soon as one has room for another. */
async function leastBusy(hands: readonly Hand[]): Promise<Hand> {
  for (;;) {
    const hand = hands.reduce((least, one) => (one.busy() < least.busy() ? one : least));
    if (hand.busy() < waiting) return hand;
    await Promise.race(hands.map((one) => one.oldest()));
  }
}

interface Hand {
  worker: Worker;
  do(task: Task): Promise<Answer>;
  /** Tasks it has and has not answered. */
  busy(): number;
  /** Settles with the oldest of them. Never rejects: whoever asked for the answer learns of a failure. */
  oldest(): Promise<unknown>;
}

/** A worker answers its tasks one after another, so its answers need no numbers. */
function hire(workerData: WorkerSetup): Hand {
  const worker = new Worker(new URL('./classify-worker.ts', import.meta.url), { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
  const asked: { answer: Promise<Answer>; resolve(answer: Answer): void; reject(error: Error): void }[] = [];
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
    do: (task) => {
      if (broken !== null) return Promise.reject(broken);
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      // The failure is told where the answer is asked for, which may be later.
      promise.catch(() => {});
      asked.push({ answer: promise, resolve, reject });
      worker.postMessage(
        task,
        task.parts.map(({ buffer }) => buffer),
      );
      return promise;
    },
    busy: () => asked.length,
    oldest: async () => asked[0]?.answer.catch(() => {}),
  };
}

/** Cuts the input after line ends into pieces of about {@link batchBytes}. `null`: a line is too long, and what follows is not read. */
async function* batches(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Task | null> {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let held = 0;
  // Copied, since what is handed over is gone from here, and a chunk may be a part of something else.
  const hold = (part: Uint8Array) => {
    if (part.length > 0) parts.push(new Uint8Array(part));
    held += part.length;
  };
  for await (const piece of input) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    let from = 0;
    while (held + chunk.length - from >= batchBytes) {
      // The first line end from where the piece is large enough, or the last one there is.
      const end = chunk.indexOf(0x0a, from + Math.max(0, batchBytes - held - 1)) + 1 || chunk.lastIndexOf(0x0a) + 1;
      if (end <= from) break;
      hold(chunk.subarray(from, end));
      yield { parts };
      parts = [];
      held = 0;
      from = end;
    }
    hold(chunk.subarray(from));
    if (held > longestLine + batchBytes) {
      const all = Buffer.concat(parts);
      const end = all.lastIndexOf(0x0a) + 1;
      if (end > 0) yield { parts: [new Uint8Array(all.subarray(0, end))] };
      return yield null;
    }
  }
  if (held > 0) yield { parts };
}
