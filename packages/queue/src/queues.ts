import { type DefaultJobOptions, type IQueueBackend, Queue } from 'bullmq';
import type { Backend } from './backend.ts';
import { isLost, type Outage } from './outage.ts';
import type { Contracts } from './types.ts';

type JobQueue = Queue<unknown, void, string, unknown, void, string, IQueueBackend, object>;

/** One consumer's queue of one topic. */
export interface MessageQueue {
  /** `topic.consumer`. BullMQ forbids only the colon. */
  name: string;
  topic: string;
  consumer: string;
  queue: JobQueue;
}

/** How many dead letters each queue keeps. */
const keptDead = 1_000;

export const queueName = (topic: string, consumer: string): string => `${topic}.${consumer}`;

/** Every queue of the contract table. The server must be open. */
export async function openQueues(pipeline: Contracts, backend: Backend, outage: Outage): Promise<MessageQueue[]> {
  const queues = Object.entries(pipeline).flatMap(([topic, contract]) => {
    const defaultJobOptions: DefaultJobOptions = {
      attempts: contract.attempts,
      backoff: { type: contract.backoff.type, delay: contract.backoff.delayMs },
      removeOnComplete: true,
      removeOnFail: { count: keptDead },
      stackTraceLimit: 0, // the log has it
    };
    return contract.consumers.map((consumer): MessageQueue => {
      const name = queueName(topic, consumer);
      const queue: JobQueue = new Queue(
        name,
        { connection: {}, defaultJobOptions, streams: { events: { maxLen: 100 } } }, // nobody reads the event stream
        backend.producers,
      );
      queue.on('error', (error) => {
        if (isLost(error)) outage.down(error);
      });
      return { name, topic, consumer, queue };
    });
  });
  await Promise.all(queues.map(({ queue }) => queue.waitUntilReady()));
  return queues;
}
