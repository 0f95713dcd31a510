import { type AlertPolicy, deadlineKinds, deadlineMinutes } from '@guanlan/domain';
import { z } from 'zod';
import { at, categoryName, id } from './wire.ts';

const minutes = z.int().min(deadlineMinutes.min).max(deadlineMinutes.max);

/** What holds for every case: clocks, escalation, suppression. */
export const alertPolicy = z.strictObject({
  version: z.string().trim().min(1).max(40),
  deadlines: z
    .array(
      z.strictObject({
        kind: z.enum(deadlineKinds),
        minutes: z.strictObject({ I: minutes.optional(), II: minutes.optional(), III: minutes.optional(), IV: minutes.optional() }),
        categories: z.array(categoryName).optional(),
        warnMinutes: z.int().min(0).max(deadlineMinutes.max),
        basis: z.string().max(200),
      }),
    )
    .max(20)
    .refine((rules) => new Set(rules.map(({ kind }) => kind)).size === rules.length, { message: '一种时限只能有一条规则' }),
  escalation: z.array(z.strictObject({ afterMinutes: z.int().min(0).max(10_080), to: z.enum(['next', 'leader']) })).max(5),
  retell: z.strictObject({ surgeFactor: z.number().min(1.1).max(1_000), surgeItems: z.int().min(1).max(100_000) }),
  wave: z.strictObject({ items: z.int().min(1).max(100_000), sources: z.int().min(1).max(1_000) }),
  storm: z.strictObject({
    burst: z.int().min(1).max(1_000),
    windowMinutes: z.int().min(1).max(1_440),
    singles: z.int().min(1).max(10_000),
    digestSeconds: z.int().min(1).max(86_400),
    urgentDigestSeconds: z.int().min(1).max(3_600),
  }),
  volume: z.strictObject({ floor: z.int().min(0).max(100_000), factor: z.number().min(0).max(1_000) }).optional(),
}) satisfies z.ZodType<{ [Key in keyof AlertPolicy]: unknown }>;

/** `GET /api/v1/alert-policies`, newest first; the first is in force for cases opened from now on. */
export const alertPolicyView = z
  .object({ id, policy: alertPolicy, note: z.string(), actor: z.string(), publishedAt: at })
  .meta({ id: 'AlertPolicy' });
export type AlertPolicyView = z.infer<typeof alertPolicyView>;

export const alertPolicyList = z.object({
  rows: z.array(alertPolicyView),
  /** As the program brings it: what each figure was before anybody changed it, and where it comes from. */
  shipped: alertPolicy,
});
export type AlertPolicyList = z.infer<typeof alertPolicyList>;

/** `POST /api/v1/alert-policies` → 201; `conflict` where `base` is given and is no longer the one in force. */
export const alertPolicyRequest = z.object({
  policy: alertPolicy,
  note: z.string().trim().min(2, '请写明为什么改').max(500),
  base: id.optional(),
});
export type AlertPolicyRequest = z.input<typeof alertPolicyRequest>;
