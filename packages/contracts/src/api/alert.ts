import { alertStates, notificationStates, outcomes } from '@guanlan/domain';
import { z } from 'zod';
import { reasonView } from './item.ts';
import { at, categoryName, flag, id, levelName, page, pageQuery } from './wire.ts';

/** One alert as lists and the stream show it. */
export const alertView = z
  .object({
    id,
    eventId: id,
    state: z.enum(alertStates),
    /** What a person confirmed, else what is proposed. */
    level: levelName,
    /** What content, spread and growth propose; `raisedBy` says in words what raised it above the contents. */
    proposal: z.object({ level: levelName, raisedBy: z.array(z.string()), version: z.int().nullable() }),
    /** Null until a person has confirmed a level: so long it is a proposal. */
    confirmed: z.object({ by: z.string(), at }).nullable(),
    title: z.string(),
    categories: z.array(categoryName),
    places: z.array(z.string()),
    /** What the most severe item was matched by, at most five. `start`/`end` are UTF-16 offsets of the match in `snippet`. */
    evidence: z.array(
      z.object({ rule: z.string(), category: categoryName, term: z.string(), snippet: z.string(), start: z.int(), end: z.int() }),
    ),
    /** Who answers for these categories by default. */
    departments: z.array(z.string()),
    outcome: z.enum(outcomes).nullable(),
    itemCount: z.int(),
    sourceCount: z.int(),
    firstSeenAt: at,
    lastSeenAt: at,
    openedAt: at,
    updatedAt: at,
    closedAt: at.nullable(),
  })
  .meta({ id: 'Alert' });
export type AlertView = z.infer<typeof alertView>;

/** One line of the append-only timeline. */
export const alertEntryView = z.object({
  id,
  at,
  kind: z.string(),
  /** What `kind` is called in the console. */
  title: z.string(),
  actor: z.string(),
  note: z.string(),
});
export type AlertEntryView = z.infer<typeof alertEntryView>;

/** One line of the ledger: one message to one channel. */
export const notificationView = z.object({
  id,
  channel: z.object({ id, name: z.string(), kind: z.string() }),
  level: levelName,
  reason: z.string(),
  state: z.enum(notificationStates),
  attempts: z.int(),
  idempotencyKey: z.string(),
  createdAt: at,
  dueAt: at,
  deliveredAt: at.nullable(),
  /** What the receiver said last; empty before the first attempt. */
  lastResponse: z.string(),
});
export type NotificationView = z.infer<typeof notificationView>;

/** An item that tells the alert's story, with what was found in it. */
export const alertItemView = z.object({
  id,
  title: z.string(),
  text: z.string(),
  url: z.string().nullable(),
  source: z.string(),
  publishedAt: at.nullable(),
  collectedAt: at,
  level: levelName,
  reasons: z.array(reasonView),
});
export type AlertItemView = z.infer<typeof alertItemView>;

export const alertDetail = alertView
  .extend({
    /** At most 50, most urgent first; `itemCount` says how many there are. */
    items: z.array(alertItemView),
    timeline: z.array(alertEntryView),
    notifications: z.array(notificationView),
    /** States that may follow (acts that are possible now). */
    next: z.array(z.enum(alertStates)),
  })
  .meta({ id: 'AlertDetail' });
export type AlertDetail = z.infer<typeof alertDetail>;

/** `GET /api/v1/alerts`, newest first. `level` is the least level shown; `open` leaves out closed or open ones. */
export const alertQuery = pageQuery.extend({
  open: flag.optional(),
  level: levelName.optional(),
  category: categoryName.optional(),
});
export type AlertQuery = z.infer<typeof alertQuery>;

export const alertPage = page(alertView);
export type AlertPage = z.infer<typeof alertPage>;

const note = z.string().trim().max(2_000).default('');

/** `POST /api/v1/alerts/:id/acknowledge`, `…/verify` and `…/answer`. Every act answers the alert's {@link alertDetail}. */
export const alertNoteRequest = z.object({ note });
export type AlertNoteRequest = z.input<typeof alertNoteRequest>;

/** `POST /api/v1/alerts/:id/assign`: hand the answering to a department. */
export const alertAssignRequest = z.object({ department: z.string().trim().min(1).max(100), note });
export type AlertAssignRequest = z.input<typeof alertAssignRequest>;

/** `POST /api/v1/alerts/:id/level`: a person confirms the proposed level, or sets another. */
export const alertLevelRequest = z.object({ level: levelName.exclude(['none']), note });
export type AlertLevelRequest = z.input<typeof alertLevelRequest>;

/** `POST /api/v1/alerts/:id/close`: the five outcomes are the only ways a case can end. */
export const alertCloseRequest = z.object({ outcome: z.enum(outcomes), note });
export type AlertCloseRequest = z.input<typeof alertCloseRequest>;
