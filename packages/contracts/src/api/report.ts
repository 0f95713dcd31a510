import {
  type AttachmentType,
  attachmentTypes,
  outcomes,
  type ReportState,
  type ReportUnitKind,
  reportLimits,
  reportStateTitles,
  reportUnitKinds,
} from '@guanlan/domain';
import { z } from 'zod';
import { at, flag, id, page, pageQuery } from './wire.ts';

const unitKind = z.enum(Object.keys(reportUnitKinds) as [ReportUnitKind, ...ReportUnitKind[]]);
const state = z.enum(Object.keys(reportStateTitles) as [ReportState, ...ReportState[]]);
const mediaType = z.enum(Object.keys(attachmentTypes) as [AttachmentType, ...AttachmentType[]]);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/** `GET /api/v1/report-form` with a unit's link token as bearer token: what the form needs to know. */
export const reportFormView = z.object({
  unit: z.object({ name: z.string(), kind: unitKind }),
  /** Townships and villages of the gazetteer. */
  places: z.array(z.string()),
  limits: z.object({ attachments: z.int(), attachmentBytes: z.int() }),
});
export type ReportFormView = z.infer<typeof reportFormView>;

/**
 * `POST /api/v1/report-attachments`: one file's bytes (`application/octet-stream`, at most 10 MB) → 201. What it is, is told by its first
 * bytes; photographs lose what tells where and by which device they were taken. `sha256` is what a report names it by.
 */
export const attachmentView = z.object({ sha256, mediaType, bytes: z.int() });
export type AttachmentView = z.infer<typeof attachmentView>;

/**
 * `POST /api/v1/reports` with a unit's link token → 201 with a {@link reportReceiptView}; 200 when this `idempotencyKey` was filed already,
 * and then with what was filed first. Who reports is the unit: no person's name or number is asked for.
 */
export const reportRequest = z.object({
  /** Made once by the form for each report. */
  idempotencyKey: z.uuid(),
  /** What happened. */
  what: z.string().trim().min(5, '请写清楚发生了什么（至少 5 个字）').max(reportLimits.what),
  /** A place of the list, or empty. */
  place: z.string().trim().max(50).default(''),
  /** Where exactly, in words. */
  detail: z.string().trim().max(reportLimits.detail).default(''),
  happenedAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** How many people it concerns. */
  people: z.int().min(0).max(reportLimits.people).nullable().default(null),
  /** What was done so far. */
  done: z.string().trim().max(reportLimits.done).default(''),
  attachments: z
    .array(z.object({ sha256, name: z.string().trim().min(1).max(reportLimits.name) }))
    .max(reportLimits.attachments)
    .default([]),
  /** Receipt of an earlier report of this unit that this one corrects or adds to. */
  corrects: z.string().max(40).nullable().default(null),
});
export type ReportRequest = z.input<typeof reportRequest>;

const filed = z.object({
  receipt: z.string(),
  state,
  stateTitle: z.string(),
  /** How the case ended, once it has. */
  outcome: z.enum(outcomes).nullable(),
  outcomeTitle: z.string().nullable(),
  filedAt: at,
  what: z.string(),
  place: z.string(),
  detail: z.string(),
  happenedAt: at.nullable(),
  people: z.int().nullable(),
  done: z.string(),
  corrects: z.string().nullable(),
  correctedBy: z.array(z.string()),
});

/** `GET /api/v1/reports/:receipt` with a unit's link token: what became of its own report. */
export const reportReceiptView = filed
  .extend({ attachments: z.array(z.object({ name: z.string(), bytes: z.int() })) })
  .meta({ id: 'ReportReceipt' });
export type ReportReceiptView = z.infer<typeof reportReceiptView>;

export const receiptParams = z.object({ receipt: z.string().max(40) });

/** One report as analysts see it. `GET /api/v1/reports/:receipt/attachments/:position` gives a file to who is signed in. */
export const reportView = filed
  .extend({
    id,
    unit: z.object({ id, name: z.string(), kind: unitKind }),
    itemId: id,
    eventId: id.nullable(),
    /** The latest alert of its event; null for the seconds before it is on the desk. */
    alertId: id.nullable(),
    attachments: z.array(z.object({ position: z.int(), name: z.string(), mediaType, bytes: z.int() })),
  })
  .meta({ id: 'Report' });
export type ReportView = z.infer<typeof reportView>;

export const attachmentParams = receiptParams.extend({ position: z.coerce.number().int().min(1).max(reportLimits.attachments) });

/** `GET /api/v1/reports`, newest first. `unalerted`: only those that are not on the desk yet. */
export const reportQuery = pageQuery.extend({ unit: z.coerce.number().int().positive().optional(), unalerted: flag.optional() });

export type ReportQuery = z.infer<typeof reportQuery>;

export const reportPage = page(reportView);
export type ReportPage = z.infer<typeof reportPage>;

export const reportUnitView = z
  .object({ id, name: z.string(), kind: unitKind, reports: z.int(), createdAt: at, lastUsedAt: at.nullable(), revokedAt: at.nullable() })
  .meta({ id: 'ReportUnit' });
export type ReportUnitView = z.infer<typeof reportUnitView>;

export const reportUnitList = z.object({ rows: z.array(reportUnitView) });
export type ReportUnitList = z.infer<typeof reportUnitList>;

/** `POST /api/v1/report-units` → 201; 409 when a unit of that name reports already. `link` (a path) is in this answer only. */
export const reportUnitRequest = z.object({ name: z.string().trim().min(2).max(60), kind: unitKind.default('village') });
export type ReportUnitRequest = z.input<typeof reportUnitRequest>;

export const reportUnitCreated = z.object({ id, name: z.string(), kind: unitKind, link: z.string() });
export type ReportUnitCreated = z.infer<typeof reportUnitCreated>;
