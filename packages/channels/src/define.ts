import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import type { z } from 'zod';

/** What a channel needs of an HTTP client. Whoever assembles the channels adapts the guarded client to it. */
export type ChannelFetch = (url: string, request: ChannelRequest) => Promise<ChannelAnswer>;

export interface ChannelRequest {
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

/** Any answer, whatever its status. Where there is none, `ChannelFetch` throws a `GuanlanError` (see `errorTable`). */
export interface ChannelAnswer {
  status: number;
  /** The beginning of the body; empty where the client does not keep it. */
  body: string;
  /** From a Retry-After header; null when there is none. */
  retryAfterSeconds: number | null;
}

/** The part of the program's logger that a channel may use: ids and levels, never titles, texts or secrets. */
export interface ChannelLogger {
  info(facts: Record<string, unknown>, message: string): void;
}

export interface SendContext {
  fetch: ChannelFetch;
  signal: AbortSignal;
  now: Date;
  /** The same on every attempt of one notification. */
  idempotencyKey: string;
  logger: ChannelLogger;
}

export interface SendResult {
  ok: boolean;
  /** HTTP status, where the channel speaks HTTP and got one. */
  status?: number;
  /** What the receiver said or why there was no answer, at most {@link responseLimit} characters. Goes into the ledger. */
  response: string;
  /** Whether the same message may succeed later. */
  retryable: boolean;
  retryAfterSeconds?: number;
}

export const responseLimit = 500;

/** So many messages in so many milliseconds that the receiver's provider documents for one address. */
export interface ChannelBudget {
  readonly limit: number;
  readonly windowMs: number;
}

export interface ChannelDefinition<Options extends z.ZodObject, Body> {
  /** Also the name of its file. */
  kind: string;
  title: string;
  /** Validates the row and draws the form; a secret is marked by `.meta({ secret: true })`. */
  options: Options;
  /** Kept to by whoever sends; left out where nothing is documented. */
  readonly budget?: readonly ChannelBudget[];
  /** Depends on nothing but the message: every attempt sends the same body. */
  render(message: AlertMessage): Body;
  /** Never throws for what the receiver or the network did, unless the signal was aborted. */
  send(options: z.output<Options>, body: Body, context: SendContext): Promise<SendResult>;
}

/** A channel kind, its own types closed over. */
export interface Channel {
  readonly kind: string;
  readonly title: string;
  readonly options: z.ZodObject;
  readonly budget: readonly ChannelBudget[];
  /** Throws `bad-input` naming each option that is wrong. */
  parseOptions(options: Record<string, unknown>): Record<string, unknown>;
  render(message: AlertMessage): unknown;
  /** Renders and sends. Options that no longer fit the schema are a failure that no retry mends. */
  deliver(options: Record<string, unknown>, message: AlertMessage, context: SendContext): Promise<SendResult>;
}

export function defineChannel<Options extends z.ZodObject, Body>(definition: ChannelDefinition<Options, Body>): Channel {
  const { kind, title, options: schema } = definition;
  const parse = (options: Record<string, unknown>): z.output<Options> => {
    const parsed = schema.safeParse(options);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '选项'}：${issue.message}`);
    throw new GuanlanError('bad-input', `${title}渠道的设置有误。${faults.join('；')}`, { cause: parsed.error });
  };
  return {
    kind,
    title,
    options: schema,
    budget: definition.budget ?? [],
    parseOptions: parse,
    render: (message) => definition.render(message),
    async deliver(options, message, context) {
      let parsed: z.output<Options>;
      try {
        parsed = parse(options);
      } catch (error) {
        return failed((error as Error).message, false);
      }
      return definition.send(parsed, definition.render(message), context);
    },
  };
}

/** The options as they may be shown: secrets as `******`. */
export function maskedOptions(channel: Channel, options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, isSecret(channel, name) ? '******' : value]));
}

export function isSecret(channel: Channel, option: string): boolean {
  const field = channel.options.shape[option] as z.ZodType | undefined;
  return field?.meta()?.secret === true;
}

/** A failure without an answer. */
export function failed(response: string, retryable: boolean): SendResult {
  return { ok: false, response: response.slice(0, responseLimit), retryable };
}
