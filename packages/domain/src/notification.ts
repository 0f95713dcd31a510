import type { CategoryId } from './category.ts';
import type { Level } from './level.ts';

/** `pending` waits for its time, `sending` is claimed, `delivered` was accepted, `dead` needs a person. */
export const notificationStates = ['pending', 'sending', 'delivered', 'dead'] as const;
export type NotificationState = (typeof notificationStates)[number];

/** What a channel renders. Built from rows when the notification is recorded, stored with it, sent as it is. */
export interface AlertMessage {
  /** The same for every delivery of this notification, so that a receiver can drop repeats. */
  idempotencyKey: string;
  alertId: number;
  eventId: number;
  level: Level;
  title: string;
  /** Why this message is sent now, in words. */
  reason: string;
  categories: CategoryId[];
  places: string[];
  departments: string[];
  /** How many items tell the story, from how many sources. */
  itemCount: number;
  sourceCount: number;
  firstSeenAt: string;
  /** The evidence: what was matched by which rule, with a little context. */
  evidence: { rule: string; term: string; snippet: string }[];
  items: { id: number; title: string; url: string | null; source: string; publishedAt: string | null }[];
  /** Console address of the alert, when one is configured. */
  link: string | null;
  /** Set on `channel test`. */
  test?: boolean;
}
