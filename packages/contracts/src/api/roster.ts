import { dayRules } from '@guanlan/domain';
import { z } from 'zod';
import { at, id } from './wire.ts';

const name = z.string().trim().min(1, '请填写名称').max(60);
const minute = z.int().min(0).max(1_439);

/** A colleague who is told. */
export const receiverView = z.object({ id, name: z.string(), leader: z.boolean(), channelIds: z.array(id) }).meta({ id: 'Receiver' });
export type ReceiverView = z.infer<typeof receiverView>;

/** `POST /api/v1/receivers` → 201; `PUT /api/v1/receivers/:id`; `DELETE /api/v1/receivers/:id`. The first channel is used, the next ones when it fails. */
export const receiverRequest = z.object({ name, leader: z.boolean().default(false), channelIds: z.array(id).max(10).default([]) });
export type ReceiverRequest = z.input<typeof receiverRequest>;

/** One line of the weekly pattern; minutes after midnight in Shanghai, an end at or before the start is on the next day. */
export const shiftRequest = z.object({
  name,
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
  days: z.enum(dayRules).default('any'),
  fromMinute: minute,
  toMinute: minute,
  receiverIds: z.array(id).min(1, '至少选一位值班员').max(10),
  leaderId: id.nullable().default(null),
});
export type ShiftRequest = z.input<typeof shiftRequest>;

/** `POST /api/v1/roster/swaps` → 201; `DELETE /api/v1/roster/swaps/:id`. */
export const swapRequest = z.object({
  from: at,
  to: at,
  receiverId: id,
  byId: id,
  reason: z.string().trim().min(2, '请写明理由').max(200),
});
export type SwapRequest = z.input<typeof swapRequest>;

/** `POST /api/v1/roster/handovers` → 201: the note at a shift's end. Append-only. */
export const handoverRequest = z.object({ note: z.string().trim().min(2, '请写交班说明').max(4_000) });
export type HandoverRequest = z.input<typeof handoverRequest>;

const shiftView = z.object({
  patternId: id,
  name: z.string(),
  from: at,
  to: at,
  /** The first is on duty, the next ones follow. */
  receiverIds: z.array(id),
  leaderId: id.nullable(),
});

/** `GET /api/v1/roster`: the pattern, and what it makes of the next days. */
export const rosterView = z
  .object({
    now: shiftView.nullable(),
    shifts: z.array(shiftView),
    gaps: z.array(z.object({ from: at, to: at })),
    /** Days from today on, and whether people work on them. */
    days: z.array(z.object({ date: z.string(), kind: z.enum(['workday', 'rest']) })),
    /** What is not known of the public holidays; null where all is. */
    holidayNote: z.string().nullable(),
    /** The shift that ended last without a note for the next one; null where there is one. */
    handoverMissing: z.string().nullable(),
    patterns: z.array(shiftRequest.extend({ id, days: z.enum(dayRules), leaderId: id.nullable() })),
    swaps: z.array(z.object({ id, from: at, to: at, receiverId: id, byId: id, reason: z.string(), actor: z.string() })),
    receivers: z.array(receiverView),
    handovers: z.array(z.object({ id, at, actor: z.string(), shift: z.string(), note: z.string(), openAlerts: z.int() })),
  })
  .meta({ id: 'Roster' });
export type RosterView = z.infer<typeof rosterView>;
