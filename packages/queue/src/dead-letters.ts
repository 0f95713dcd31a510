import type { MessageQueue } from './queues.ts';
import type { DeadLetter } from './types.ts';

/** The newest dead letters of one queue. */
export async function listDead({ name, topic, consumer, queue }: MessageQueue, limit: number): Promise<DeadLetter[]> {
  const jobs = await queue.getFailed(0, limit - 1);
  return jobs.map((job) => ({
    id: `${name}${separator}${job.id}`,
    topic,
    consumer,
    payload: job.data,
    attempts: job.attemptsMade,
    reason: job.failedReason ?? '',
    failedAt: new Date(job.finishedOn ?? job.timestamp),
  }));
}

/** Rings them again from the first attempt: those named, or all of the queue. Says how many. */
export async function retryDeadOf({ name, queue }: MessageQueue, ids: readonly string[] | undefined): Promise<number> {
  const wanted = ids && new Set(ids);
  let count = 0;
  for (const job of await queue.getFailed(0, -1)) {
    if (wanted && !wanted.has(`${name}${separator}${job.id}`)) continue;
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    count++;
  }
  return count;
}

const separator = ':';
