import { type Program, roles } from './program.ts';
import type { Reading } from './reading.ts';

/** One downgrade or aggravation met in a field. */
export interface Adjusted {
  kind: 'lower' | 'raise';
  /** As shown: 降级：演练. */
  name: string;
  text: string;
}

/** What lowers or raises, per sentence of the field, each name once per sentence, in the order of the names. */
export function findAdjustments(program: Program, reading: Reading, source: string): ReadonlyMap<number, readonly Adjusted[]> {
  const found = new Map<number, Adjusted[]>();
  if ((reading.roles & roles.adjustment) === 0) return found;
  const contradicted = program.adjustments.map(({ unless }) => {
    if (!reading.hasAny(unless)) return null;
    return new Set(
      reading
        .hitsOf(unless)
        .filter((hit) => reading.maskOf(hit) < 0)
        .map((hit) => reading.sentence(hit)),
    );
  });
  for (const hit of reading.adjustmentHits) {
    const sentence = reading.sentence(hit);
    for (const index of program.adjustmentsOf.get(reading.term(hit)) ?? []) {
      const planned = program.adjustments[index];
      if (planned === undefined || contradicted[index]?.has(sentence)) continue;
      const { kind, name, sources } = planned.adjustment;
      if (!isFrom(sources, source)) continue;
      const shown = `${kind === 'lower' ? '降级' : '加重'}：${name}`;
      const list = found.get(sentence) ?? [];
      if (list.some((one) => one.name === shown) || reading.maskOf(hit) >= 0 || reading.isAstride(hit)) continue;
      list.push({ kind, name: shown, text: reading.span(hit).text });
      found.set(sentence, list);
    }
  }
  for (const list of found.values()) list.sort((a, b) => (a.name < b.name ? -1 : 1));
  return found;
}

/** An item from a source of this kind is meant. None named: any is. */
export function isFrom(kinds: readonly string[], source: string): boolean {
  return kinds.length === 0 || kinds.includes(source);
}
