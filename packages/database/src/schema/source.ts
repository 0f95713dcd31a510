import type { AuthorKind, ConditionKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, JsonDefault, MaybeAt } from './column.ts';

interface SourceTable {
  id: Generated<number>;
  kind: string;
  name: string;
  url: string;
  options: JsonDefault<Record<string, unknown>>;
  local: Generated<boolean>;
  allow_private: Generated<boolean>;
  author_kind: Generated<AuthorKind>;
  every_seconds: Generated<number>;
  paused_at: MaybeAt;
  next_check_at: At;
  rung_at: MaybeAt;
  cursor: JsonDefault<Record<string, unknown>>;
  last_checked_at: MaybeAt;
  last_success_at: MaybeAt;
  last_new_item_at: MaybeAt;
  failing_since: MaybeAt;
  failures: Generated<number>;
  fault_code: string | null;
  fault_message: string | null;
  created_at: At;
  removed_at: MaybeAt;
  min_seconds: number | null;
  max_seconds: number | null;
  arrivals: number | null;
  observed_seconds: number | null;
  interval_seconds: number | null;
  pause_reason: string | null;
  moved_to: string | null;
  moved_times: Generated<number>;
  moved_since: MaybeAt;
  robots_digest: string | null;
  robots_changed_at: MaybeAt;
  certificate_expires_at: MaybeAt;
  assessed_at: MaybeAt;
  coverage_expected: number | null;
  coverage_watched: number | null;
  coverage_at: MaybeAt;
}

interface SourceCheckTable {
  source_id: number;
  at: At;
  fault: string | null;
  unchanged: Generated<boolean>;
  links: number | null;
  entries: Generated<number>;
  fresh: Generated<number>;
  titled: Generated<number>;
  dated: Generated<number>;
  body_length: Generated<number>;
}

interface SourceHourTable {
  source_id: number;
  hour: At;
  checks: number;
  answered: number;
  fresh: number;
  fresh_at: MaybeAt;
}

interface SourceConditionTable {
  id: Generated<number>;
  source_id: number;
  kind: ConditionKind;
  since: At;
  sentence: string;
  opened_at: At;
  resolved_at: MaybeAt;
  told_at: MaybeAt;
  told_resolved_at: MaybeAt;
}

interface SourceEntryTable {
  id: Generated<number>;
  source_id: number;
  at: At;
  kind: string;
  note: string;
}

interface HostPaceTable {
  hostname: string;
  next_start: At;
}

export interface SourceTables {
  source: SourceTable;
  source_check: SourceCheckTable;
  source_hour: SourceHourTable;
  source_condition: SourceConditionTable;
  source_entry: SourceEntryTable;
  host_pace: HostPaceTable;
}
