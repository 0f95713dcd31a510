import type { Assessment, PreviewExample, PreviewResult, PreviewRule, PreviewSide } from '@guanlan/domain';
import { levelRank } from '@guanlan/domain';
import type { Judge, Judged } from './judge.ts';

/** A stored item, and what a person has said of it. */
export interface PreviewItem extends Judged {
  id: number;
  sourceLocal: boolean;
  outcome: 'confirmed' | 'false-alarm' | null;
}

/** Gathers, item by item, what changes between two lexicons. Memory is bounded by the rules, however many items are added. */
export interface Preview {
  add(item: PreviewItem): void;
  result(): PreviewResult;
}

const most = { examples: 5, rules: 200, title: 80, around: 16 };

export function createPreview(current: Judge, draft: Judge): Preview {
  const rules = new Map<string, PreviewRule>();
  const sum = { items: 0, changed: 0, raised: 0, lowered: 0, gained: 0, lost: 0 };
  const ruleOf = (id: string): PreviewRule => {
    let rule = rules.get(id);
    if (rule === undefined) {
      const inDraft = draft.rules.has(id);
      const place = inDraft && current.rules.has(id) ? 'both' : inDraft ? 'draft' : 'current';
      rule = { rule: id, in: place, before: 0, after: 0, starts: emptySide(), stops: emptySide() };
      rules.set(id, rule);
    }
    return rule;
  };
  return {
    add(item) {
      const before = current.trace(item);
      const after = draft.trace(item);
      count(sum, item, before.assessment, after.assessment);
      const then = new Set(before.fired);
      const now = new Set(after.fired);
      for (const id of then) {
        const rule = ruleOf(id);
        rule.before++;
        if (!now.has(id)) note(rule.stops, item, id, before.assessment, before.assessment, after.assessment);
      }
      for (const id of now) {
        const rule = ruleOf(id);
        rule.after++;
        if (!then.has(id)) note(rule.starts, item, id, after.assessment, before.assessment, after.assessment);
      }
    },
    result() {
      const differing = [...rules.values()].filter((rule) => rule.starts.count + rule.stops.count > 0);
      differing.sort((a, b) => b.starts.count + b.stops.count - a.starts.count - a.stops.count || (a.rule < b.rule ? -1 : 1));
      return { ...sum, rules: differing.slice(0, most.rules), more: Math.max(0, differing.length - most.rules) };
    },
  };
}

function count(sum: Omit<PreviewResult, 'rules' | 'more'>, item: PreviewItem, before: Assessment, after: Assessment): void {
  const step = levelRank(after.level) - levelRank(before.level);
  const [was, is] = [before, after].map((one) => one.level !== 'none' && (one.local || item.sourceLocal));
  sum.items++;
  if (step !== 0 || was !== is) sum.changed++;
  if (step > 0) sum.raised++;
  if (step < 0) sum.lowered++;
  if (is && !was) sum.gained++;
  if (was && !is) sum.lost++;
}

function note(side: PreviewSide, item: PreviewItem, rule: string, found: Assessment, before: Assessment, after: Assessment): void {
  side.count++;
  if (item.outcome === 'confirmed') side.confirmed++;
  if (item.outcome === 'false-alarm') side.falseAlarms++;
  if (side.examples.length >= most.examples) return;
  const title = (item.title || item.text || '').slice(0, most.title).toWellFormed();
  side.examples.push({ itemId: item.id, title, before: before.level, after: after.level, snippet: snippetOf(item, rule, found) });
}

function snippetOf(item: PreviewItem, rule: string, { reasons }: Assessment): PreviewExample['snippet'] {
  const reason = reasons.find((one) => one.rule === rule);
  if (reason === undefined) return '';
  const from = Math.max(0, reason.start - most.around);
  const piece = (item[reason.field] ?? '').slice(from, reason.end + most.around);
  return piece.toWellFormed().replace(/\s+/gu, ' ');
}

function emptySide(): PreviewSide {
  return { count: 0, confirmed: 0, falseAlarms: 0, examples: [] };
}
