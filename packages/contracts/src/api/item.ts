import { authorKinds, type Explained } from '@guanlan/domain';
import { z } from 'zod';
import { at, categoryName, flag, id, levelName, page, pageQuery } from './wire.ts';

/** One piece of evidence. `start`/`end` are UTF-16 offsets into the item's `field`; `text` is that slice. */
export const reasonView = z
  .object({
    rule: z.string(),
    category: categoryName,
    term: z.string(),
    field: z.enum(['title', 'text']),
    start: z.int(),
    end: z.int(),
    text: z.string(),
  })
  .meta({ id: 'Reason' });
export type ReasonView = z.infer<typeof reasonView>;

const suppressedView = z.object({ rule: z.string(), by: z.string(), text: z.string() });

const judgement = z.object({
  level: levelName,
  score: z.number(),
  categories: z.array(categoryName),
  places: z.array(z.string()),
  /** The text names a place of this county. */
  local: z.boolean(),
  /** Has a level and is about this county, by its text or by its source. */
  relevant: z.boolean(),
});

export const itemView = z
  .object({
    id,
    title: z.string(),
    /** The first 200 characters of the text. */
    snippet: z.string(),
    url: z.string().nullable(),
    source: z.object({ id, name: z.string(), kind: z.string() }),
    authorKind: z.enum(authorKinds),
    publishedAt: at.nullable(),
    collectedAt: at,
    eventId: id.nullable(),
    /** Null while the item waits for the classifier. */
    assessment: judgement.nullable(),
  })
  .meta({ id: 'Item' });
export type ItemView = z.infer<typeof itemView>;

export const itemDetail = itemView
  .extend({
    text: z.string(),
    assessment: judgement
      .extend({
        revisionId: id,
        assessedAt: at,
        reasons: z.array(reasonView),
        /** Rules that would have fired, and what held them back. */
        suppressed: z.array(suppressedView),
      })
      .nullable(),
    /** What the same address said later, oldest first; the judgement is of the first text. */
    revisions: z.array(z.object({ at, title: z.string(), text: z.string() })),
    alertIds: z.array(id),
    /** Where the item stands in the yearly count; null when it is not relevant or not yet tallied. */
    tally: z.object({ year: z.int(), state: z.enum(['counted', 'duplicate', 'struck']), note: z.string() }).nullable(),
  })
  .meta({ id: 'ItemDetail' });
export type ItemDetail = z.infer<typeof itemDetail>;

/** `GET /api/v1/items/:id/explanation`: the card that `classify --explain` prints, under the revision of the newest assessment. */
export const explanationView = z
  .object({
    level: levelName,
    score: z.number(),
    categories: z.array(categoryName),
    local: z.boolean(),
    places: z.array(z.string()),
    reasons: z.array(reasonView),
    suppressed: z.array(suppressedView),
    explanation: z.object({
      /** What made the level higher than its rule says. */
      raised: z.array(z.object({ rule: z.string(), by: z.string() })),
      /** Downgrades, masks, exclusions and figures not reached that held a rule back. */
      lowered: z.array(suppressedView),
      /** Rules of which all but one thing was met. */
      nearMisses: z.array(
        z.object({ rule: z.string(), field: z.enum(['title', 'text']), found: z.array(z.string()), missing: z.string() }),
      ),
    }),
  })
  .meta({ id: 'Explanation' }) satisfies z.ZodType<Explained>;
export type ExplanationView = z.infer<typeof explanationView>;

/** `GET /api/v1/items`, newest first. `level` is the least level shown. */
export const itemQuery = pageQuery.extend({
  level: levelName.optional(),
  category: categoryName.optional(),
  relevant: flag.optional(),
  source: z.coerce.number().int().positive().optional(),
});
export type ItemQuery = z.infer<typeof itemQuery>;

export const itemPage = page(itemView);
export type ItemPage = z.infer<typeof itemPage>;
