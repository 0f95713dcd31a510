import type { CategoryId, DayRule, Digest, Quiet, SourceGroup } from '@guanlan/domain';
import type { ColumnType, Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface RouteTable {
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

interface SilenceTable {
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

interface InhibitionTable {
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

export interface RouteTables {
  route: RouteTable;
  silence: SilenceTable;
  inhibition: InhibitionTable;
}
