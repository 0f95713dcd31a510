import type { Generated } from 'kysely';
import type { At, Json, MaybeAt } from './column.ts';

interface ChannelTable {
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

interface PushKeyTable {
  id: Generated<number>;
  public_key: string;
  private_key: string;
  created_at: At;
}

interface ChannelUseTable {
  channel_id: number;
  at: At;
  rank: number;
  folded: boolean;
}

export interface ChannelTables {
  channel: ChannelTable;
  push_key: PushKeyTable;
  channel_use: ChannelUseTable;
}
