import type { CategoryId } from './category.ts';
import type { Level } from './level.ts';

/**
 * `pending` waits for its time, `sending` is claimed, `delivered` was accepted, `dead` needs a person, `folded` is told by
 * another message (its carrier), whose state is then its own.
 */
export const notificationStates = ['pending', 'sending', 'delivered', 'dead', 'folded'] as const;
export type NotificationState = (typeof notificationStates)[number];

/** What a channel renders. Built from rows when the notification is recorded, stored with it, sent as it is. */
export interface AlertMessage {
  /** The same for every delivery of this notification, so that a receiver can drop repeats. */
  idempotencyKey: string;
  alertId: number;
  eventId: number;
  /** What is proposed. */
  level: Level;
  /** What a person has confirmed; absent until somebody has. */
  confirmedLevel?: Level;
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
  /** Set on a message about the watching itself: no event, no alert (both ids are 0), level `none`, `reason` says it all. */
  notice?: NoticeKind;
  /** Set on a message about a drill: title and reason say so too. */
  drill?: boolean;
  /** Of a digest: the alerts it tells of, most urgent first, at most 500. `itemCount` is the number of messages it stands for. */
  alerts?: { alertId: number; eventId: number; level: Level; confirmedLevel?: Level; title: string; reason: string; link: string | null }[];
}

/**
 * `source-health` of sources; `path` a part of the program that stands still; `daily` the word that all is quiet; `digest` several
 * messages in one (`level` is then the most severe of them).
 */
export const noticeKinds = ['source-health', 'path', 'daily', 'digest'] as const;
export type NoticeKind = (typeof noticeKinds)[number];
