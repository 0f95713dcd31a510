import type { Contract, Pipeline } from '@guanlan/contracts';
import type { Logger } from '@guanlan/runtime';
import type { z } from 'zod';
import type { BackendOptions } from './backend.ts';

/** A contract table: the product's own `pipeline`, or a small one in a test. */
export type Contracts = Readonly<Record<string, Contract<z.ZodType, readonly string[]>>>;
export type TopicOf<P extends Contracts> = keyof P & string;
export type PayloadOf<P extends Contracts, T extends TopicOf<P>> = z.infer<P[T]['payload']>;
export type ConsumerOf<P extends Contracts, T extends TopicOf<P> = TopicOf<P>> = P[T]['consumers'][number];

export interface BusOptions<P extends Contracts = Pipeline> {
  backend: BackendOptions;
  logger: Logger;
  /** The contract table; the product's own when absent. */
  pipeline?: P;
  /** How long a ring tries before it fails with `queue-unavailable`, in ms (3,000). */
  ringTimeoutMs?: number;
  /** How long `start` waits for the server, in ms (10,000). */
  startTimeoutMs?: number;
  /** How long `close` lets handlers in hand go on before their signal is aborted, in ms (10,000). */
  graceMs?: number;
}

export interface RingOptions {
  delayMs?: number;
  /**
   * Joins rings that say the same thing. While one with this key still waits, another adds nothing; one that is
   * only delayed is replaced (the newer delay holds); one in a handler's hands is followed by one more. The key
   * must fix the payload: of joined rings only one payload is delivered.
   */
  key?: string;
}

export interface Delivery<Payload> {
  payload: Payload;
  /** 1 for the first delivery. A delivery lost with its process or put back at shutdown does not count. */
  attempt: number;
  /** Aborted when the bus must close now, or when the message has gone to another worker. */
  signal: AbortSignal;
}

export type Handler<Payload> = (delivery: Delivery<Payload>) => Promise<void>;

export interface Subscription {
  /** Takes nothing more; resolves when the handlers in hand have finished, or were put back after `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

export interface QueueDepth {
  topic: string;
  consumer: string;
  waiting: number;
  active: number;
  delayed: number;
  /** Dead letters, at most 1,000 are kept. */
  failed: number;
}

export interface DeadLetter {
  /** Names the letter across queues; `retryDead` takes it. */
  id: string;
  topic: string;
  consumer: string;
  payload: unknown;
  attempts: number;
  /** `code: message` of the last failure. */
  reason: string;
  failedAt: Date;
}

export interface BusHealth {
  backend: BackendOptions['kind'];
  ok: boolean;
  /** One round trip, in ms, when `ok`. */
  latencyMs?: number;
  reason?: string;
}

export interface Bus<P extends Contracts = Pipeline> {
  /**
   * Rings every consumer of the topic: one round trip each, at the same time. Delivered at least once.
   * Fails with `bad-input` (payload against contract) or `queue-unavailable` (no server within the bound).
   */
  ring<T extends TopicOf<P>>(topic: T, payload: PayloadOf<P, T>, options?: RingOptions): Promise<void>;
  /** Many messages in one round trip per consumer. */
  ringMany<T extends TopicOf<P>>(topic: T, payloads: readonly PayloadOf<P, T>[], options?: Pick<RingOptions, 'delayMs'>): Promise<void>;
  /** A handler must be idempotent. Before `start` it waits; after it begins at once. */
  subscribe<T extends TopicOf<P>>(
    consumer: ConsumerOf<P, T>,
    topic: T,
    handler: Handler<PayloadOf<P, T>>,
    options?: { concurrency?: number },
  ): Subscription;
  /** Connects and starts taking. With `consumers` it first demands their handlers, see {@link requireHandlers}. */
  start(options?: { consumers?: readonly ConsumerOf<P>[] }): Promise<void>;
  /** Throws `config-invalid` naming each topic one of these consumers is due to handle and does not. */
  requireHandlers(consumers: readonly ConsumerOf<P>[]): void;
  close(graceMs?: number): Promise<void>;
  health(): Promise<BusHealth>;
  depth(): Promise<QueueDepth[]>;
  /** Newest first, at most `limit` (100) per queue. */
  deadLetters(topic?: TopicOf<P>, limit?: number): Promise<DeadLetter[]>;
  /** Rings dead letters again with all their attempts; says how many. Without a filter, all of them. */
  retryDead(filter?: { topic?: TopicOf<P>; consumer?: ConsumerOf<P>; ids?: readonly string[] }): Promise<number>;
}
