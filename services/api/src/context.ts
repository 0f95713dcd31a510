import type { Db } from '@guanlan/database';
import type { IndicatorProject } from '@guanlan/domain';
import type { Bus } from '@guanlan/queue';
import type { Clock, Logger } from '@guanlan/runtime';
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** One part the API needs to serve, and whether it answers. */
export interface Readiness {
  name: string;
  ok: boolean;
  /** Why not, in Chinese. */
  detail?: string;
}

/** What every route is made of. */
export interface ApiContext {
  db: Db;
  bus: Bus;
  clock: Clock;
  logger: Logger;
  /** The indicator tables that the progress fills in. */
  indicators: readonly IndicatorProject[];
  /** Where people reach the console, without a slash at its end; null when it is just this host and port. */
  publicUrl: string | null;
  /** Folder of the files that come with reports; null when this process keeps none. */
  attachmentsDir: string | null;
  /** Sends one marked message through a channel; null when this process cannot send. */
  testChannel: ((id: number) => Promise<{ ok: boolean; status?: number; response: string }>) | null;
  /** What else must answer before this process can serve, beside the database and the queue. */
  readiness: () => Promise<readonly Readiness[]>;
}

export type ApiServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
