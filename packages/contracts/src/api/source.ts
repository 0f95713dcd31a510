import { authorKinds, conditionKinds, standingStates } from '@guanlan/domain';
import { z } from 'zod';
import { at, id } from './wire.ts';

export const sourceStates = ['new', 'healthy', 'failing', 'paused'] as const;

const conditionKind = z.enum(conditionKinds);

/** How it stands, in one sentence, and what to do about it. */
const standing = z.object({
  state: z.enum(standingStates),
  title: z.string(),
  since: at.nullable(),
  sentence: z.string(),
  /** Null while nothing is to be done. */
  advice: z.string().nullable(),
});

export const sourceView = z
  .object({
    id,
    kind: z.string(),
    name: z.string(),
    url: z.string(),
    /** How the last check went; {@link standing} says how the source is. */
    state: z.enum(sourceStates),
    health: standing,
    /** All that is the matter with it, most grave first. */
    conditions: z.array(z.object({ kind: conditionKind, title: z.string(), since: at, sentence: z.string(), advice: z.string() })),
    /** The share of what was to come in the last week that was watched for, 0–1; null while it is not known, or it is paused. */
    coverage: z.number().min(0).max(1).nullable(),
    local: z.boolean(),
    allowPrivate: z.boolean(),
    authorKind: z.enum(authorKinds),
    /** The interval a person named; with `minSeconds` and `maxSeconds` it adapts between those. */
    everySeconds: z.int(),
    minSeconds: z.int().nullable(),
    maxSeconds: z.int().nullable(),
    /** Between its last check and the next, as it was learned. */
    intervalSeconds: z.int().nullable(),
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

export const sourceList = z.object({
  rows: z.array(sourceView),
  /** Of all that are watched, over so many days; `score` 0–1, null before anything was measured. */
  coverage: z.object({ score: z.number().min(0).max(1).nullable(), days: z.int(), sources: z.int() }),
  /** The product's own marked item that flies from fetch to judgement every ten minutes; null before the first. */
  canary: z.object({ state: z.enum(['well', 'under-way', 'late']), sentence: z.string() }).nullable(),
});
export type SourceList = z.infer<typeof sourceList>;

/** `GET /api/v1/sources/:id` */
export const sourceDetail = sourceView
  .extend({
    /** Without its secrets. */
    options: z.record(z.string(), z.unknown()),
    /** Names of the secrets that are set. */
    secrets: z.array(z.string()),
    createdAt: at,
    /** What became of it by itself or by an edit, newest first. */
    entries: z.array(z.object({ at, kind: z.string(), title: z.string(), note: z.string() })),
    /** What was the matter with it and is over, newest first; at most twenty. */
    past: z.array(z.object({ kind: conditionKind, title: z.string(), since: at, resolvedAt: at, sentence: z.string() })),
    /** The newest checks, newest first; at most twenty. */
    checks: z.array(
      z.object({
        at,
        /** In words; null when it answered. */
        fault: z.string().nullable(),
        unchanged: z.boolean(),
        /** Entries that were read, and those of them that were new. */
        entries: z.int(),
        fresh: z.int(),
      }),
    ),
  })
  .meta({ id: 'SourceDetail' });
export type SourceDetail = z.infer<typeof sourceDetail>;

const address = z.url({ protocol: /^(?:https?|rsshub)$/u }).max(2_000);
const kindName = z.string().regex(/^[a-z][a-z-]{0,40}$/u);
const name = z.string().trim().min(1).max(200);
/** Of the kind's own schema. */
const options = z.record(z.string(), z.unknown());
/** Seconds; null (and nothing): it adapts freely, between two minutes and three hours. */
const everySeconds = z.int().min(1).max(604_800).nullable();

/** `POST /api/v1/sources` → 201 with a {@link sourceView}, or 200 when kind and address are known already. */
export const sourceRequest = z.object({
  kind: kindName,
  url: address,
  name: name.optional(),
  options: options.default({}),
  local: z.boolean().default(false),
  allowPrivate: z.boolean().default(false),
  authorKind: z.enum(authorKinds).default('unknown'),
  everySeconds: everySeconds.default(null),
});
export type SourceRequest = z.input<typeof sourceRequest>;

/**
 * `PATCH /api/v1/sources/:id`: what is left out stays. `options` replace those stored, but for secrets: one that is left out stays, one
 * that is null goes.
 */
export const sourceChangeRequest = z.object({
  name: name.optional(),
  url: address.optional(),
  options: options.optional(),
  local: z.boolean().optional(),
  allowPrivate: z.boolean().optional(),
  authorKind: z.enum(authorKinds).optional(),
  everySeconds: everySeconds.optional(),
});
export type SourceChangeRequest = z.input<typeof sourceChangeRequest>;

/**
 * `POST /api/v1/sources/test` and `POST /api/v1/sources/:id/test`: reads once and stores nothing. Without a kind the address is looked
 * at: a feed, else a list page. For a source that is stored, what is left out is as stored.
 */
export const sourceTrialRequest = z.object({
  kind: kindName.optional(),
  url: address,
  options: options.default({}),
  allowPrivate: z.boolean().default(false),
});
export type SourceTrialRequest = z.input<typeof sourceTrialRequest>;

export const sourceTrialChange = sourceChangeRequest.pick({ url: true, options: true, allowPrivate: true });
export type SourceTrialChange = z.input<typeof sourceTrialChange>;

/** What a trial found. Everything in it is redacted as it would be stored. */
export const sourceTrial = z
  .object({
    kind: z.string(),
    /** What it calls itself, where it was looked at. */
    title: z.string().nullable(),
    url: z.string(),
    /** What would be stored: how many, and the first of them. */
    count: z.int(),
    items: z.array(
      z.object({
        title: z.string(),
        url: z.string().nullable(),
        publishedAt: at.nullable(),
        /** The text's beginning, and its length in UTF-16 units. */
        snippet: z.string(),
        length: z.int(),
        /** Places where personal data was masked. */
        redactions: z.int(),
      }),
    ),
    /** What would not be stored, by reason: how many, and some of them. */
    refused: z.array(z.object({ why: z.string(), count: z.int(), examples: z.array(z.string()) })),
    /** Articles that a trial reads at most; null where the kind reads no articles. */
    limit: z.int().nullable(),
    /** Why it could not be read; null when it could. */
    fault: z.object({ code: z.string(), title: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: 'SourceTrial' });
export type SourceTrial = z.infer<typeof sourceTrial>;

/** `GET /api/v1/source-kinds`: the kinds there are, and what a form asks for. */
export const sourceKindList = z.object({
  rows: z.array(
    z
      .object({
        kind: z.string(),
        title: z.string(),
        urlTitle: z.string(),
        options: z.array(
          z.object({
            name: z.string(),
            title: z.string(),
            secret: z.boolean(),
            type: z.enum(['text', 'number', 'choice']),
            choices: z.array(z.string()),
            default: z.string().nullable(),
            min: z.number().nullable(),
            max: z.number().nullable(),
          }),
        ),
      })
      .meta({ id: 'SourceKind' }),
  ),
});
export type SourceKindList = z.infer<typeof sourceKindList>;
export type SourceKindForm = SourceKindList['rows'][number];
