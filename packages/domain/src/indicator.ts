/** A budget project and its indicator table, word for word as the office's performance document has it. */
export interface IndicatorProject {
  /** Project code of the budget, e.g. `13052924P00584012403D`. */
  code: string;
  name: string;
  /** Budget in 万元. */
  budget: number;
  /** Cumulative spending plan: by `MM-DD`, which share (0–1). */
  fundPlan: { by: string; share: number }[];
  goals: string[];
  indicators: Indicator[];
}

export interface Indicator {
  level1: string;
  level2: string;
  level3: string;
  description: string;
  /** As written: `≥2500条`, `100%`, `10万元`. */
  target: string;
  basis: string;
  /** What in this system measures it; absent where a person must enter it. */
  measure?: 'items-counted';
  /** Where the document looks mistaken: shown beside it, never silently mended. */
  note?: string;
}

/** The number in a target as written (`≥2500条` → 2500), or null. */
export function targetNumber(target: string): number | null {
  const match = /\d+(?:\.\d+)?/u.exec(target);
  return match ? Number(match[0]) : null;
}
