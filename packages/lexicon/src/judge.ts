import {
  type Assessment,
  type CategoryId,
  categoryIds,
  type Explained,
  type Field,
  itemLimits,
  type Level,
  levelRank,
} from '@guanlan/domain';
import { findWholeLowering } from './adjustments.ts';
import { collectEvidence, type Evidence, figureIn, type Held, loweringOf, note } from './evidence.ts';
import { explain, suppressions } from './explain.ts';
import { explanationOf } from './explanation.ts';
import type { Gazetteer } from './gazetteer.ts';
import { isBareHeading } from './heading.ts';
import type { Lexicon } from './lexicon.ts';
import { findPlaces } from './places.ts';
import { type Program, planProgram } from './program.ts';
import { Reading } from './reading.ts';
import { isEnough, levelOf, scoreOf, weighted } from './score.ts';

/** What is judged: the text of one item. Titles are read up to 500 UTF-16 units and texts up to 200,000, as items are stored. */
export interface Judged {
  title?: string | undefined;
  text?: string | undefined;
  /** The `authorKind` of the source, where known: what 来源 lines ask for. */
  sourceKind?: string | undefined;
}

export interface Judge {
  /** Of the lexicon. */
  readonly digest: string;
  /** The ids of its rules. */
  readonly rules: ReadonlySet<string>;
  /** Pure: the same item is always judged the same. Time is linear in the text. */
  assess(item: Judged): Assessment;
  /** The same verdict with what raised and lowered it and what nearly fired. Slower: for one item that a person looks at. */
  explain(item: Judged): Explained;
  /** The same verdict with the ids of all rules that fired, the most urgent first; the reasons name at most those of twenty hits. */
  trace(item: Judged): { assessment: Assessment; fired: string[] };
}

/** Makes a judge of a lexicon and the gazetteer in its source, or another. Holds buffers, so one judge serves one thread. */
export function createJudge(lexicon: Lexicon, gazetteer: Gazetteer = lexicon.gazetteer): Judge {
  const program = planProgram(lexicon, gazetteer);
  const title = new Reading(program);
  const text = new Reading(program);
  const weighItem = (item: Judged): Weighed => {
    title.read((item.title ?? '').slice(0, itemLimits.title), true);
    text.read((item.text ?? '').slice(0, itemLimits.text), false);
    if (title.count === 0 && text.count === 0) return nothing();
    return weigh(program, { title, text }, !title.isBlank && !isBareHeading(item.title ?? ''), item.sourceKind ?? 'unknown');
  };
  return {
    digest: lexicon.digest,
    rules: new Set(lexicon.rules.map((rule) => rule.id)),
    assess: (item) => weighItem(item).assessment,
    explain(item) {
      const { assessment, evidence } = weighItem(item);
      return { ...assessment, explanation: explanationOf(program, { title, text }, assessment, evidence) };
    },
    trace(item) {
      const { assessment, evidence } = weighItem(item);
      return { assessment, fired: evidence.map(({ rule }) => rule.id) };
    },
  };
}

interface Weighed {
  assessment: Assessment;
  /** What fired. */
  evidence: Evidence[];
}

function weigh(program: Program, readings: Record<Field, Reading>, titled: boolean, source: string): Weighed {
  const { title, text } = readings;
  const evidence = new Map<string, Evidence>();
  const held = new Map<string, Held>();
  collectEvidence(program, 'title', title, source, evidence, held);
  collectEvidence(program, 'text', text, source, evidence, held);
  const places = findPlaces(program, [title, text]);
  const local = places.length > 0;
  const enough: Evidence[] = [];
  for (const one of evidence.values()) {
    one.found = weighted(one, titled);
    const echoed = titled && one.found.length > 0 && echoes(program, title, one);
    if (one.found.length === 0) continue;
    const contrary = presentOf(program, readings, one);
    if (contrary !== null) note(held, one.rule.id, `全文排除：${contrary.term}`, contrary.text);
    else if (isEnough(one, { titled, echoed, local, length: title.length + text.length })) enough.push(one);
  }
  const lowered =
    enough.length === 0
      ? null
      : ((titled ? loweringOf(program, title, source) : null) ?? findWholeLowering(program, [title, text], source));
  if (lowered !== null) {
    for (const { rule } of enough) note(held, rule.id, lowered.name, lowered.text);
    enough.length = 0;
  }
  for (const one of enough) {
    raise(program, readings, one, local);
    for (const [key, { rule }] of held) if (rule === one.rule.id) held.delete(key);
  }
  const scored = enough
    .map((one) => ({ evidence: one, level: levelOf(one), score: scoreOf(one, titled, enough.length) }))
    .sort((a, b) => b.score - a.score || (a.evidence.rule.id < b.evidence.rule.id ? -1 : 1));
  const fired = scored.map((one) => one.evidence);
  const assessment: Assessment = {
    level: scored.reduce<Level>((most, { level }) => (levelRank(level) > levelRank(most) ? level : most), 'none'),
    score: scored[0]?.score ?? 0,
    categories: categoriesOf(scored),
    local,
    places,
    reasons: explain(program, fired, readings),
    suppressed: suppressions(held),
  };
  return { assessment, evidence: fired };
}

/** What must stand nowhere in the item, and does. */
function presentOf(program: Program, { title, text }: Record<Field, Reading>, { rule }: Evidence): { term: string; text: string } | null {
  const group = program.absentOf(rule.id);
  if (group === undefined) return null;
  for (const reading of [title, text]) {
    const [hit] = reading.usableHitsOf(group);
    if (hit !== undefined) return { term: program.terms[reading.term(hit)] ?? '', text: reading.span(hit).text };
  }
  return null;
}

/** Notes the 升级 lines of the rule that hold for its evidence. */
function raise(program: Program, readings: Record<Field, Reading>, one: Evidence, local: boolean): void {
  for (const { raise, group } of program.raisesOf(one.rule.id)) {
    const { when } = raise;
    let name: string | null = null;
    if (when.kind === 'local') name = local ? '本地' : null;
    else if (when.kind === 'times') name = one.found.length >= when.times ? raise.text : null;
    else {
      for (const { field, chain } of one.found) {
        const reading = readings[field];
        const sentences = new Set(chain.map((hit) => reading.sentence(hit)));
        if (when.kind === 'measure') {
          if ((figureIn({ measure: when.measure, group }, reading, sentences) ?? Number.NEGATIVE_INFINITY) >= when.measure.atLeast)
            name = raise.text;
        } else {
          const hit = reading.usableHitsOf(group).find((other) => sentences.has(reading.sentence(other)));
          if (hit !== undefined) name = program.terms[reading.term(hit)] ?? '';
        }
        if (name !== null) break;
      }
    }
    if (name !== null) one.raises.push({ raise, name: `升级：${name}` });
  }
}

/** The title names something that a condition of the rule looks for, alone. */
function echoes(program: Program, title: Reading, { rule }: Evidence): boolean {
  return program
    .conditionsOf(rule.id)
    .some(({ groups }) =>
      groups.some((group) => title.hitsOf(group).some((hit) => title.maskOf(hit) < 0 && title.end(hit) - title.start(hit) >= 2)),
    );
}

/** Most urgent first; equals in the order of the thirteen. */
function categoriesOf(scored: readonly { evidence: Evidence; score: number }[]): CategoryId[] {
  const best = new Map<CategoryId, number>();
  for (const { evidence, score } of scored) best.set(evidence.rule.category, Math.max(score, best.get(evidence.rule.category) ?? 0));
  return [...best.keys()].sort((a, b) => (best.get(b) ?? 0) - (best.get(a) ?? 0) || categoryIds.indexOf(a) - categoryIds.indexOf(b));
}

function nothing(): Weighed {
  return {
    assessment: { level: 'none', score: 0, categories: [], local: false, places: [], reasons: [], suppressed: [] },
    evidence: [],
  };
}
