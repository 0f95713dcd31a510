import { z } from 'zod';
import { at, categoryName, id, levelName } from './wire.ts';

const reason = z.string().trim().min(2, '请写明理由').max(200);
const places = z.array(z.string().trim().min(1).max(40)).max(50).default([]);

/** `GET /api/v1/silences`, newest first. `state`: `ahead`, `active`, or `over`. */
export const silenceView = z
  .object({
    id,
    categories: z.array(categoryName),
    places: z.array(z.string()),
    /** More urgent alerts are told all the same; never I. */
    maxLevel: levelName,
    startsAt: at,
    endsAt: at,
    reason: z.string(),
    actor: z.string(),
    endedAt: at.nullable(),
    endedBy: z.string().nullable(),
    state: z.enum(['ahead', 'active', 'over']),
  })
  .meta({ id: 'Silence' });
export type SilenceView = z.infer<typeof silenceView>;

export const silenceList = z.object({ rows: z.array(silenceView) });
export type SilenceList = z.infer<typeof silenceList>;

/** `POST /api/v1/silences` → 201. Needs an end, at most 30 days ahead, and a reason. `POST /api/v1/silences/:id/end` ends it before. */
export const silenceRequest = z.object({
  categories: z.array(categoryName).max(20).default([]),
  places,
  maxLevel: z.enum(['II', 'III', 'IV']),
  startsAt: at.optional(),
  endsAt: at,
  reason,
});
export type SilenceRequest = z.input<typeof silenceRequest>;

/** `GET /api/v1/inhibitions`, newest first: rules by which an open, severe alert mutes lower ones of its place and category. */
export const inhibitionView = z
  .object({
    id,
    minLevel: levelName,
    minutes: z.int(),
    categories: z.array(categoryName),
    reason: z.string(),
    startsAt: at,
    endsAt: at.nullable(),
    actor: z.string(),
    endedAt: at.nullable(),
    endedBy: z.string().nullable(),
    state: z.enum(['ahead', 'active', 'over']),
  })
  .meta({ id: 'Inhibition' });
export type InhibitionView = z.infer<typeof inhibitionView>;

export const inhibitionList = z.object({ rows: z.array(inhibitionView) });
export type InhibitionList = z.infer<typeof inhibitionList>;

/** `POST /api/v1/inhibitions` → 201; `POST /api/v1/inhibitions/:id/end`. */
export const inhibitionRequest = z.object({
  minLevel: z.enum(['I', 'II', 'III']),
  minutes: z.int().min(1).max(10_080),
  categories: z.array(categoryName).max(20).default([]),
  endsAt: at.optional(),
  reason,
});
export type InhibitionRequest = z.input<typeof inhibitionRequest>;
