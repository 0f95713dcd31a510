import { z } from 'zod';
import { at, id, page } from './wire.ts';

/** One line of the hash-chained log. `hash` covers the line and the hash before it (hexadecimal SHA-256). */
export const auditView = z.object({
  id,
  at,
  actor: z.string(),
  act: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditView = z.infer<typeof auditView>;

/** `GET /api/v1/audit`, newest first; administrators and auditors. */
export const auditPage = page(auditView);
export type AuditPage = z.infer<typeof auditPage>;

/** `GET /api/v1/audit/verification`: the chain computed anew. */
export const auditVerification = z.object({
  ok: z.boolean(),
  entries: z.int(),
  /** Hash of the last entry, hexadecimal. Kept elsewhere (on paper, say), it also proves that no entry was cut off the end. */
  head: z.string(),
  /** Id of the first entry that does not fit. */
  brokenAt: id.optional(),
});
export type AuditVerification = z.infer<typeof auditVerification>;
