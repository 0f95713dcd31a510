import { levelRank, type RuleVolume } from '@guanlan/domain';
import type { Judge, Judged } from './judge.ts';

/** A stored item, and how its story stands. */
export interface VolumeItem extends Judged {
  sourceLocal: boolean;
  /** Of its event, else of its text: what is one case. */
  story: string;
  /** Young enough to be opened by judging anew. */
  young: boolean;
  /** Of the newest case about it; `none` where there never was one. */
  alert: 'none' | 'open' | 'closed';
  /** What its event's items say; 0 where it has none. */
  rank: number;
}

/** Gathers, item by item, what the draft would bring. */
export interface Volume {
  add(item: VolumeItem): void;
  result(): Pick<RuleVolume, 'items' | 'levelled' | 'alerts' | 'atOnce' | 'raised' | 'rules'>;
}

const mostRules = 10;

/**
 * What the draft would newly bring, beside the lexicon in force. A story is one case however many tell it; what a person has closed is
 * not opened again by new rules.
 */
export function createVolume(current: Judge, draft: Judge): Volume {
  let items = 0;
  let levelled = 0;
  const opened = new Set<string>();
  const young = new Set<string>();
  const raised = new Set<string>();
  const byRule = new Map<string, Set<string>>();
  return {
    add(item) {
      items++;
      const before = current.trace(item);
      const after = draft.trace(item);
      const rank = levelRank(after.assessment.level);
      if (rank === 0) return;
      if (before.assessment.level === 'none') levelled++;
      if (!after.assessment.local && !item.sourceLocal) return;
      const was = before.assessment.level !== 'none' && (before.assessment.local || item.sourceLocal);
      if (item.alert === 'open' && item.young && rank > item.rank) raised.add(item.story);
      if (item.alert !== 'none' || was) return;
      opened.add(item.story);
      if (item.young) young.add(item.story);
      const then = new Set(before.fired);
      const fresh = after.fired.filter((rule) => !then.has(rule));
      for (const rule of fresh.length > 0 ? fresh : after.fired) byRule.set(rule, (byRule.get(rule) ?? new Set()).add(item.story));
    },
    result() {
      const rules = [...byRule].map(([rule, stories]) => ({ rule, alerts: stories.size }));
      rules.sort((a, b) => b.alerts - a.alerts || (a.rule < b.rule ? -1 : 1));
      return { items, levelled, alerts: opened.size, atOnce: young.size, raised: raised.size, rules: rules.slice(0, mostRules) };
    },
  };
}
