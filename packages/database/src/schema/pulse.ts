import type { Generated } from 'kysely';
import type { At, MaybeAt } from './column.ts';

interface NoticeTable {
  id: Generated<number>;
  key: string;
  kind: string;
  title: string;
  text: string;
  at: At;
}

interface ServicePulseTable {
  name: string;
  at: At;
}

interface CanaryTable {
  one: Generated<boolean>;
  source_id: number;
  since: At;
  launched_at: MaybeAt;
  fault: string | null;
  back_at: MaybeAt;
  took_ms: number | null;
}

export interface PulseTables {
  notice: NoticeTable;
  service_pulse: ServicePulseTable;
  canary: CanaryTable;
}
