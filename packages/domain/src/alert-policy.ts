import type { StormRule } from './admission.ts';
import type { DeadlineRule } from './deadline.ts';
import type { VolumeBound } from './volume.ts';

/** What holds for every case: its clocks, who follows when one runs out, and when people are told again. Published as revisions. */
export interface AlertPolicy {
  /** Names the revision for people, as `2026-11`. */
  version: string;
  deadlines: DeadlineRule[];
  /** After a clock ran out, in order. `next` on the roster, then the `leader` of the shift. */
  escalation: EscalationStep[];
  /** A message more for an event that is told already, beside a rise of its level. */
  retell: {
    /** Volume jump: this many times the items of the last message, and at least so many more. */
    surgeFactor: number;
    surgeItems: number;
  };
  /** What opens a closed case again at the same level: items since it was closed, from that many sources. */
  wave: { items: number; sources: number };
  /**
   * When single messages are folded into one: `burst` of them at one time on one channel, or `singles` within the window; level I
   * has its own counts. What is folded is sent after so many seconds.
   */
  storm: StormRule;
  /** How many cases a new revision of the rules may bring unasked; absent: {@link usualVolume}. */
  volume?: VolumeBound;
}

export interface EscalationStep {
  /** After the clock ran out. */
  afterMinutes: number;
  to: 'next' | 'leader';
}

export const escalationTitles = { next: '下一位值班员', leader: '带班领导' } as const satisfies Record<EscalationStep['to'], string>;
