import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

export type SampleStratum = 'local' | 'other';
export type SampleVerdict = 'missed' | 'fine';

interface SampleTable {
  week: string;
  seed: number;
  drawn_at: At;
}

interface SampleStratumTable {
  week: string;
  stratum: SampleStratum;
  population: number;
}

interface SampleItemTable {
  week: string;
  item_id: number;
  stratum: SampleStratum;
  verdict: SampleVerdict | null;
  note: Generated<string>;
  judged_by: string | null;
  judged_at: MaybeAt;
}

export interface SampleTables {
  sample: SampleTable;
  sample_stratum: SampleStratumTable;
  sample_item: SampleItemTable;
}
