import { type Assessment, type CategoryId, categoryIds, itemLimits, type Level, levelRank } from '@guanlan/domain';
import { collectEvidence, type Evidence, type Held, loweringOf, note } from './evidence.ts';
import { explain, suppressions } from './explain.ts';
import type { Gazetteer } from './gazetteer.ts';
import type { Lexicon } from './lexicon.ts';
import { findPlaces } from './places.ts';
import { type PlannedCondition, type Program, planProgram } from './program.ts';
import { Reading } from './reading.ts';
import { isEnough, levelOf, scoreOf } from './score.ts';

/** What is judged: the text of one item. Titles are read up to 500 UTF-16 units and texts up to 200,000, as items are stored. */
export interface Judged {
  title?: string | undefined;
  text?: string | undefined;
  /** The `authorKind` of the source, where known. Taken for the shape of the surface; no rule weighs it yet. */
  sourceKind?: string | undefined;
}

export interface Judge {
  /** Of the lexicon. */
  readonly digest: string;
  /** Pure: the same item is always judged the same. Time is linear in the text. */
  assess(item: Judged): Assessment;
}

/** Makes a judge of a lexicon and the gazetteer in its source, or another. Holds buffers, so one judge serves one thread. */
export function createJudge(lexicon: Lexicon, gazetteer: Gazetteer = lexicon.gazetteer): Judge {
  const program = planProgram(lexicon, gazetteer);
  const title = new Reading(program);
  const text = new Reading(program);
  return {
    digest: lexicon.digest,
    assess(item) {
      title.read((item.title ?? '').slice(0, itemLimits.title), true);
      text.read((item.text ?? '').slice(0, itemLimits.text), false);
      if (title.count === 0 && text.count === 0) return nothing();
      return weigh(program, title, text, (item.title ?? '').trim() !== '');
    },
  };
}

function weigh(program: Program, title: Reading, text: Reading, titled: boolean): Assessment {
  const evidence = new Map<string, Evidence>();
  const held = new Map<string, Held>();
  collectEvidence(program, 'title', title, evidence, held);
  collectEvidence(program, 'text', text, evidence, held);
  const places = findPlaces(program, [title, text]);
  const enough = [...evidence.values()].filter((one) => isEnough(one, { titled, echoed: titled && echoes(program, title, one) }));
  const lowered = enough.length > 0 && titled ? loweringOf(program, title) : null;
  if (lowered !== null) {
    for (const { rule } of enough) note(held, rule.id, lowered.name, lowered.text);
    enough.length = 0;
  }
  for (const { rule } of enough) for (const [key, one] of held) if (one.rule === rule.id) held.delete(key);
  const scored = enough
    .map((one) => ({ evidence: one, level: levelOf(one), score: scoreOf(one, titled, enough.length) }))
    .sort((a, b) => b.score - a.score || (a.evidence.rule.id < b.evidence.rule.id ? -1 : 1));
  const best = scored[0];
  return {
    level: scored.reduce<Level>((most, { level }) => (levelRank(level) > levelRank(most) ? level : most), 'none'),
    score: best?.score ?? 0,
    categories: categoriesOf(scored),
    local: places.length > 0,
    places,
    reasons: explain(
      program,
      scored.map((one) => one.evidence),
      { title, text },
    ),
    suppressed: suppressions(held),
  };
}

/** The title names something that a condition of the rule looks for, alone. */
function echoes(program: Program, title: Reading, { rule }: Evidence): boolean {
  for (let hit = 0; hit < title.count; hit++) {
    if (title.maskOf(hit) >= 0 || title.end(hit) - title.start(hit) < 2) continue;
    if (
      program.conditionsOf(rule.id).some((condition: PlannedCondition) => condition.groups.some((group) => group.includes(title.term(hit))))
    )
      return true;
  }
  return false;
}

/** Most urgent first; equals in the order of the thirteen. */
function categoriesOf(scored: readonly { evidence: Evidence; score: number }[]): CategoryId[] {
  const best = new Map<CategoryId, number>();
  for (const { evidence, score } of scored) best.set(evidence.rule.category, Math.max(score, best.get(evidence.rule.category) ?? 0));
  return [...best.keys()].sort((a, b) => (best.get(b) ?? 0) - (best.get(a) ?? 0) || categoryIds.indexOf(a) - categoryIds.indexOf(b));
}

function nothing(): Assessment {
  return { level: 'none', score: 0, categories: [], local: false, places: [], reasons: [], suppressed: [] };
}
