import type { Assessment, Field, Suppressed } from './assessment.ts';

/** What a person sees beside the reasons of an assessment: the same object from the API, on the command line and in the console. */
export interface Explanation {
  /** What made a level higher than its rule says: 加重：有人死亡, 升级：死亡 ≥ 3 人. */
  raised: { rule: string; by: string }[];
  /** Downgrades, masks, exclusions and figures not reached that held a rule back. */
  lowered: Suppressed[];
  /** Rules of which all but one thing was met. */
  nearMisses: NearMiss[];
}

export interface NearMiss {
  rule: string;
  field: Field;
  /** What was met, as it stands in the text. */
  found: string[];
  /** What was not: “缺少 受伤|死亡 …”, or that the pieces lie too far apart. */
  missing: string;
}

/** The whole card. */
export type Explained = Assessment & { explanation: Explanation };
