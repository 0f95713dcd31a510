import { z } from 'zod';
import { at, id, yearQuery } from './wire.ts';

export const tallyStates = ['counted', 'duplicate', 'struck'] as const;

/** One row behind the yearly figure. `counted` rows add up to it exactly; the others say why they do not count. */
export const tallyView = z.object({
  itemId: id,
  eventId: id,
  title: z.string(),
  source: z.string(),
  collectedAt: at,
  state: z.enum(tallyStates),
  note: z.string(),
});
export type TallyView = z.infer<typeof tallyView>;

/** `GET /api/v1/tally`, oldest first: pass the `next` of one page as `after` of the following one. */
export const tallyQuery = yearQuery.extend({
  state: z.enum(tallyStates).optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type TallyQuery = z.infer<typeof tallyQuery>;

export const tallyPage = z.object({ year: z.int(), rows: z.array(tallyView), next: id.nullable() });
export type TallyPage = z.infer<typeof tallyPage>;
