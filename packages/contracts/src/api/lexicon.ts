import { levels, type PreviewResult, type RuleVolume } from '@guanlan/domain';
import { z } from 'zod';
import { at, id, page } from './wire.ts';

/** A published revision, without its text. */
export const lexiconRevisionView = z
  .object({
    id,
    /** SHA-256 of the text, hexadecimal. */
    digest: z.string(),
    note: z.string(),
    author: z.string(),
    publishedAt: at,
    /** Characters of the text. */
    length: z.int(),
  })
  .meta({ id: 'LexiconRevision' });
export type LexiconRevisionView = z.infer<typeof lexiconRevisionView>;

export const lexiconRevisionDetail = lexiconRevisionView.extend({ body: z.string() });
export type LexiconRevisionDetail = z.infer<typeof lexiconRevisionDetail>;

/** `GET /api/v1/lexicon/revisions`, newest first. */
export const lexiconRevisionPage = page(lexiconRevisionView);
export type LexiconRevisionPage = z.infer<typeof lexiconRevisionPage>;

/** The office's one draft. A save names the version it changes; `baseRevisionId` is the revision that it is meant to replace. */
export const lexiconDraftView = z.object({ baseRevisionId: id, body: z.string(), version: id, author: z.string(), updatedAt: at });
export type LexiconDraftView = z.infer<typeof lexiconDraftView>;

/** How far the judging anew of stored items has come; counts are of items. */
export const reassessmentView = z.object({
  revisionId: id,
  requestedAt: at,
  startedAt: at.nullable(),
  finishedAt: at.nullable(),
  total: z.int(),
  done: z.int(),
  raised: z.int(),
  lowered: z.int(),
});
export type ReassessmentView = z.infer<typeof reassessmentView>;

/** `GET /api/v1/lexicon`: what is in force, the draft, and the reassessment under the revision in force. */
export const lexiconView = z.object({
  revision: lexiconRevisionDetail.nullable(),
  draft: lexiconDraftView.nullable(),
  reassessment: reassessmentView.nullable(),
});
export type LexiconView = z.infer<typeof lexiconView>;

/** The rules as one text, its files begun by `#!文件 name` lines. */
const body = z.string().min(1).max(4_000_000);

/** `PUT /api/v1/lexicon/draft`. `version` 0 begins a draft. 409 when somebody else has saved meanwhile. */
export const lexiconDraftRequest = z.object({ body, baseRevisionId: id, version: z.int().min(0) });
export type LexiconDraftRequest = z.input<typeof lexiconDraftRequest>;

/** `DELETE /api/v1/lexicon/draft?version=3` */
export const lexiconDraftParams = z.object({ version: z.coerce.number().int().positive() });

/** One thing wrong, where it stands, and how to mend it. Lines and columns count from 1 within the file. */
export const lexiconFaultView = z.object({ file: z.string(), line: z.int(), column: z.int(), message: z.string(), hint: z.string() });
export type LexiconFaultView = z.infer<typeof lexiconFaultView>;

/** `POST /api/v1/lexicon/check`: a text with faults is answered 200 with its faults. */
export const lexiconCheckRequest = z.object({ body });
export const lexiconCheckView = z.object({
  rules: z.int(),
  /** At most 100. */
  faults: z.array(lexiconFaultView),
  examples: z.int(),
  /** Examples that do not come out as their rule says. */
  failed: z.array(lexiconFaultView),
  /** Words that the segmenter takes for a person's name. */
  warnings: z.array(lexiconFaultView),
});
export type LexiconCheckView = z.infer<typeof lexiconCheckView>;

const side = z.object({
  count: z.int(),
  confirmed: z.int(),
  falseAlarms: z.int(),
  examples: z.array(z.object({ itemId: id, title: z.string(), before: z.enum(levels), after: z.enum(levels), snippet: z.string() })),
});

export const previewResult = z.object({
  items: z.int(),
  changed: z.int(),
  raised: z.int(),
  lowered: z.int(),
  gained: z.int(),
  lost: z.int(),
  rules: z.array(
    z.object({
      rule: z.string(),
      in: z.enum(['draft', 'current', 'both']),
      before: z.int(),
      after: z.int(),
      starts: side,
      stops: side,
    }),
  ),
  more: z.int(),
}) satisfies z.ZodType<PreviewResult>;

/** `POST /api/v1/lexicon/preview`: tries a text on the newest `items` stored items. */
export const lexiconPreviewRequest = z.object({ body, items: z.int().min(1).max(1_000_000).default(20_000) });

/** The answer's lines of JSON (`application/x-ndjson`): progress, then the result or what went wrong. */
export const lexiconPreviewLine = z.union([
  z.object({ done: z.int(), total: z.int() }),
  z.object({ result: previewResult }),
  z.object({ error: z.string() }),
]);
export type LexiconPreviewLine = z.infer<typeof lexiconPreviewLine>;

export const ruleVolume = z.object({
  since: at,
  until: at,
  items: z.int(),
  levelled: z.int(),
  alerts: z.int(),
  atOnce: z.int(),
  raised: z.int(),
  usual: z.int(),
  bound: z.int(),
  rules: z.array(z.object({ rule: z.string(), alerts: z.int() })),
}) satisfies z.ZodType<RuleVolume>;

/** `POST /api/v1/lexicon/volume`: how many cases a text would bring on the items of the last week; null where none is in force. */
export const lexiconVolumeRequest = z.object({ body });
export const lexiconVolumeView = z.object({ volume: ruleVolume.nullable() });
export type LexiconVolumeView = z.infer<typeof lexiconVolumeView>;

/**
 * `POST /api/v1/lexicon/publish`: puts the draft of this version in force. 422 for one that fails its check or its own examples; 409
 * `volume-unaccepted` for one that would bring more cases than its `bound`, unless `acceptVolume` is as many (alerts and raised together).
 */
export const lexiconPublishRequest = z.object({
  version: id,
  note: z.string().trim().min(1).max(500),
  acceptVolume: z.int().min(0).optional(),
});
export type LexiconPublishRequest = z.input<typeof lexiconPublishRequest>;
