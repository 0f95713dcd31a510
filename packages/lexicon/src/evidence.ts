import type { Field } from '@guanlan/domain';
import { type Adjusted, findAdjustments } from './adjustments.ts';
import { type Chain, findChains } from './chain.ts';
import type { Rule } from './lexicon.ts';
import type { PlannedCondition, Program } from './program.ts';
import type { Reading } from './reading.ts';

/** What speaks for one rule in one item. */
export interface Evidence {
  rule: Rule;
  found: Found[];
}

export interface Found {
  field: Field;
  chain: Chain;
  /** The sentence of the chain's last hit, and its offset in the field. */
  sentence: number;
  sentenceStart: number;
  /** Names of what raises the level here. */
  raisedBy: string[];
}

/** A rule that would have fired but for `by`. */
export interface Held {
  rule: string;
  by: string;
  text: string;
}

/** Per condition and field; a rule is no surer for being met a fifth time. */
const mostChains = 4;

/** Adds the evidence of a field, and what was held back, for every condition whose groups were all met. */
export function collectEvidence(
  program: Program,
  field: Field,
  reading: Reading,
  evidence: Map<string, Evidence>,
  held: Map<string, Held>,
): void {
  const conditions = candidates(program, reading);
  if (conditions.length === 0) return;
  const adjustments = findAdjustments(program, reading);
  for (const condition of conditions) {
    const all = condition.groups.map((group) => reading.hitsOf(group));
    const usable = all.map((hits) => hits.filter((hit) => reading.maskOf(hit) < 0 && !reading.isAstride(hit)));
    const chains = findChains(reading, condition, usable, mostChains);
    if (chains.length === 0) noteMask(reading, condition, all, held);
    for (const chain of chains) {
      const sentences = new Set(chain.map((hit) => reading.sentence(hit)));
      const here = [...sentences].flatMap((sentence) => adjustments.get(sentence) ?? []);
      const by = exception(reading, condition, sentences) ?? here.find(({ kind }) => kind === 'lower');
      if (by === undefined) add(evidence, condition.rule, found(field, reading, chain, here));
      else note(held, condition.rule.id, by.name, by.text);
    }
  }
}

/** The first downgrade in a field that is read as one sentence. */
export function loweringOf(program: Program, title: Reading): Adjusted | null {
  return (
    findAdjustments(program, title)
      .get(0)
      ?.find(({ kind }) => kind === 'lower') ?? null
  );
}

/** Says that the rule would have fired but for `by`. */
export function note(held: Map<string, Held>, rule: string, by: string, text: string): void {
  held.set(`${rule}\n${by}\n${text}`, { rule, by, text });
}

function candidates(program: Program, reading: Reading): PlannedCondition[] {
  const looked = new Set<number>();
  const found: PlannedCondition[] = [];
  for (let hit = 0; hit < reading.count; hit++) {
    for (const condition of program.anchored[reading.term(hit)] ?? []) {
      if (looked.has(condition.index)) continue;
      looked.add(condition.index);
      if (condition.groups.every((group) => reading.hasAny(group))) found.push(condition);
    }
  }
  return found;
}

function found(field: Field, reading: Reading, chain: Chain, here: readonly Adjusted[]): Found {
  const sentence = reading.sentence(chain.at(-1) ?? 0);
  const raisedBy = here.filter(({ kind }) => kind === 'raise').map(({ name }) => name);
  return { field, chain, sentence, sentenceStart: reading.sentenceStart(sentence), raisedBy };
}

function add(evidence: Map<string, Evidence>, rule: Rule, one: Found): void {
  const entry = evidence.get(rule.id);
  if (entry === undefined) evidence.set(rule.id, { rule, found: [one] });
  else entry.found.push(one);
}

/** A term that the rule excludes, in a sentence of the chain. */
function exception(
  reading: Reading,
  { except }: PlannedCondition,
  sentences: ReadonlySet<number>,
): { name: string; text: string } | undefined {
  if (!reading.hasAny(except)) return undefined;
  const hit = reading.hitsOf(except).find((other) => sentences.has(reading.sentence(other)) && !reading.isAstride(other));
  if (hit === undefined) return undefined;
  const { text } = reading.span(hit);
  return { name: `排除：${text}`, text };
}

/** With the masked hits the condition would have been met: say which mask prevented it. */
function noteMask(reading: Reading, condition: PlannedCondition, all: readonly (readonly number[])[], held: Map<string, Held>): void {
  if (!all.some((hits) => hits.some((hit) => reading.maskOf(hit) >= 0))) return;
  const [chain] = findChains(reading, condition, all, 1);
  const mask = chain?.map((hit) => reading.maskOf(hit)).find((cover) => cover >= 0);
  if (mask === undefined) return;
  const { text } = reading.span(mask);
  note(held, condition.rule.id, `屏蔽：${text}`, text);
}
