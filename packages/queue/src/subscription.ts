import type { Contract } from '@guanlan/contracts';
import { GuanlanError, toGuanlanError } from '@guanlan/domain';
import type { Logger } from '@guanlan/runtime';
import { type IQueueBackend, type Job, type JobProgress, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { z } from 'zod';
import type { Backend } from './backend.ts';
import { within } from './deadline.ts';
import { isLost, type Outage } from './outage.ts';
import type { Handler, Subscription } from './types.ts';

interface SubscriptionOptions {
  queueName: string;
  topic: string;
  contract: Contract<z.ZodType, readonly string[]>;
  handler: Handler<unknown>;
  concurrency: number;
  backend: Backend;
  outage: Outage;
  logger: Logger;
  graceMs: number;
}

/**
 * A killed worker's message is found by whoever looks next: its lock runs out after `lockDuration`, and a look
 * happens every `stalledInterval`, so at the latest 9 s later. A message that takes its process with it a
 * thousand times becomes a dead letter. A handler that blocks the event loop for 6 s looks like a killed one.
 */
const recovery = { lockDuration: 6_000, stalledInterval: 3_000, maxStalledCount: 1_000, runRetryDelay: 1_000 };

/** How long a handler has to obey its aborted signal before its message is put back without it, in ms. */
const obeyMs = 1_000;

/** One worker on one queue. The server must be open. */
export function openSubscription(options: SubscriptionOptions): Subscription {
  const { queueName, contract, handler, backend, outage, logger } = options;
  const inHand = new Map<string, AbortController>();

  const worker = new Worker<unknown, void, string, IQueueBackend, JobProgress, object>(
    queueName,
    async (job, token) => {
      const control = new AbortController();
      const jobId = job.id ?? '';
      inHand.set(jobId, control);
      try {
        await Promise.race([handOver(job, control.signal), disobeyed(control.signal)]);
      } catch (error) {
        if (!control.signal.aborted) throw verdict(job, error);
        logger.warn({ queue: queueName, job: jobId, err: control.signal.reason }, 'message put back');
        await job.moveToWait(token);
        throw new WaitingError();
      } finally {
        inHand.delete(jobId);
      }
    },
    { connection: {}, concurrency: options.concurrency, drainDelay: backend.idleWait, ...recovery },
    backend.consumers,
  );
  worker.on('error', (error) => {
    if (isLost(error)) outage.down(error);
    else logger.warn({ queue: queueName, err: error }, 'queue worker fault');
  });
  worker.on('stalled', (jobId) => logger.warn({ queue: queueName, job: jobId }, 'message of a lost worker taken back'));
  worker.on('lockRenewalFailed', (jobIds) => {
    for (const jobId of jobIds) inHand.get(jobId)?.abort(new Error('the message has gone to another worker'));
  });

  async function handOver(job: Job<unknown>, signal: AbortSignal): Promise<void> {
    const parsed = contract.payload.safeParse(job.data);
    if (!parsed.success) throw new GuanlanError('bad-input', `${options.topic} 的消息不合约定：${z.prettifyError(parsed.error)}`);
    await handler({ payload: parsed.data, attempt: job.attemptsMade + 1, signal });
  }

  /** What BullMQ is told: the code and message for the dead letter, and whether to try again. The log has the cause. */
  function verdict(job: Job<unknown>, error: unknown): Error {
    const fault = toGuanlanError(error);
    const attempt = job.attemptsMade + 1;
    const dead = !fault.retryable || attempt >= contract.attempts;
    const facts = { queue: queueName, job: job.id, attempt, of: contract.attempts, code: fault.code, err: error };
    if (dead) logger.error(facts, 'message failed for good: dead letter');
    else logger.warn(facts, 'message failed, will be tried again');
    const reason = `${fault.code}: ${fault.message}`.slice(0, 500);
    return fault.retryable ? new Error(reason, { cause: error }) : Object.assign(new UnrecoverableError(reason), { cause: error });
  }

  let closing: Promise<void> | undefined;
  return {
    close(graceMs = options.graceMs) {
      closing ??= (async () => {
        const finished = worker.close();
        try {
          await within(finished, graceMs);
        } catch (error) {
          if (!isLost(error)) throw error;
          for (const control of inHand.values()) control.abort(new Error('the bus is closing'));
          // With the server away there is nowhere to put a message back; its lock runs out instead.
          await within(finished, obeyMs + 1_000).catch((late: unknown) => {
            if (!isLost(late)) throw late;
            logger.warn({ queue: queueName, handlers: inHand.size }, 'queue worker did not stop in time');
          });
        }
      })();
      return closing;
    },
  };
}

function disobeyed(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), obeyMs).unref(), { once: true });
  return promise;
}
