import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorCode, GuanlanError } from '@guanlan/domain';
import { type ClassifyOptions, classifyLines } from './classify.ts';
import { createJudge } from './judge.ts';
import { compileLexicon } from './lexicon.ts';

/** What a worker of `classifyParallel` is given, asked and answers. */
export interface WorkerSetup {
  source: string;
  options: ClassifyOptions;
}
export interface Task {
  /** Whole lines. */
  bytes: Uint8Array;
  linesBefore: number;
}
export interface Answer {
  text: string;
  error: { code: ErrorCode; message: string } | null;
}

const { source, options } = workerData as WorkerSetup;
const judge = createJudge(compileLexicon(source));

parentPort?.on('message', async ({ bytes, linesBefore }: Task) => {
  let text = '';
  let error: Answer['error'] = null;
  try {
    for await (const piece of classifyLines(once(bytes), judge, linesBefore, options)) text += piece;
  } catch (thrown) {
    error = {
      code: thrown instanceof GuanlanError ? thrown.code : 'internal',
      message: thrown instanceof Error ? thrown.message : String(thrown),
    };
  }
  parentPort?.postMessage({ text, error } satisfies Answer);
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
