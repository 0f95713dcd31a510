import { z } from 'zod';
import { at, id } from './wire.ts';

/** A way to notify. Options are not part of it: they hold secrets and receivers' addresses, and are never returned. */
export const channelView = z.object({
  id,
  kind: z.string(),
  name: z.string(),
  allowPrivate: z.boolean(),
  createdAt: at,
  /** Of a message or a test; null: never yet. */
  lastSuccessAt: at.nullable(),
  lastFailureAt: at.nullable(),
  /** What the receiver said at the last failure, without secrets; empty when there was none. */
  lastFailure: z.string(),
  /** Used when this one fails. */
  fallbackId: id.nullable(),
  /** Since when it has failed; null while it answers. */
  downSince: at.nullable(),
});
export type ChannelView = z.infer<typeof channelView>;

export const channelList = z.object({ rows: z.array(channelView) });
export type ChannelList = z.infer<typeof channelList>;

const optionValue = z.union([z.string(), z.number(), z.boolean()]);

/** A kind of channel and the form for one. */
export const channelKindView = z.object({
  kind: z.string(),
  title: z.string(),
  /** Where the key comes from. */
  guide: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      type: z.enum(['text', 'lines', 'number', 'boolean', 'choice']),
      choices: z.array(z.string()),
      required: z.boolean(),
      secret: z.boolean(),
      default: optionValue.nullable(),
    }),
  ),
});
export type ChannelKindView = z.infer<typeof channelKindView>;

export const channelKindList = z.object({ rows: z.array(channelKindView) });
export type ChannelKindList = z.infer<typeof channelKindList>;

export const channelRequest = z.strictObject({
  kind: z.string().min(1).max(40),
  name: z.string().trim().min(1, '请填写名称').max(100),
  /** As the kind's own fields say. */
  options: z.record(z.string(), optionValue).default({}),
  /** May be sent to a private or loopback address. */
  allowPrivate: z.boolean().default(false),
});
export type ChannelRequest = z.input<typeof channelRequest>;

/** What is left out stays, each option by itself: a new key alone is enough. */
export const channelChangeRequest = z.strictObject({
  name: channelRequest.shape.name.optional(),
  options: z.record(z.string(), optionValue).optional(),
  allowPrivate: z.boolean().optional(),
});
export type ChannelChangeRequest = z.input<typeof channelChangeRequest>;

/** How a test message fared; `response` is what the receiver said, without secrets. */
export const channelTestView = z.object({ ok: z.boolean(), status: z.number().int().nullable(), response: z.string() });
export type ChannelTestView = z.infer<typeof channelTestView>;

/** What a browser subscribes with (RFC 8292 `applicationServerKey`, base64url). */
export const pushKeyView = z.object({ publicKey: z.string() });
export type PushKeyView = z.infer<typeof pushKeyView>;
/** `PUT /api/v1/channels/:id/fallback`: which channel is used when this one fails. */
export const channelFallbackRequest = z.object({ fallbackId: id.nullable() });
export type ChannelFallbackRequest = z.input<typeof channelFallbackRequest>;
