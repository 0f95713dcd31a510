import { type Pipeline, pipeline as productPipeline } from '@guanlan/contracts';
import { GuanlanError } from '@guanlan/domain';
import type { JobsOptions } from 'bullmq';
import { z } from 'zod';
import { type Backend, openBackend } from './backend.ts';
import { listDead, retryDeadOf } from './dead-letters.ts';
import { untilReached, within } from './deadline.ts';
import { createOutage, isLost } from './outage.ts';
import { type MessageQueue, openQueues, queueName } from './queues.ts';
import { openSubscription } from './subscription.ts';
import type { Bus, BusOptions, Contracts, Handler, RingOptions, Subscription } from './types.ts';

/**
 * Up to so many messages go one by one on PostgreSQL: BullMQ's bulk function makes two temporary tables at each call, some
 * 20 ms and a trail in the catalogues (6.7.0), where one message costs 1–2 ms.
 */
const fewJobs = 8;

/** The doorbell between services: a topic rings the queue of each of its consumers. See {@link Bus}. */
export function createBus<P extends Contracts = Pipeline>(options: BusOptions<P>): Bus<P> {
  const pipeline: Contracts = options.pipeline ?? productPipeline;
  const { logger, ringTimeoutMs = 3_000, startTimeoutMs = 10_000, graceMs = 10_000 } = options;
  const outage = createOutage(logger, options.backend.kind);
  const subscriptions = new Map<string, { open: () => Subscription; opened?: Subscription }>();
  let running: { backend: Backend; queues: MessageQueue[] } | undefined;

  const server = () => {
    if (!running) throw new GuanlanError('internal', '消息总线尚未启动或已关闭：先调用 bus.start()。');
    return running;
  };
  const contractOf = (topic: string) => {
    const contract = pipeline[topic];
    if (!contract) throw new GuanlanError('internal', `没有名为 ${topic} 的主题，见 packages/contracts/src/pipeline.ts。`);
    return contract;
  };
  const checked = (topic: string, payload: unknown): unknown => {
    const parsed = contractOf(topic).payload.safeParse(payload);
    if (parsed.success) return parsed.data;
    throw new GuanlanError('bad-input', `${topic} 的消息不合约定：${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  };
  /** Lost connections are one code for callers; other errors stay what they are. */
  const unavailable = (error: unknown): unknown => {
    if (!isLost(error)) return error;
    outage.down(error);
    return new GuanlanError('queue-unavailable', `队列服务（${options.backend.kind}）连接不上，请检查地址和它是否在运行。`, {
      cause: error,
    });
  };
  const reached = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      const answer = await untilReached(call, ringTimeoutMs);
      outage.up();
      return answer;
    } catch (error) {
      throw unavailable(error);
    }
  };
  const toEach = (topic: string, call: (queue: MessageQueue['queue']) => Promise<unknown>) =>
    Promise.all(
      server()
        .queues.filter((queue) => queue.topic === topic)
        .map(({ queue }) => reached(() => call(queue))),
    );
  const requireHandlers = (consumers: readonly string[]) => {
    const missing = Object.entries(pipeline).flatMap(([topic, contract]) =>
      contract.consumers
        .filter((consumer) => consumers.includes(consumer) && !subscriptions.has(queueName(topic, consumer)))
        .map((consumer) => `${consumer} ← ${topic}`),
    );
    if (missing.length > 0) throw new GuanlanError('config-invalid', `已启用的服务缺少消息处理函数：${missing.join('，')}。`);
  };

  return {
    async ring(topic, payload, ringOptions = {}) {
      const data = checked(topic, payload);
      await toEach(topic, (queue) => queue.add(topic, data, jobOptions(ringOptions)));
    },

    async ringMany(topic, payloads, ringOptions = {}) {
      const jobs = payloads.map((payload) => ({ name: topic, data: checked(topic, payload), opts: jobOptions(ringOptions) }));
      if (jobs.length === 0) return;
      const few = options.backend.kind === 'postgres' && jobs.length <= fewJobs;
      await toEach(topic, async (queue) => {
        if (!few) return queue.addBulk(jobs);
        for (const job of jobs) await queue.add(job.name, job.data, job.opts);
      });
    },

    subscribe(consumer, topic, handler, { concurrency = 1 } = {}) {
      const name = queueName(topic, consumer);
      const contract = contractOf(topic);
      if (!contract.consumers.includes(consumer)) throw new GuanlanError('internal', `${consumer} 不是 ${topic} 的消费者。`);
      if (subscriptions.has(name)) throw new GuanlanError('internal', `${name} 已有处理函数。`);
      const entry: { open: () => Subscription; opened?: Subscription } = {
        open: () =>
          openSubscription({
            queueName: name,
            topic,
            contract,
            handler: handler as Handler<unknown>,
            concurrency,
            backend: server().backend,
            outage,
            logger,
            graceMs,
          }),
      };
      subscriptions.set(name, entry);
      if (running) entry.opened = entry.open();
      return {
        async close(grace) {
          subscriptions.delete(name);
          await entry.opened?.close(grace);
        },
      };
    },

    requireHandlers,

    async start({ consumers = [] } = {}) {
      if (running) throw new GuanlanError('internal', '消息总线已经启动。');
      requireHandlers(consumers);
      const backend = openBackend(options.backend, outage);
      try {
        await backend.open(startTimeoutMs);
        running = { backend, queues: await openQueues(pipeline, backend, outage) };
      } catch (error) {
        await backend.close().catch(() => {});
        throw unavailable(error);
      }
      for (const entry of subscriptions.values()) entry.opened = entry.open();
    },

    async close(grace) {
      if (!running) return;
      const { backend, queues } = running;
      await Promise.all([...subscriptions.values()].map(({ opened }) => opened?.close(grace)));
      subscriptions.clear();
      running = undefined;
      await Promise.all(queues.map(({ queue }) => queue.close()));
      await backend.close();
    },

    async health() {
      const backend = options.backend.kind;
      const began = performance.now();
      try {
        await within(server().backend.ping(), 2_000);
        return { backend, ok: true, latencyMs: performance.now() - began };
      } catch (error) {
        return { backend, ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },

    depth: () =>
      Promise.all(
        server().queues.map(async ({ topic, consumer, queue }) => {
          const counts = await reached(() => queue.getJobCounts('waiting', 'active', 'delayed', 'failed'));
          const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts;
          return { topic, consumer, waiting, active, delayed, failed };
        }),
      ),

    async deadLetters(topic, limit = 100) {
      const queues = server().queues.filter((queue) => topic === undefined || queue.topic === topic);
      const letters = await Promise.all(queues.map((queue) => reached(() => listDead(queue, limit))));
      return letters.flat().sort((a, b) => b.failedAt.getTime() - a.failedAt.getTime());
    },

    async retryDead({ topic, consumer, ids } = {}) {
      let count = 0;
      for (const queue of server().queues) {
        if ((topic === undefined || queue.topic === topic) && (consumer === undefined || queue.consumer === consumer)) {
          count += await retryDeadOf(queue, ids).catch((error: unknown) => {
            throw unavailable(error);
          });
        }
      }
      return count;
    },
  };
}

function jobOptions({ delayMs, key }: RingOptions): JobsOptions {
  return {
    ...(delayMs === undefined ? {} : { delay: delayMs }),
    // Not the job id: an add whose id still exists is ignored, and its news would be lost.
    ...(key === undefined ? {} : { deduplication: { id: key, replace: true, keepLastIfActive: true } }),
  };
}
