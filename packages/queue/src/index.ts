export type { BackendOptions, PostgresBackendOptions, RedisBackendOptions } from './backend.ts';
export { createBus } from './bus.ts';
export type {
  Bus,
  BusHealth,
  BusOptions,
  ConsumerOf,
  Contracts,
  DeadLetter,
  Delivery,
  Handler,
  PayloadOf,
  QueueDepth,
  RingOptions,
  Subscription,
  TopicOf,
} from './types.ts';
