import { z } from 'zod';
import { trainingKind } from './progress.ts';
import { id } from './wire.ts';

export const trainingView = z.object({
  id,
  kind: trainingKind,
  title: z.string(),
  heldOn: z.iso.date(),
  topic: z.string(),
  people: z.int(),
  evidence: z.string().nullable(),
});
export type TrainingView = z.infer<typeof trainingView>;

/** `GET /api/v1/trainings?year=2026`, oldest first. */
export const trainingList = z.object({ year: z.int(), rows: z.array(trainingView) });
export type TrainingList = z.infer<typeof trainingList>;

/** `POST /api/v1/trainings` → 201; 409 when kind, day and topic are in the ledger already. */
export const trainingRequest = z.object({
  kind: trainingKind,
  heldOn: z.iso.date(),
  topic: z.string().trim().min(1).max(200),
  people: z.int().min(1).max(100_000),
  evidence: z.string().trim().min(1).max(500).nullable().default(null),
});
export type TrainingRequest = z.input<typeof trainingRequest>;
