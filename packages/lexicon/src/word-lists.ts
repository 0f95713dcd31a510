import { parseTerms, type WordLists } from './condition.ts';
import type { Faults } from './faults.ts';
import type { Position, Term } from './lexicon.ts';

/** One line “词表 名称 词|词|{另一词表}”, wherever it stands; lines of one name add up. */
export interface ListLine {
  name: string;
  value: string;
  valueAt: Position;
}

const deepest = 8;

/** Resolves the lists, whatever their order in the source. */
export function resolveLists(lines: readonly ListLine[], faults: Faults): WordLists {
  const byName = Map.groupBy(lines, (line) => line.name);
  const done = new Map<string, readonly Term[]>();
  const resolve = (name: string, depth: number): readonly Term[] => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const own = byName.get(name) ?? [];
    const terms = new Map<string, Term>();
    for (const { value, valueAt } of own) {
      const inner = new Map<string, readonly Term[]>();
      for (const [, other = ''] of value.matchAll(/\{([^{}]+)\}/gu)) {
        if (depth >= deepest) faults.add(valueAt, `词表“${other}”套得太深或引用了自己`, '词表之间不要循环引用');
        else if (byName.has(other)) inner.set(other, resolve(other, depth + 1));
        if (depth >= deepest) inner.set(other, []);
      }
      for (const term of parseTerms(value.replace(/\s*\|\s*/gu, '|'), valueAt, faults, inner) ?? []) {
        terms.set(`${term.text}${term.aligned ? '^' : ''}`, term);
      }
    }
    const list = [...terms.values()];
    done.set(name, list);
    return list;
  };
  for (const name of byName.keys()) resolve(name, 0);
  return done;
}
