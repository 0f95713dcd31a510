import { type Carriage, carriageTitles, notificationStates } from '@guanlan/domain';
import { z } from 'zod';
import { at, id, levelName, page, pageQuery } from './wire.ts';

/** One line of the ledger: one message to one channel. */
export const notificationView = z.object({
  id,
  channel: z.object({ id, name: z.string(), kind: z.string() }),
  /** The colleague it was meant for; null for a group. */
  receiver: z.string().nullable(),
  level: levelName,
  /** What a person had confirmed when it was written; null where nobody had. */
  confirmedLevel: levelName.nullable(),
  title: z.string(),
  /** Why it was sent, in words. */
  reason: z.string(),
  state: z.enum(notificationStates),
  attempts: z.int(),
  idempotencyKey: z.string(),
  createdAt: at,
  dueAt: at,
  deliveredAt: at.nullable(),
  /** What the receiver said last; empty before the first attempt. */
  lastResponse: z.string(),
  /** Set on one that another message tells of (state `folded`). */
  carrier: z.object({ id, state: z.enum(notificationStates), deliveredAt: z.string().nullable(), dueAt: z.string() }).nullable(),
  /** Set on a message that tells of others: why they were gathered, and how many they are. */
  carries: z.enum(Object.keys(carriageTitles) as Carriage[]).nullable(),
  folded: z.int(),
  /** The notification whose channel failed. */
  fallbackOf: id.nullable(),
});
export type NotificationView = z.infer<typeof notificationView>;

/** `GET /api/v1/notifications`, newest first. */
export const notificationQuery = pageQuery.extend({ state: z.enum(notificationStates).optional() });
export type NotificationQuery = z.infer<typeof notificationQuery>;

export const ledgerRow = notificationView
  .extend({
    alertId: id.nullable(),
    tries: z.array(z.object({ at: z.string(), ok: z.boolean(), status: z.int().nullable(), response: z.string(), durationMs: z.int() })),
  })
  .meta({ id: 'Notification' });
export type LedgerRow = z.infer<typeof ledgerRow>;

/** `sums`: every message ever written, and where it is; the four add up to `total`. */
export const ledgerPage = page(ledgerRow).extend({
  sums: z.object({ total: z.int(), delivered: z.int(), carried: z.int(), waiting: z.int(), dead: z.int() }),
});
export type LedgerPage = z.infer<typeof ledgerPage>;
