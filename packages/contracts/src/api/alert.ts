import { alertStates, answers, deadlineKinds, outcomes, recordedDeadlines } from '@guanlan/domain';
import { z } from 'zod';
import { officialResponseView } from './event.ts';
import { reasonView } from './item.ts';
import { notificationView } from './notification.ts';
import { at, categoryName, flag, id, levelName, page, pageQuery } from './wire.ts';

/** One clock of a case. `late`: done, but after its time. */
export const deadlineView = z.object({
  kind: z.enum(deadlineKinds),
  title: z.string(),
  basis: z.string(),
  startedAt: at,
  warnAt: at,
  dueAt: at,
  endedAt: at.nullable(),
  state: z.enum(['running', 'warning', 'overdue', 'paused', 'met', 'late', 'waived']),
});
export type DeadlineView = z.infer<typeof deadlineView>;

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
    /** Who is to answer, once it was assigned. */
    department: z.string().nullable(),
    /** How it was answered, before it is closed. */
    answer: z.enum(answers).nullable(),
    deadlines: z.array(deadlineView),
    /** Until when its clocks stand still; null while they run. */
    pausedUntil: at.nullable(),
    /** Part of a drill: nothing of it counts. */
    drill: z.boolean(),
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
    /** Other cases about the same event, newest first. */
    others: z.array(
      z.object({ id, state: z.enum(alertStates), outcome: z.enum(outcomes).nullable(), openedAt: at, closedAt: at.nullable() }),
    ),
    /** Items in the last hour and the hour before it: what is told no more adds to it. */
    heat: z.object({ lastHour: z.int(), hourBefore: z.int() }),
    /** Null while no office has said anything. */
    response: officialResponseView.nullable(),
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

/** `POST /api/v1/alerts/:id/acknowledge`, `…/verify` and `…/resume`. Every act answers the alert's {@link alertDetail}. */
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

/** `POST /api/v1/alerts/:id/answer`: answered, handed over to the department, or clarified publicly. */
export const alertAnswerRequest = z.object({ answer: z.enum(answers).default('answered'), note });
export type AlertAnswerRequest = z.input<typeof alertAnswerRequest>;

/** `POST /api/v1/alerts/:id/settle`: what a clock asks for was done, or does not apply (`waive`, with the reason as its note). */
export const alertSettleRequest = z.object({ deadline: z.enum(recordedDeadlines), waive: z.boolean().default(false), note });
export type AlertSettleRequest = z.input<typeof alertSettleRequest>;

/** `POST /api/v1/alerts/:id/pause`: the clocks stand still until then, at most a week ahead. The note is the reason. */
export const alertPauseRequest = z.object({ until: at, note: z.string().trim().min(2).max(2_000) });
export type AlertPauseRequest = z.input<typeof alertPauseRequest>;
