import type { Field } from '@guanlan/domain';
import { type Adjusted, findAdjustments, isFrom } from './adjustments.ts';
import { type Chain, findChains } from './chain.ts';
import type { Raise, Rule } from './lexicon.ts';
import type { PlannedCondition, PlannedMeasure, Program } from './program.ts';
import type { Reading } from './reading.ts';

/** What speaks for one rule in one item. */
export interface Evidence {
  rule: Rule;
  found: Found[];
  /** 升级 lines of the rule that hold here. */
  raises: { raise: Raise; name: string }[];
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

/** A rule that would have fired but for `by`, named as the lexicon has it; `text` is what stands in the item. */
export interface Held {
  rule: string;
  by: string;
  text: string;
}

/** Per condition and field; a rule is no surer for being met a fifth time, unless it asks to be counted. */
const mostChains = { usual: 4, counted: 64 };

/** The conditions that may be met in a field: each has a hit in every group. Groups with single characters are read for only then. */
export function candidatesIn(program: Program, reading: Reading, source: string): PlannedCondition[] {
  const found: PlannedCondition[] = [];
  let singles = false;
  for (const term of reading.met) {
    for (const condition of program.anchored[term] ?? []) {
      if (!reading.claim(condition.index)) continue;
      if (!condition.groups.every((group) => reading.mayHave(group))) continue;
      if ((condition.rule.where === 'damaged' && !reading.damaged) || !isFrom(condition.rule.sources, source)) continue;
      found.push(condition);
      singles ||= program.fullMatcher !== null;
    }
  }
  if (!singles) return found;
  reading.readFully();
  return found.filter((condition) => condition.groups.every((group) => reading.hasAny(group)));
}

/** Adds the evidence of a field, and what was held back, for every condition whose groups were all met. */
export function collectEvidence(
  program: Program,
  field: Field,
  reading: Reading,
  source: string,
  evidence: Map<string, Evidence>,
  held: Map<string, Held>,
): void {
  const conditions = candidatesIn(program, reading, source);
  if (conditions.length === 0) return;
  const adjustments = findAdjustments(program, reading, source);
  for (const condition of conditions) {
    const usable = condition.groups.map((group) => reading.usableHitsOf(group));
    const counted = isCounted(condition.rule);
    const chains = findChains(reading, condition, usable, counted ? mostChains.counted : mostChains.usual, counted);
    if (chains.length === 0) noteMask(program, reading, condition, held);
    for (const chain of chains) {
      const sentences = new Set(chain.map((hit) => reading.sentence(hit)));
      const here = [...sentences].flatMap((sentence) => adjustments.get(sentence) ?? []);
      const by =
        exception(program, reading, condition, sentences) ??
        here.find(({ kind }) => kind === 'lower') ??
        unmet(program.requiresOf(condition.rule.id), reading, sentences, chain);
      if (by === undefined) add(evidence, condition.rule, found(field, reading, chain, here));
      else note(held, condition.rule.id, by.name, by.text);
    }
  }
}

/** The largest figure that a hit of the measure states in these sentences, or null. */
export function figureIn({ measure, group }: PlannedMeasure, reading: Reading, sentences: ReadonlySet<number>): number | null {
  let most: number | null = null;
  for (const hit of reading.usableHitsOf(group)) {
    if (!sentences.has(reading.sentence(hit))) continue;
    const figure = reading.figureBeside(hit, measure.kind);
    if (figure !== null && (most === null || figure > most)) most = figure;
  }
  return most;
}

function unmet(
  measures: readonly PlannedMeasure[],
  reading: Reading,
  sentences: ReadonlySet<number>,
  chain: Chain,
): { name: string; text: string } | undefined {
  const missing = measures.find((one) => (figureIn(one, reading, sentences) ?? Number.NEGATIVE_INFINITY) < one.measure.atLeast);
  return missing === undefined ? undefined : { name: `未达到：${missing.measure.text}`, text: reading.span(chain[0] ?? 0).text };
}

/** The rule asks how often it is met. */
function isCounted(rule: Rule): boolean {
  return rule.times > 1 || rule.density > 0 || rule.raises.some(({ when }) => when.kind === 'times');
}

/** The first downgrade in a field that is read as one sentence. */
export function loweringOf(program: Program, title: Reading, source: string): Adjusted | null {
  return (
    findAdjustments(program, title, source)
      .get(0)
      ?.find(({ kind }) => kind === 'lower') ?? null
  );
}

/** Says that the rule would have fired but for `by`; said once, with what stood there first. */
export function note(held: Map<string, Held>, rule: string, by: string, text: string): void {
  const key = `${rule}\n${by}`;
  if (!held.has(key)) held.set(key, { rule, by, text });
}

function found(field: Field, reading: Reading, chain: Chain, here: readonly Adjusted[]): Found {
  const sentence = reading.sentence(chain.at(-1) ?? 0);
  const raisedBy = here.filter(({ kind }) => kind === 'raise').map(({ name }) => name);
  return { field, chain, sentence, sentenceStart: reading.sentenceStart(sentence), raisedBy };
}

function add(evidence: Map<string, Evidence>, rule: Rule, one: Found): void {
  const entry = evidence.get(rule.id);
  if (entry === undefined) evidence.set(rule.id, { rule, found: [one], raises: [] });
  else entry.found.push(one);
}

/** A term that the rule excludes, in a sentence of the chain. */
function exception(
  program: Program,
  reading: Reading,
  { except }: PlannedCondition,
  sentences: ReadonlySet<number>,
): { name: string; text: string } | undefined {
  if (except.terms.length === 0 || !reading.hasAny(except)) return undefined;
  const hit = reading.hitsOf(except).find((other) => sentences.has(reading.sentence(other)) && !reading.isAstride(other));
  if (hit === undefined) return undefined;
  return { name: `排除：${program.terms[reading.term(hit)]}`, text: reading.span(hit).text };
}

/** With the masked hits the condition would have been met: say which mask prevented it. */
function noteMask(program: Program, reading: Reading, condition: PlannedCondition, held: Map<string, Held>): void {
  if (!condition.groups.some((group) => reading.hitsOf(group).length > reading.usableHitsOf(group).length)) return;
  const all = condition.groups.map((group) => reading.hitsOf(group));
  const [chain] = findChains(reading, condition, all, 1);
  const mask = chain?.map((hit) => reading.maskOf(hit)).find((cover) => cover >= 0);
  if (mask === undefined) return;
  note(held, condition.rule.id, `屏蔽：${program.terms[reading.term(mask)]}`, reading.span(mask).text);
}
