import { parentPort, workerData } from 'node:worker_threads';
import { type ClassifyOptions, classifyLines, LineFault } from './classify.ts';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';
import { loadSegmenter } from './segment.ts';

/** What a worker of `classifyParallel` is given, asked and answers. */
export interface WorkerSetup {
  source: string;
  options: ClassifyOptions;
}
export interface Task {
  /** Whole lines, cut anywhere. */
  parts: Uint8Array<ArrayBuffer>[];
}
export interface Answer {
  /** Answers as UTF-8, ready to be written: encoding them is work, and the thread that writes has all the others to serve. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Lines of the task. */
  lines: number;
  /** The line that could not be judged, counted within the task, after the answers before it. */
  fault: { line: number; problem: string } | null;
}

const { source, options } = workerData as WorkerSetup;
const judge = createJudge(compileLexicon(source));
const encoder = new TextEncoder();
// All workers at once: each would stop for it at some text, one after another.
loadSegmenter();

parentPort?.on('message', async ({ parts }: Task) => {
  let text = '';
  let fault: Answer['fault'] = null;
  try {
    for await (const piece of classifyLines(each(parts), judge, options)) text += piece;
  } catch (error) {
    // Anything else is this program's own mistake, and ends the worker with it.
    if (!(error instanceof LineFault)) throw error;
    fault = { line: error.line, problem: error.problem };
  }
  const bytes = encoder.encode(text);
  parentPort?.postMessage({ bytes, lines: countLines(parts), fault } satisfies Answer, [bytes.buffer]);
});

async function* each(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

function countLines(parts: readonly Uint8Array[]): number {
  let lines = 0;
  for (const part of parts) for (let at = part.indexOf(0x0a); at >= 0; at = part.indexOf(0x0a, at + 1)) lines++;
  return lines;
}
