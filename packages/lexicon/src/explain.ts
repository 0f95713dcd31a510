import type { Field, Reason, Suppressed } from '@guanlan/domain';
import type { Evidence, Held } from './evidence.ts';
import type { Program } from './program.ts';
import type { Reading } from './reading.ts';

/** As many as a person reads. */
const most = { reasons: 20, suppressed: 20 };

/** The evidence of the rules, most urgent rule first, in order of reading. Equal pieces are named once. */
export function explain(program: Program, evidence: readonly Evidence[], readings: Record<Field, Reading>): Reason[] {
  const reasons: Reason[] = [];
  for (const { rule, found } of evidence) {
    const seen = new Set<string>();
    const own: Reason[] = [];
    for (const { field, chain } of found) {
      const reading = readings[field];
      for (const hit of chain) {
        const span = reading.span(hit);
        const key = `${field} ${span.start} ${span.end}`;
        if (seen.has(key)) continue;
        seen.add(key);
        own.push({ rule: rule.id, category: rule.category, term: program.terms[reading.term(hit)] ?? '', field, ...span });
      }
    }
    own.sort(inOrderOfReading);
    reasons.push(...own.slice(0, most.reasons - reasons.length));
    if (reasons.length === most.reasons) break;
  }
  return reasons;
}

export function suppressions(held: ReadonlyMap<string, Held>): Suppressed[] {
  const keys = [...held.keys()].sort().slice(0, most.suppressed);
  return keys.flatMap((key) => held.get(key) ?? []);
}

function inOrderOfReading(a: Reason, b: Reason): number {
  if (a.field !== b.field) return a.field === 'title' ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}
