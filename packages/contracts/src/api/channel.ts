import { z } from 'zod';
import { at, id } from './wire.ts';

/** A way to notify. Options are not part of it: they hold secrets and receivers' addresses, and are never returned. */
export const channelView = z.object({
  id,
  kind: z.string(),
  name: z.string(),
  createdAt: at,
  /** Used when this one fails. */
  fallbackId: id.nullable(),
  /** Since when it has failed; null while it answers. */
  downSince: at.nullable(),
});
export type ChannelView = z.infer<typeof channelView>;

export const channelList = z.object({ rows: z.array(channelView) });
export type ChannelList = z.infer<typeof channelList>;

/** `PUT /api/v1/channels/:id/fallback`: which channel is used when this one fails. */
export const channelFallbackRequest = z.object({ fallbackId: id.nullable() });
export type ChannelFallbackRequest = z.input<typeof channelFallbackRequest>;
