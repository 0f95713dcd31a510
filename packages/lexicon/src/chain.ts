import { conditionLimits } from './condition.ts';
import type { Link } from './lexicon.ts';
import type { PlannedCondition } from './program.ts';
import type { Reading } from './reading.ts';

/** One way a condition is met: a hit for each of its groups, in the order of the groups. */
export type Chain = readonly number[];

/**
 * The ways a condition is met by the given hits (per group, in order of start), at most one per sentence and `most` in all (`each`: one
 * per hit of the last group).
 * A link is checked between neighbouring groups; hits of one chain never overlap. Linear in the number of hits, because a
 * near partner lies in a window of bounded size.
 */
export function findChains(
  reading: Reading,
  condition: PlannedCondition,
  lists: readonly (readonly number[])[],
  most: number,
  each = false,
): Chain[] {
  /** Per group, the hits that can be reached, each with the place of its partner in the group before. */
  const levels: { hit: number; before: number }[][] = [(lists[0] ?? []).map((hit) => ({ hit, before: -1 }))];
  for (let group = 1; group < lists.length; group++) {
    const link = condition.links[group - 1];
    const from = levels[group - 1] ?? [];
    if (link === undefined || from.length === 0) return [];
    const reached: { hit: number; before: number }[] = [];
    let low = 0;
    for (const hit of lists[group] ?? []) {
      while (low < from.length && isPast(reading, from[low]?.hit ?? 0, hit, link)) low++;
      const before = partner(reading, from, low, hit, link);
      if (before >= 0) reached.push({ hit, before });
    }
    levels.push(reached);
  }
  const chains: Chain[] = [];
  let lastSentence = -1;
  for (const end of levels.at(-1) ?? []) {
    const sentence = reading.sentence(end.hit);
    if (!each && sentence === lastSentence) continue;
    lastSentence = sentence;
    chains.push(trace(levels, end));
    if (chains.length === most) break;
  }
  return chains;
}

function trace(levels: readonly (readonly { hit: number; before: number }[])[], end: { hit: number; before: number }): Chain {
  const chain = [end.hit];
  let { before } = end;
  for (let group = levels.length - 2; group >= 0; group--) {
    const step = levels[group]?.[before];
    if (step === undefined) break;
    chain.unshift(step.hit);
    before = step.before;
  }
  return chain;
}

/** True when `other` starts too early to be a partner of `hit` or of any hit after it. */
function isPast(reading: Reading, other: number, hit: number, link: Link): boolean {
  if (link.kind === 'near') return reading.start(other) < reading.start(hit) - link.within - conditionLimits.termLength;
  if (link.kind === 'sentence') return reading.sentence(other) < reading.sentence(hit);
  return false;
}

/** The first of `from`, from `low` on, that the link joins to `hit`; -1 when there is none. */
function partner(reading: Reading, from: readonly { hit: number }[], low: number, hit: number, link: Link): number {
  const start = reading.start(hit);
  const end = reading.end(hit);
  for (let at = low; at < from.length; at++) {
    const other = from[at]?.hit ?? 0;
    const otherStart = reading.start(other);
    if (link.kind === 'near' && otherStart > end + link.within) return -1;
    if (link.kind === 'sentence' && reading.sentence(other) > reading.sentence(hit)) return -1;
    const gap = otherStart >= end ? otherStart - end : start - reading.end(other);
    if (gap < 0) continue;
    if (link.kind !== 'near') return at;
    if (gap <= link.within && !(link.ordered && otherStart >= end)) return at;
  }
  return -1;
}
