import type { DayRule } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface ReceiverTable {
  id: Generated<number>;
  name: string;
  leader: Generated<boolean>;
  channel_ids: Generated<number[]>;
  created_at: At;
  removed_at: MaybeAt;
}

interface RosterShiftTable {
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

interface RosterSwapTable {
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

interface RosterHandoverTable {
  id: Generated<number>;
  at: At;
  actor: string;
  shift: string;
  note: string;
  open_alerts: number;
}

export interface RosterTables {
  receiver: ReceiverTable;
  roster_shift: RosterShiftTable;
  roster_swap: RosterSwapTable;
  roster_handover: RosterHandoverTable;
}
