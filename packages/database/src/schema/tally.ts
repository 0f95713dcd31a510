import type { TrainingKind } from '@guanlan/domain';
import type { Generated } from 'kysely';
import type { At } from './column.ts';

export type TallyState = 'counted' | 'duplicate' | 'struck';

interface TallyTable {
  item_id: number;
  year: number;
  fingerprint: string;
  state: TallyState;
  note: Generated<string>;
  at: At;
}

interface TrainingTable {
  id: Generated<number>;
  kind: TrainingKind;
  /** `YYYY-MM-DD` */
  held_on: string;
  topic: string;
  people: number;
  evidence: string | null;
  created_at: At;
}

export interface TallyTables {
  tally: TallyTable;
  training: TrainingTable;
}
