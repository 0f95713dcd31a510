import type { AuthorKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface ItemTable {
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

interface ItemRevisionTable {
  item_id: number;
  fingerprint: string;
  at: At;
  title: string;
  text: string;
}

interface ItemPendingTable {
  item_id: number;
  rung_at: At;
}

interface IntakeReceiptTable {
  source_id: number;
  external_id: string;
  item_id: number;
}

export interface ItemTables {
  item: ItemTable;
  item_revision: ItemRevisionTable;
  item_pending: ItemPendingTable;
  intake_receipt: IntakeReceiptTable;
}
