import type { Socket } from 'node:net';
import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import type { z } from 'zod';
import { withoutSecrets } from './secret.ts';

/** What a channel needs of an HTTP client. Whoever assembles the channels adapts the guarded client to it. */
export type ChannelFetch = (url: string, request: ChannelRequest) => Promise<ChannelAnswer>;

export interface ChannelRequest {
  method: 'GET' | 'POST' | 'PUT';
  headers: Record<string, string>;
  body: string | Uint8Array;
  signal: AbortSignal;
}

/** Any answer, whatever its status. Where there is none, `ChannelFetch` throws a `GuanlanError` (see `errorTable`). */
export interface ChannelAnswer {
  status: number;
  /** The beginning of the body. */
  body: string;
  /** From a Retry-After header; null when there is none. */
  retryAfterSeconds: number | null;
}

/** A TCP connection for what does not speak HTTP, under the same guard; throws as {@link ChannelFetch} does. */
export type ChannelConnect = (target: { hostname: string; port: number; signal: AbortSignal }) => Promise<Socket>;

/** The installation's key pair for Web Push (RFC 8292), base64url: what browsers subscribed with. */
export interface PushKey {
  publicKey: string;
  privateKey: string;
}

/** The part of the program's logger that a channel may use: ids and levels, never titles, texts or secrets. */
export interface ChannelLogger {
  info(facts: Record<string, unknown>, message: string): void;
}

export interface SendContext {
  fetch: ChannelFetch;
  connect: ChannelConnect;
  pushKey: () => Promise<PushKey>;
  /** Longest that the receiver may keep a kind waiting that has a conversation of its own ({@link connect}). */
  timeoutMs: number;
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
  /** What the receiver said or why there was no answer; `deliver` keeps {@link responseLimit} characters. Goes into the ledger. */
  response: string;
  /** Whether the same message may succeed later. */
  retryable: boolean;
  retryAfterSeconds?: number;
}

export const responseLimit = 500;

/** At most `limit` messages in any `windowMs`. */
export interface ChannelBudget {
  readonly limit: number;
  readonly windowMs: number;
}

export interface ChannelDefinition<Options extends z.ZodObject, Body> {
  /** Also the name of its file. */
  kind: string;
  title: string;
  /** One line for whoever sets it up: where the key comes from. */
  guide: string;
  /**
   * Validates the row and draws the form, every field with its `.meta({ title })`; a secret is marked by `.meta({ secret: true })`.
   * A parsed value parses again to itself, because that is what the row holds.
   */
  options: Options;
  /** What the receiver documents; all must hold. Absent: no limit. */
  budget?: readonly ChannelBudget[];
  /** The receiver takes no more than this of what `render` gives (a string as it is, all else as JSON, UTF-8). Absent: no limit. */
  maxBytes?: number;
  /** Depends on nothing but the message and the options: every attempt sends the same body. */
  render(message: AlertMessage, options: z.output<Options>): Body;
  /** Never throws for what the receiver or the network did, unless the signal was aborted. */
  send(options: z.output<Options>, body: Body, context: SendContext): Promise<SendResult>;
}

/** A channel kind, its own types closed over. */
export interface Channel {
  readonly kind: string;
  readonly title: string;
  readonly guide: string;
  readonly options: z.ZodObject;
  readonly budget?: readonly ChannelBudget[];
  readonly maxBytes?: number;
  /** Throws `bad-input` naming each option that is wrong. */
  parseOptions(options: Record<string, unknown>): Record<string, unknown>;
  /** Throws as {@link parseOptions}. */
  render(options: Record<string, unknown>, message: AlertMessage): unknown;
  /**
   * Renders and sends. Options that no longer fit the schema and a message that cannot be rendered are failures that no retry mends, and
   * so is a body that the receiver documents as too long: it is never sent. What the receiver said is freed of the options' secrets, should it repeat them.
   */
  deliver(options: Record<string, unknown>, message: AlertMessage, context: SendContext): Promise<SendResult>;
}

export function defineChannel<Options extends z.ZodObject, Body>(definition: ChannelDefinition<Options, Body>): Channel {
  const { kind, title, guide, options: schema, budget, maxBytes } = definition;
  const parse = (options: Record<string, unknown>): z.output<Options> => {
    const parsed = schema.safeParse(options);
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || '选项'}：${issue.message}`);
    throw new GuanlanError('bad-input', `${title}渠道的设置有误。${faults.join('；')}`, { cause: parsed.error });
  };
  return {
    kind,
    title,
    guide,
    options: schema,
    ...(budget ? { budget } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    parseOptions: parse,
    render: (options, message) => definition.render(message, parse(options)),
    async deliver(options, message, context) {
      let parsed: z.output<Options>;
      let body: Body;
      try {
        parsed = parse(options);
        body = definition.render(message, parsed);
      } catch (error) {
        return failed((error as Error).message, false);
      }
      const bytes = bytesOf(body);
      if (bytes > (maxBytes ?? bytes)) return failed(`消息有 ${bytes} 字节，超过${title}的上限 ${maxBytes} 字节，没有发送`, false);
      const result = await definition.send(parsed, body, context);
      // Masked before it is shortened, so that no part of a secret is left at the end.
      return { ...result, response: withoutSecrets(result.response, schema, parsed).slice(0, responseLimit).toWellFormed() };
    },
  };
}

/** Of what `render` gave, as it counts against `maxBytes`. */
export function bytesOf(body: unknown): number {
  return Buffer.byteLength(typeof body === 'string' ? body : JSON.stringify(body));
}

/** A failure without an answer. */
export function failed(response: string, retryable: boolean): SendResult {
  return { ok: false, response, retryable };
}
