import { type Progress, type TrainingKind, trainingKinds } from '@guanlan/domain';
import { z } from 'zod';

export const trainingKind = z.enum(Object.keys(trainingKinds) as [TrainingKind, ...TrainingKind[]]);

/** `GET /api/v1/progress?year=2026`: the domain's {@link Progress}, as it is. */
export const progressView = z
  .object({
    year: z.int(),
    items: z.object({
      collected: z.int(),
      relevant: z.int(),
      counted: z.int(),
      confirmed: z.int(),
      target: z.int(),
      forecast: z.int(),
    }),
    trainings: z.array(z.object({ kind: trainingKind, title: z.string(), held: z.int(), target: z.int(), people: z.int() })),
    indicators: z.array(
      z.object({
        project: z.string(),
        projectName: z.string(),
        level1: z.string(),
        level2: z.string(),
        level3: z.string(),
        description: z.string(),
        target: z.string(),
        basis: z.string(),
        actual: z.number().nullable(),
        unit: z.string().nullable(),
        pace: z.number().nullable(),
        forecast: z.number().nullable(),
        note: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Progress' }) satisfies z.ZodType<Progress>;
export type ProgressView = z.infer<typeof progressView>;
