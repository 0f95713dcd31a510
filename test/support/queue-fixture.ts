import { contract, type Payload, pipeline } from '@guanlan/contracts';
import type { BackendOptions } from '@guanlan/queue';

export interface QueueFixture {
  backend: BackendOptions;
}

const { payload } = pipeline['notification.due'];
export type QueuePayload = Payload<'notification.due'>;
export const message = (notificationId: number): QueuePayload => ({ notificationId });

/** A small contract table with short pauses. */
export const queueContracts = {
  fan: contract({ payload, consumers: ['alpha', 'beta'], attempts: 3, backoff: { type: 'fixed', delayMs: 20 } }),
  single: contract({ payload, consumers: ['alpha'], attempts: 3, backoff: { type: 'exponential', delayMs: 20 } }),
} as const;
