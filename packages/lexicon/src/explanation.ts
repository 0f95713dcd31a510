import type { Assessment, Explanation, Field, NearMiss } from '@guanlan/domain';
import { findChains } from './chain.ts';
import type { Evidence } from './evidence.ts';
import type { PlannedCondition, Program } from './program.ts';
import type { Reading } from './reading.ts';

const most = { nearMisses: 10, words: 5 };

/** What raised, what lowered, and what nearly fired in the item just read. */
export function explanationOf(
  program: Program,
  readings: Record<Field, Reading>,
  { suppressed }: Assessment,
  evidence: readonly Evidence[],
): Explanation {
  const raised = evidence.flatMap(({ rule, found, raises }) =>
    [...new Set([...found.flatMap((one) => one.raisedBy), ...raises.map(({ name }) => name)])].map((by) => ({ rule: rule.id, by })),
  );
  const spoken = new Set([...evidence.map(({ rule }) => rule.id), ...suppressed.map(({ rule }) => rule)]);
  return { raised, lowered: suppressed, nearMisses: nearMissesOf(program, readings, spoken) };
}

/** One per rule, those first of which most was met. */
function nearMissesOf(program: Program, readings: Record<Field, Reading>, spoken: ReadonlySet<string>): NearMiss[] {
  const best = new Map<string, { miss: NearMiss; met: number }>();
  for (const field of ['title', 'text'] as const) {
    const reading = readings[field];
    if (reading.count === 0) continue;
    reading.readFully();
    for (const condition of program.conditions) {
      if (condition.groups.length < 2 || spoken.has(condition.rule.id)) continue;
      const met = condition.groups.filter((group) => reading.usableHitsOf(group).length > 0).length;
      if (met < condition.groups.length - 1 || met <= (best.get(condition.rule.id)?.met ?? 0)) continue;
      const miss = nearMissOf(program, reading, field, condition);
      if (miss !== null) best.set(condition.rule.id, { miss, met });
    }
  }
  return [...best.values()]
    .sort((a, b) => b.met - a.met || (a.miss.rule < b.miss.rule ? -1 : 1))
    .slice(0, most.nearMisses)
    .map(({ miss }) => miss);
}

function nearMissOf(program: Program, reading: Reading, field: Field, condition: PlannedCondition): NearMiss | null {
  const lists = condition.groups.map((group) => reading.usableHitsOf(group));
  const found = lists.flatMap(([hit]) => (hit === undefined ? [] : [hit]));
  // A single character that stands somewhere says nothing.
  if (!found.some((hit) => reading.end(hit) - reading.start(hit) >= 2)) return null;
  const absent = condition.groups.find((_, place) => lists[place]?.length === 0);
  if (absent === undefined && findChains(reading, condition, lists, 1).length > 0) {
    return {
      rule: condition.rule.id,
      field,
      found: found.map((hit) => reading.span(hit).text),
      missing: '只在正文里提到，标题、导语或次数不够',
    };
  }
  const words = Array.from(absent?.terms.subarray(0, most.words) ?? [], (term) => program.terms[term] ?? '').join('|');
  const missing = absent === undefined ? '这些词离得太远' : `缺少 ${words}${absent.terms.length > most.words ? '…' : ''}`;
  return { rule: condition.rule.id, field, found: found.map((hit) => reading.span(hit).text), missing };
}
