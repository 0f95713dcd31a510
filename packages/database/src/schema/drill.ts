import type { AuthorKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface DrillTable {
  id: Generated<number>;
  script: string;
  title: string;
  actor: string;
  started_at: At;
  ended_at: MaybeAt;
}

interface DrillStepTable {
  drill_id: number;
  position: number;
  due_at: At;
  title: string;
  text: string;
  author_kind: AuthorKind;
  injected_at: MaybeAt;
  item_id: number | null;
}

export interface DrillTables {
  drill: DrillTable;
  drill_step: DrillStepTable;
}
