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
  /** Lines of the task; not told with a fault. */
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
  let lines = 0;
  let fault: Answer['fault'] = null;
  try {
    const pieces = classifyLines(small(parts), judge, options);
    for (let piece = await pieces.next(); ; piece = await pieces.next()) {
      if (piece.done) {
        lines = piece.value;
        break;
      }
      text += piece.value;
    }
  } catch (error) {
    // Anything else is this program's own mistake, and ends the worker with it.
    if (!(error instanceof LineFault)) throw error;
    fault = { line: error.line, problem: error.problem };
  }
  const bytes = encoder.encode(text);
  parentPort?.postMessage({ bytes, lines, fault } satisfies Answer, [bytes.buffer]);
});

/** Decoded in one go, a task would be a string too large for where short-lived ones are collected cheaply. */
const pieceBytes = 64 * 1024;

async function* small(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) for (let from = 0; from < part.length; from += pieceBytes) yield part.subarray(from, from + pieceBytes);
}
