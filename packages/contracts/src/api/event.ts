import { alertStates, authorKinds, type EventEntryKind, eventEntryTitles, eventLimits, outcomes } from '@guanlan/domain';
import { z } from 'zod';
import { at, categoryName, flag, id, levelName, page } from './wire.ts';

/** One event as the list shows it. */
export const eventView = z
  .object({
    id,
    title: z.string(),
    /** What its items say. */
    level: levelName,
    /** Has a level and is about this county. */
    relevant: z.boolean(),
    categories: z.array(categoryName),
    /** What was said, older things weighing less (half after a day), another source more than another copy. */
    heat: z.number(),
    /** Items of the last six hours over those of the six before, each with one added: 1 is steady. */
    growth: z.number(),
    burst: z.object({
      bursts: z.boolean(),
      /** Items of the last three hours, and what was to be expected by the event's own history and by its category's; null without one. */
      recent: z.int(),
      own: z.number().nullable(),
      category: z.number().nullable(),
    }),
    itemCount: z.int(),
    /** Of its newest 5,000 items, as heat, growth and the curve are. */
    sourceCount: z.int(),
    firstSeenAt: at,
    lastSeenAt: at,
    /** The newest one, with the level a person confirmed, else the one that is proposed. */
    alert: z
      .object({ id, state: z.enum(alertStates), outcome: z.enum(outcomes).nullable(), level: levelName, confirmed: z.boolean() })
      .nullable(),
    /** Where its items are now, when a person has merged it. */
    mergedInto: id.nullable(),
  })
  .meta({ id: 'Event' });
export type EventView = z.infer<typeof eventView>;

export const eventItemView = z.object({
  id,
  title: z.string(),
  /** The first 200 characters of the text. */
  snippet: z.string(),
  url: z.string().nullable(),
  source: z.string(),
  authorKind: z.enum(authorKinds),
  publishedAt: at.nullable(),
  collectedAt: at,
  level: levelName,
  /** The item with the same text that it copies. */
  copyOf: id.nullable(),
});
export type EventItemView = z.infer<typeof eventItemView>;

const entryKind = z.enum(Object.keys(eventEntryTitles) as [EventEntryKind, ...EventEntryKind[]]);

/** What offices have said of a matter after it was told: the first of it, and how many there are. By form; nobody has weighed it. */
export const officialResponseView = z.object({ itemId: id, title: z.string(), source: z.string(), at, count: z.int() });
export type OfficialResponseView = z.infer<typeof officialResponseView>;

export const eventDetail = eventView
  .extend({
    /** Null while there is none. */
    response: officialResponseView.nullable(),
    places: z.array(z.string()),
    /** By kind of author: media, agencies, organisations, individuals. No name of anybody is kept. */
    sourceKinds: z.array(z.object({ kind: z.enum(authorKinds), sources: z.int(), items: z.int() })),
    /** Items per hour, without gaps, at most the last 14 days of the event; hours begin where those of Shanghai do. */
    curve: z.object({
      hours: z.array(z.object({ at, reports: z.int(), copies: z.int() })),
      /** Items before the first of these hours. */
      earlier: z.int(),
    }),
    /** The newest, at most 200, newest first. */
    items: z.array(eventItemView),
    /** Newest first. */
    alerts: z.array(
      z.object({
        id,
        state: z.enum(alertStates),
        level: levelName,
        confirmed: z.boolean(),
        outcome: z.enum(outcomes).nullable(),
        openedAt: at,
        closedAt: at.nullable(),
      }),
    ),
    /** What people did to it, oldest first. */
    entries: z.array(
      z.object({ id, at, kind: entryKind, title: z.string(), otherId: id, items: z.int(), actor: z.string(), note: z.string() }),
    ),
  })
  .meta({ id: 'EventDetail' });
export type EventDetail = z.infer<typeof eventDetail>;

const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/**
 * `GET /api/v1/events`, newest activity first. `level` is the least level shown; `since` and `until` bound the time in which it was talked of;
 * `text` is a part of the title, or an id. Pass `next` of one page as `before` of the following one.
 */
export const eventQuery = z.object({
  level: levelName.optional(),
  category: categoryName.optional(),
  relevant: flag.optional(),
  since: moment.optional(),
  until: moment.optional(),
  text: z.string().trim().min(1).max(100).optional(),
  before: z
    .string()
    .regex(/^\d{1,16}-\d{1,15}$/u, '应为上一页给出的 next')
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type EventQuery = z.input<typeof eventQuery>;

export const eventPage = z.object({ rows: z.array(eventView), next: z.string().nullable() });
export type EventPage = z.infer<typeof eventPage>;

/** `GET /api/v1/events/:id/kindred`: events that may be the same happening, told in other words; only a person merges them. */
export const kindredEvents = z.object({
  rows: z.array(
    eventView.pick({ id: true, title: true, level: true, itemCount: true, firstSeenAt: true, lastSeenAt: true, alert: true }).extend({
      /** Places below the county that both name. */
      places: z.array(z.string()),
      /** What both titles have in common. */
      words: z.array(z.string()),
    }),
  ),
});
export type KindredEvents = z.infer<typeof kindredEvents>;

const note = z.string().trim().max(2_000).default('');

/** `GET /api/v1/events/:id/items`: newest first. */
export const eventItemPage = page(eventItemView);
export type EventItemPage = z.infer<typeof eventItemPage>;

/** `POST /api/v1/events/:id/split`: these items, and others of the same text, become an event of their own, which is answered. */
export const eventSplitRequest = z.object({ itemIds: z.array(id).min(1).max(eventLimits.split), note });
export type EventSplitRequest = z.input<typeof eventSplitRequest>;

/** `POST /api/v1/events/:id/merge`: all its items go into the event `into`, which is answered. */
export const eventMergeRequest = z.object({ into: id, note });
export type EventMergeRequest = z.input<typeof eventMergeRequest>;
