import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Service } from '@guanlan/runtime';
import type { AssembleOptions, ServiceName } from './assemble.ts';
import type { ResourceOptions, Resources } from './resources.ts';

export interface ThreadInput extends Pick<ResourceOptions, 'freeHosts'>, Pick<AssembleOptions, 'tickMs'> {
  services: readonly ServiceName[];
  databaseUrl: string;
}

/**
 * Services in a thread of their own, with connections of their own: they share nothing with this one but the process. A thread
 * that dies takes the process with it (exit 1), as a service that dies anywhere would: whoever runs us starts us again.
 */
export function createThread(
  services: readonly ServiceName[],
  {
    databaseUrl,
    logger,
    freeHosts = [],
    tickMs,
  }: Pick<Resources, 'databaseUrl' | 'logger'> & Omit<ThreadInput, 'services' | 'databaseUrl'>,
): Service {
  let worker: Worker | undefined;
  let stopping = false;
  return {
    name: services.join('+'),
    start: async () => {
      const thread = new Worker(new URL('./thread-main.ts', import.meta.url), {
        workerData: { services, databaseUrl, freeHosts, tickMs } satisfies ThreadInput,
      });
      worker = thread;
      await Promise.race([
        once(thread, 'message'),
        once(thread, 'exit').then(() => Promise.reject(new Error('the thread ended before it was ready'))),
      ]);
      const lost = (error?: unknown) => {
        if (stopping) return;
        logger.fatal({ services, err: error }, 'thread lost');
        process.exit(1);
      };
      thread.on('error', lost).on('exit', () => lost());
    },
    stop: async () => {
      if (worker === undefined) return;
      stopping = true;
      const gone = once(worker, 'exit');
      worker.postMessage('stop');
      await gone;
    },
  };
}
