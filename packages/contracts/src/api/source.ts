import { authorKinds } from '@guanlan/domain';
import { z } from 'zod';
import { at, id } from './wire.ts';

export const sourceStates = ['new', 'healthy', 'failing', 'paused'] as const;

export const sourceView = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    url: z.string(),
    state: z.enum(sourceStates),
    local: z.boolean(),
    allowPrivate: z.boolean(),
    everySeconds: z.int(),
    /** How many items it has brought. */
    items: z.int(),
    lastCheckedAt: at.nullable(),
    lastSuccessAt: at.nullable(),
    lastNewItemAt: at.nullable(),
    nextCheckAt: at,
    failingSince: at.nullable(),
    failures: z.int(),
    /** Why it could not be read the last time; `code` is from the error table. */
    fault: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'Source' });
export type SourceView = z.infer<typeof sourceView>;

export const sourceList = z.object({ rows: z.array(sourceView) });
export type SourceList = z.infer<typeof sourceList>;

/** `POST /api/v1/sources` → 201 with a {@link sourceView}, or 200 when kind and address are known already. */
export const sourceRequest = z.object({
  kind: z.string().regex(/^[a-z][a-z-]{0,40}$/u),
  url: z.url({ protocol: /^https?$/u }).max(2_000),
  name: z.string().trim().min(1).max(200).optional(),
  /** Options of the kind. */
  options: z.record(z.string(), z.unknown()).default({}),
  local: z.boolean().default(false),
  allowPrivate: z.boolean().default(false),
  authorKind: z.enum(authorKinds).default('unknown'),
  everySeconds: z.int().min(1).max(604_800).default(300),
});
export type SourceRequest = z.input<typeof sourceRequest>;
