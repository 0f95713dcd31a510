import type { CategoryId, Reason, Suppressed } from '@guanlan/domain';
import type { ColumnType, Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface LexiconRevisionTable {
  id: Generated<number>;
  digest: string;
  body: string;
  note: Generated<string>;
  author: Generated<string>;
  published_at: At;
}

interface LexiconDraftTable {
  singleton: Generated<boolean>;
  base_revision_id: number;
  body: string;
  version: number;
  author: string;
  updated_at: At;
}

interface ReassessmentTable {
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

interface AssessmentTable {
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

export interface LexiconTables {
  lexicon_revision: LexiconRevisionTable;
  lexicon_draft: LexiconDraftTable;
  reassessment: ReassessmentTable;
  assessment: AssessmentTable;
}
