import type { AttachmentType, ReportUnitKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface ReportUnitTable {
  id: Generated<number>;
  name: string;
  kind: ReportUnitKind;
  token_hash: Buffer;
  source_id: number;
  created_at: At;
  last_used_at: MaybeAt;
  revoked_at: MaybeAt;
}

interface ReportDayTable {
  /** `YYYY-MM-DD` */
  day: string;
  turns: number;
}

/** Append-only, by a trigger. */
interface DirectReportTable {
  id: Generated<number>;
  receipt: string;
  unit_id: number;
  idempotency_key: string;
  corrects_id: number | null;
  item_id: number;
  what: string;
  place: string;
  detail: string;
  happened_at: MaybeAt;
  people: number | null;
  done: string;
  filed_at: At;
}

interface ReportPendingTable {
  report_id: number;
  item_id: number;
}

interface AttachmentTable {
  unit_id: number;
  sha256: Buffer;
  media_type: AttachmentType;
  bytes: number;
  stored_at: At;
}

/** Append-only, by a trigger. */
interface ReportAttachmentTable {
  report_id: number;
  position: number;
  sha256: Buffer;
  name: string;
  media_type: AttachmentType;
  bytes: number;
}

export interface ReportTables {
  report_unit: ReportUnitTable;
  report_day: ReportDayTable;
  direct_report: DirectReportTable;
  report_pending: ReportPendingTable;
  attachment: AttachmentTable;
  report_attachment: ReportAttachmentTable;
}
