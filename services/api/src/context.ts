import type { Db } from '@guanlan/database';
import type { IndicatorProject, PreparedItem } from '@guanlan/domain';
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

export interface SourceToTry {
  /** Undefined: the address is looked at. */
  kind: string | undefined;
  url: string;
  options: Record<string, unknown>;
  allowPrivate: boolean;
}

/** A source as it was recognised. */
interface Recognised {
  kind: string;
  url: string;
  options: Record<string, unknown>;
  title: string | null;
}

/** Reading a source once without storing anything; given by who assembles, since the network is the crawler's. */
export interface SourceLook {
  describe(asked: SourceToTry): Promise<Recognised>;
  try(
    source: Recognised,
    allowPrivate: boolean,
  ): Promise<{ items: readonly PreparedItem[]; skipped: number; refused: readonly { what: string; why: string }[] }>;
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
  /** Null: this process does not try sources. */
  sourceLook: SourceLook | null;
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
