import type { AlertPolicy, AlertState, Answer, Outcome, SourceGroup } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, Json, JsonDefault, MaybeAt } from './column.ts';

/** Append-only. */
interface AlertPolicyTable {
  id: Generated<number>;
  body: Json<AlertPolicy>;
  note: Generated<string>;
  actor: string;
  published_at: At;
}

interface AlertTable {
  id: Generated<number>;
  event_id: number;
  state: Generated<AlertState>;
  rank: number;
  outcome: Outcome | null;
  opened_at: At;
  updated_at: At;
  closed_at: MaybeAt;
  raised_by: Generated<string[]>;
  thresholds_version: number | null;
  confirmed_rank: number | null;
  confirmed_by: string | null;
  confirmed_at: MaybeAt;
  policy_id: number | null;
  drill_id: number | null;
  department: string | null;
  answer: Answer | null;
  told_items: Generated<number>;
  told_groups: Generated<SourceGroup[]>;
  check_at: MaybeAt;
}

/** What a clock has done; each step once. */
interface AlertDeadlineActTable {
  alert_id: number;
  deadline: string;
  step: string;
  at: At;
}

interface AlertEntryTable {
  id: Generated<number>;
  alert_id: number;
  at: At;
  kind: string;
  actor: string;
  note: Generated<string>;
  data: JsonDefault<Record<string, unknown>>;
}

export interface AlertTables {
  alert_policy: AlertPolicyTable;
  alert: AlertTable;
  alert_deadline_act: AlertDeadlineActTable;
  alert_entry: AlertEntryTable;
}
