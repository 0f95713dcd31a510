import { type ErrorCode, errorTable } from '@guanlan/domain';
import { z } from 'zod';

/** `application/problem+json` (RFC 9457), the answer to everything that did not work. */
export const problem = z
  .object({
    /** `urn:guanlan:problem:<code>` */
    type: z.string(),
    /** What kind of fault, in Chinese: the title of the error table. */
    title: z.string(),
    status: z.int(),
    /** What happened here and how to mend it, in Chinese. */
    detail: z.string(),
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
    /** Set when fields of the request are wrong. */
    fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problem>;
