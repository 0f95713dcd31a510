import { Worker } from 'node:worker_threads';
import type { Fault } from './faults.ts';

/** {@link warningsOf} in a thread of its own: loading the segmenter's dictionary takes half a second that nobody else should wait for. */
export function warningsApart(source: string): Promise<Fault[]> {
  const worker = new Worker(new URL('./warnings-worker.ts', import.meta.url), { workerData: source });
  return new Promise((resolve, reject) => {
    worker.once('message', (warnings: Fault[]) => {
      resolve(warnings);
      void worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that looks for warnings ended')));
  });
}
