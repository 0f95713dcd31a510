import { z } from 'zod';
import { at, id } from './wire.ts';

export const drillView = z
  .object({
    id,
    script: z.string(),
    title: z.string(),
    actor: z.string(),
    startedAt: at,
    endedAt: at.nullable(),
    steps: z.array(z.object({ position: z.int(), title: z.string(), dueAt: z.string(), injectedAt: z.string().nullable() })),
    alertIds: z.array(id),
  })
  .meta({ id: 'Drill' });
export type DrillView = z.infer<typeof drillView>;

/** `GET /api/v1/drills`, newest first, and the scripts there are. */
export const drillList = z.object({
  rows: z.array(drillView),
  scripts: z.array(z.object({ id: z.string(), title: z.string(), aim: z.string(), steps: z.int() })),
});
export type DrillList = z.infer<typeof drillList>;

/** `POST /api/v1/drills` → 201; 409 while another is under way. `POST /api/v1/drills/:id/end` breaks it off. */
export const drillRequest = z.object({ script: z.string().max(60) });
export type DrillRequest = z.input<typeof drillRequest>;

/** `GET /api/v1/drills/:id/report`: each step with the time it took, in ms, and the clocks of its case. */
export const drillReport = z
  .object({
    drill: drillView,
    lines: z.array(
      z.object({ title: z.string(), at: at.nullable(), sinceLastMs: z.number().nullable(), sinceStartMs: z.number().nullable() }),
    ),
    /** In words: what was in time and what was not. */
    findings: z.array(z.string()),
  })
  .meta({ id: 'DrillReport' });
export type DrillReport = z.infer<typeof drillReport>;
