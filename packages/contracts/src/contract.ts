import type { z } from 'zod';

/** One topic: who may listen, what is said, how often a failed delivery is tried again. */
export interface Contract<Schema extends z.ZodType, Consumers extends readonly string[]> {
  payload: Schema;
  consumers: Consumers;
  /** Deliveries in all, the first one included. A handler that still fails leaves a dead letter. */
  attempts: number;
  backoff: { type: 'exponential' | 'fixed'; delayMs: number };
}

export function contract<Schema extends z.ZodType, const Consumers extends readonly string[]>(
  definition: Contract<Schema, Consumers>,
): Contract<Schema, Consumers> {
  return definition;
}
