import type { CategoryId, EventEntryKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface EventTable {
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
interface EventEntryTable {
  id: Generated<number>;
  event_id: number;
  at: Date;
  kind: EventEntryKind;
  other_id: number;
  items: number;
  actor: string;
  note: Generated<string>;
}

interface EventPendingTable {
  item_id: number;
}

interface EventItemTable {
  item_id: number;
  event_id: number;
  seq: Generated<number>;
  seed_id: number;
  copy_of: number | null;
  fingerprint: string;
  signature: Buffer | null;
  at: Date;
}

export interface EventTables {
  event: EventTable;
  event_item: EventItemTable;
  event_entry: EventEntryTable;
  event_pending: EventPendingTable;
}
