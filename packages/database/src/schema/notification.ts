import type { AlertMessage, Carriage, NotificationState } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, Json, MaybeAt } from './column.ts';

interface NotificationTable {
  id: Generated<number>;
  /** This or the next says what it is about. */
  alert_id: number | null;
  notice_id: number | null;
  channel_id: number;
  idempotency_key: string;
  rank: number;
  reason: string;
  message: Json<AlertMessage>;
  state: Generated<NotificationState>;
  attempts: Generated<number>;
  due_at: At;
  claimed_at: MaybeAt;
  delivered_at: MaybeAt;
  created_at: At;
  receiver: string | null;
  fallback_ids: Generated<number[]>;
  fallback_of: number | null;
  carrier_id: number | null;
  hold: 'quiet' | 'digest' | null;
  admitted_at: MaybeAt;
  carries: Carriage | null;
  urgent: Generated<boolean>;
  sealed_at: MaybeAt;
}

interface NotificationAttemptTable {
  id: Generated<number>;
  notification_id: number;
  at: At;
  ok: boolean;
  status: number | null;
  response: Generated<string>;
  duration_ms: number;
}

export interface NotificationTables {
  notification: NotificationTable;
  notification_attempt: NotificationAttemptTable;
}
