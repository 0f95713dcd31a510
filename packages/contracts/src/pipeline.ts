import { z } from 'zod';
import { contract } from './contract.ts';

/** Ids of rows. A message carries ids only: the row is the truth, the queue is the doorbell. */
const id = z.int().positive();
const ids = z.array(id).min(1).max(500);

/** The whole path. A queue is topic + consumer; a subscriber that is not listed does not compile. */
export const pipeline = {
  'source.due': contract({
    payload: z.object({ sourceIds: ids }),
    consumers: ['crawler'],
    attempts: 3,
    backoff: { type: 'exponential', delayMs: 1_000 },
  }),
  'items.collected': contract({
    payload: z.object({ itemIds: ids }),
    consumers: ['classifier'],
    attempts: 5,
    backoff: { type: 'exponential', delayMs: 500 },
  }),
  'events.assessed': contract({
    payload: z.object({ eventIds: ids }),
    consumers: ['dispatcher', 'counter'],
    attempts: 5,
    backoff: { type: 'exponential', delayMs: 500 },
  }),
  'notification.due': contract({
    payload: z.object({ notificationId: id }),
    consumers: ['dispatcher'],
    attempts: 8,
    backoff: { type: 'exponential', delayMs: 1_000 },
  }),
} as const;

export type Pipeline = typeof pipeline;
export type Topic = keyof Pipeline;
export type Payload<T extends Topic> = z.infer<Pipeline[T]['payload']>;
export type Consumer<T extends Topic = Topic> = Pipeline[T]['consumers'][number];
