import { z } from 'zod';
import { at, id } from './wire.ts';

/** A way to notify. Options are not part of it: they hold secrets and receivers' addresses, and are never returned. */
export const channelView = z.object({ id, kind: z.string(), name: z.string(), createdAt: at });
export type ChannelView = z.infer<typeof channelView>;

export const channelList = z.object({ rows: z.array(channelView) });
export type ChannelList = z.infer<typeof channelList>;
