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
      const { kind, sources, whole } = planned.adjustment;
      if (whole || !isFrom(sources, source)) continue;
      const shown = shownName(planned.adjustment);
      const list = found.get(sentence) ?? [];
      if (list.some((one) => one.name === shown) || reading.maskOf(hit) >= 0 || reading.isAstride(hit)) continue;
      list.push({ kind, name: shown, text: reading.span(hit).text });
      found.set(sentence, list);
    }
  }
  for (const list of found.values()) list.sort((a, b) => (a.name < b.name ? -1 : 1));
  return found;
}

/** The first downgrade that holds for the item as a whole, wherever in it its words stand. */
export function findWholeLowering(program: Program, readings: readonly Reading[], source: string): Adjusted | null {
  for (const reading of readings) {
    for (const hit of reading.adjustmentHits) {
      for (const index of program.adjustmentsOf.get(reading.term(hit)) ?? []) {
        const planned = program.adjustments[index];
        if (planned === undefined || !planned.adjustment.whole || !isFrom(planned.adjustment.sources, source)) continue;
        if (reading.maskOf(hit) >= 0 || reading.isAstride(hit) || readings.some((one) => one.usableHitsOf(planned.unless).length > 0))
          continue;
        return { kind: 'lower', name: shownName(planned.adjustment), text: reading.span(hit).text };
      }
    }
  }
  return null;
}

function shownName({ kind, name }: Pick<Adjusted, 'kind' | 'name'>): string {
  return `${kind === 'lower' ? '降级' : '加重'}：${name}`;
}

/** An item from a source of this kind is meant. None named: any is. */
export function isFrom(kinds: readonly string[], source: string): boolean {
  return kinds.length === 0 || kinds.includes(source);
}
