import { classifiedMark, classifiedRefusal } from '@guanlan/domain';
import { z } from 'zod';
import { id } from './wire.ts';

/** One item as another system hands it over. Plain text; personal data in it is masked before the first write. */
export const intakeItem = z
  .object({
    /** The sender's own id of the item: the same id from the same token is the same item, whatever its address or text is now. */
    externalId: z.string().min(1).max(200),
    title: z.string().max(2_000).default(''),
    text: z.string().max(200_000).default(''),
    url: z
      .url({ protocol: /^https?$/u })
      .max(2_000)
      .optional(),
    publishedAt: z.iso.datetime({ offset: true }).optional(),
  })
  .refine((item) => (item.title + item.text).trim() !== '', { error: '标题和正文至少要有一项', path: ['text'] })
  .superRefine((item, context) => {
    const mark = classifiedMark(`${item.title}\n${item.text}`);
    if (mark !== null) context.addIssue({ code: 'custom', message: classifiedRefusal(mark), path: ['text'] });
  });

/** `POST /api/v1/intake` with a token of scope `intake`. At most 500 items and 16 MB; one item that is not right refuses the batch. */
export const intakeRequest = z.object({ items: z.array(intakeItem).min(1).max(500) });
export type IntakeRequest = z.input<typeof intakeRequest>;

/** In the order of the request. `duplicate` names the item that is stored already. */
export const intakeAnswer = z.object({
  accepted: z.int(),
  duplicates: z.int(),
  results: z.array(z.object({ externalId: z.string(), result: z.enum(['accepted', 'duplicate']), itemId: id })),
});
export type IntakeAnswer = z.infer<typeof intakeAnswer>;
