import type {
  AlertMessage,
  AlertPolicy,
  AlertState,
  Answer,
  AttachmentType,
  AuthorKind,
  Carriage,
  CategoryId,
  ConditionKind,
  DayRule,
  Digest,
  EventEntryKind,
  NotificationState,
  Outcome,
  Quiet,
  Reason,
  ReportUnitKind,
  SourceGroup,
  Suppressed,
  TrainingKind,
} from '@guanlan/domain';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** A moment: read as a Date; written as a Date or left to the database. */
type At = ColumnType<Date, Date | undefined, Date>;
type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>;
type Json<T extends object> = JSONColumnType<T, string, string>;
type JsonDefault<T extends object> = ColumnType<T, string | undefined, string>;

export interface SourceTable {
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

export interface SourceCheckTable {
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

export interface SourceHourTable {
  source_id: number;
  hour: At;
  checks: number;
  answered: number;
  fresh: number;
  fresh_at: MaybeAt;
}

export interface SourceConditionTable {
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

export interface SourceEntryTable {
  id: Generated<number>;
  source_id: number;
  at: At;
  kind: string;
  note: string;
}

export interface NoticeTable {
  id: Generated<number>;
  key: string;
  kind: string;
  title: string;
  text: string;
  at: At;
}

export interface HostPaceTable {
  hostname: string;
  next_start: At;
}

export interface ServicePulseTable {
  name: string;
  at: At;
}

export interface CanaryTable {
  one: Generated<boolean>;
  source_id: number;
  since: At;
  launched_at: MaybeAt;
  fault: string | null;
  back_at: MaybeAt;
  took_ms: number | null;
}

export interface ItemTable {
  id: Generated<number>;
  key: string;
  fingerprint: string;
  source_id: number;
  author_kind: AuthorKind;
  url: string | null;
  title: string;
  text: string;
  published_at: MaybeAt;
  collected_at: At;
}

export interface ItemRevisionTable {
  item_id: number;
  fingerprint: string;
  at: At;
  title: string;
  text: string;
}

export interface ItemPendingTable {
  item_id: number;
  rung_at: At;
}

export interface LexiconRevisionTable {
  id: Generated<number>;
  digest: string;
  body: string;
  note: Generated<string>;
  author: Generated<string>;
  published_at: At;
}

export interface LexiconDraftTable {
  singleton: Generated<boolean>;
  base_revision_id: number;
  body: string;
  version: number;
  author: string;
  updated_at: At;
}

export interface ReassessmentTable {
  revision_id: number;
  requested_at: At;
  started_at: MaybeAt;
  finished_at: MaybeAt;
  watermark: Generated<number>;
  total: Generated<number>;
  done: Generated<number>;
  raised: Generated<number>;
  lowered: Generated<number>;
}

export interface EventTable {
  id: Generated<number>;
  title: string;
  rank: Generated<number>;
  score: Generated<number>;
  relevant: Generated<boolean>;
  item_count: Generated<number>;
  first_seen_at: At;
  last_seen_at: At;
  decide_at: MaybeAt;
  categories: Generated<CategoryId[]>;
  merged_into: number | null;
}

/** Append-only, by a trigger. */
export interface EventEntryTable {
  id: Generated<number>;
  event_id: number;
  at: Date;
  kind: EventEntryKind;
  other_id: number;
  items: number;
  actor: string;
  note: Generated<string>;
}

export interface EventPendingTable {
  item_id: number;
}

export interface EventItemTable {
  item_id: number;
  event_id: number;
  seq: Generated<number>;
  seed_id: number;
  copy_of: number | null;
  fingerprint: string;
  signature: Buffer | null;
  at: Date;
}

export interface AssessmentTable {
  item_id: number;
  revision_id: number;
  rank: number;
  score: number;
  local: boolean;
  relevant: boolean;
  categories: Generated<CategoryId[]>;
  places: Generated<string[]>;
  reasons: ColumnType<Reason[] | null, string | null, never>;
  suppressed: ColumnType<Suppressed[] | null, string | null, never>;
  assessed_at: At;
}

export interface ChannelTable {
  id: Generated<number>;
  kind: string;
  name: string;
  options: Json<Record<string, unknown>>;
  allow_private: Generated<boolean>;
  created_at: At;
  removed_at: MaybeAt;
  last_success_at: MaybeAt;
  last_failure_at: MaybeAt;
  last_failure: Generated<string>;
  fallback_id: number | null;
  failures: Generated<number>;
  down_since: MaybeAt;
  retry_at: MaybeAt;
}

export interface PushKeyTable {
  id: Generated<number>;
  public_key: string;
  private_key: string;
  created_at: At;
}

export interface ChannelUseTable {
  channel_id: number;
  at: At;
  rank: number;
  folded: boolean;
}

export interface ReceiverTable {
  id: Generated<number>;
  name: string;
  leader: Generated<boolean>;
  channel_ids: Generated<number[]>;
  created_at: At;
  removed_at: MaybeAt;
}

export interface RosterShiftTable {
  id: Generated<number>;
  name: string;
  weekdays: number[];
  days: Generated<DayRule>;
  from_minute: number;
  to_minute: number;
  receiver_ids: number[];
  leader_id: number | null;
  created_at: At;
  removed_at: MaybeAt;
}

export interface RosterSwapTable {
  id: Generated<number>;
  starts_at: At;
  ends_at: At;
  receiver_id: number;
  by_id: number;
  reason: string;
  actor: string;
  created_at: At;
  removed_at: MaybeAt;
}

export interface RosterHandoverTable {
  id: Generated<number>;
  at: At;
  actor: string;
  shift: string;
  note: string;
  open_alerts: number;
}

export interface RouteTable {
  id: Generated<number>;
  position: number;
  name: string;
  min_rank: Generated<number>;
  categories: Generated<CategoryId[]>;
  channel_ids: Generated<number[]>;
  parent_id: number | null;
  places: Generated<string[]>;
  groups: Generated<SourceGroup[]>;
  days: Generated<DayRule>;
  from_minute: number | null;
  to_minute: number | null;
  receiver_ids: Generated<number[]>;
  on_duty: Generated<boolean>;
  quiet: ColumnType<Quiet | null, string | null, string | null>;
  digest: ColumnType<Digest | null, string | null, string | null>;
}

export interface SilenceTable {
  id: Generated<number>;
  categories: Generated<CategoryId[]>;
  max_rank: number;
  starts_at: At;
  ends_at: At;
  reason: string;
  created_at: At;
  places: Generated<string[]>;
  actor: Generated<string>;
  ended_at: MaybeAt;
  ended_by: string | null;
}

export interface InhibitionTable {
  id: Generated<number>;
  min_rank: number;
  minutes: number;
  categories: Generated<CategoryId[]>;
  reason: string;
  starts_at: At;
  ends_at: MaybeAt;
  actor: string;
  ended_at: MaybeAt;
  ended_by: string | null;
}

/** Append-only. */
export interface AlertPolicyTable {
  id: Generated<number>;
  body: Json<AlertPolicy>;
  note: Generated<string>;
  actor: string;
  published_at: At;
}

export interface DrillTable {
  id: Generated<number>;
  script: string;
  title: string;
  actor: string;
  started_at: At;
  ended_at: MaybeAt;
}

export interface DrillStepTable {
  drill_id: number;
  position: number;
  due_at: At;
  title: string;
  text: string;
  author_kind: AuthorKind;
  injected_at: MaybeAt;
  item_id: number | null;
}

export interface AlertTable {
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
export interface AlertDeadlineActTable {
  alert_id: number;
  deadline: string;
  step: string;
  at: At;
}

export interface AlertEntryTable {
  id: Generated<number>;
  alert_id: number;
  at: At;
  kind: string;
  actor: string;
  note: Generated<string>;
  data: JsonDefault<Record<string, unknown>>;
}

export interface NotificationTable {
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

export interface NotificationAttemptTable {
  id: Generated<number>;
  notification_id: number;
  at: At;
  ok: boolean;
  status: number | null;
  response: Generated<string>;
  duration_ms: number;
}

export type TallyState = 'counted' | 'duplicate' | 'struck';

export interface TallyTable {
  item_id: number;
  year: number;
  fingerprint: string;
  state: TallyState;
  note: Generated<string>;
  at: At;
}

export interface TrainingTable {
  id: Generated<number>;
  kind: TrainingKind;
  /** `YYYY-MM-DD` */
  held_on: string;
  topic: string;
  people: number;
  evidence: string | null;
  created_at: At;
}

export type Role = 'admin' | 'analyst' | 'leader' | 'auditor';

export interface AccountTable {
  id: Generated<number>;
  name: string;
  role: Role;
  password_hash: string;
  created_at: At;
  disabled_at: MaybeAt;
  failed_logins: Generated<number>;
  locked_until: MaybeAt;
}

export interface SessionTable {
  token_hash: Buffer;
  account_id: number;
  created_at: At;
  seen_at: At;
  expires_at: At;
}

export interface SetupLinkTable {
  token_hash: Buffer;
  created_at: At;
  expires_at: At;
  used_at: MaybeAt;
}

export interface ApiTokenTable {
  id: Generated<number>;
  name: string;
  token_hash: Buffer;
  scopes: string[];
  local: Generated<boolean>;
  created_at: At;
  last_used_at: MaybeAt;
  revoked_at: MaybeAt;
}

export interface AuditEntryTable {
  id: number;
  at: ColumnType<Date, Date, never>;
  actor: string;
  act: string;
  subject: string;
  data: JsonDefault<Record<string, unknown>>;
  previous_hash: Buffer;
  hash: Buffer;
}

export interface IntakeReceiptTable {
  source_id: number;
  external_id: string;
  item_id: number;
}

export interface ReportUnitTable {
  id: Generated<number>;
  name: string;
  kind: ReportUnitKind;
  token_hash: Buffer;
  source_id: number;
  created_at: At;
  last_used_at: MaybeAt;
  revoked_at: MaybeAt;
}

export interface ReportDayTable {
  /** `YYYY-MM-DD` */
  day: string;
  turns: number;
}

/** Append-only, by a trigger. */
export interface DirectReportTable {
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

export interface ReportPendingTable {
  report_id: number;
  item_id: number;
}

export interface AttachmentTable {
  unit_id: number;
  sha256: Buffer;
  media_type: AttachmentType;
  bytes: number;
  stored_at: At;
}

/** Append-only, by a trigger. */
export interface ReportAttachmentTable {
  report_id: number;
  position: number;
  sha256: Buffer;
  name: string;
  media_type: AttachmentType;
  bytes: number;
}

export type SampleStratum = 'local' | 'other';
export type SampleVerdict = 'missed' | 'fine';

export interface SampleTable {
  week: string;
  seed: number;
  drawn_at: At;
}

export interface SampleStratumTable {
  week: string;
  stratum: SampleStratum;
  population: number;
}

export interface SampleItemTable {
  week: string;
  item_id: number;
  stratum: SampleStratum;
  verdict: SampleVerdict | null;
  note: Generated<string>;
  judged_by: string | null;
  judged_at: MaybeAt;
}

/** Every table, as `migrations/` lays them out. */
export interface Database {
  source: SourceTable;
  source_check: SourceCheckTable;
  source_hour: SourceHourTable;
  source_condition: SourceConditionTable;
  source_entry: SourceEntryTable;
  notice: NoticeTable;
  host_pace: HostPaceTable;
  service_pulse: ServicePulseTable;
  canary: CanaryTable;
  item: ItemTable;
  item_revision: ItemRevisionTable;
  item_pending: ItemPendingTable;
  lexicon_revision: LexiconRevisionTable;
  lexicon_draft: LexiconDraftTable;
  reassessment: ReassessmentTable;
  event: EventTable;
  event_item: EventItemTable;
  event_entry: EventEntryTable;
  event_pending: EventPendingTable;
  assessment: AssessmentTable;
  channel: ChannelTable;
  push_key: PushKeyTable;
  channel_use: ChannelUseTable;
  receiver: ReceiverTable;
  roster_shift: RosterShiftTable;
  roster_swap: RosterSwapTable;
  roster_handover: RosterHandoverTable;
  route: RouteTable;
  silence: SilenceTable;
  inhibition: InhibitionTable;
  alert_policy: AlertPolicyTable;
  drill: DrillTable;
  drill_step: DrillStepTable;
  alert: AlertTable;
  alert_deadline_act: AlertDeadlineActTable;
  alert_entry: AlertEntryTable;
  notification: NotificationTable;
  notification_attempt: NotificationAttemptTable;
  tally: TallyTable;
  training: TrainingTable;
  account: AccountTable;
  session: SessionTable;
  setup_link: SetupLinkTable;
  api_token: ApiTokenTable;
  audit_entry: AuditEntryTable;
  intake_receipt: IntakeReceiptTable;
  report_unit: ReportUnitTable;
  report_day: ReportDayTable;
  direct_report: DirectReportTable;
  report_pending: ReportPendingTable;
  attachment: AttachmentTable;
  report_attachment: ReportAttachmentTable;
  sample: SampleTable;
  sample_stratum: SampleStratumTable;
  sample_item: SampleItemTable;
}
