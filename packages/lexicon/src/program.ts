import type { Gazetteer } from './gazetteer.ts';
import type { Adjustment, Lexicon, Link, Raise, Rule, Term } from './lexicon.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import type { Measure } from './measure.ts';
import { normalise, writingsOf } from './normalise.ts';

/** A lexicon and a gazetteer made ready to run: every term has a number, every condition hangs on its rarest group. */
export interface Program {
  /** All terms of two characters or more, and the numbers of its terms. */
  matcher: Matcher;
  longTerms: Int32Array;
  /** All terms; null when none is a single character. Those are met everywhere, so a text is read for them only when it matters. */
  fullMatcher: Matcher | null;
  terms: readonly string[];
  termLength: Uint8Array;
  /** Conditions that a hit of the term can set off. */
  anchored: readonly (readonly PlannedCondition[])[];
  conditions: readonly PlannedCondition[];
  groups: number;
  conditionsOf(rule: string): readonly PlannedCondition[];
  raisesOf(rule: string): readonly PlannedRaise[];
  requiresOf(rule: string): readonly PlannedMeasure[];
  /** What must stand nowhere in the item. */
  absentOf(rule: string): Group | undefined;
  /** 1 for a term that must not lie astride words. Keyed like the terms: an aligned writing has its own number. */
  aligned: Uint8Array;
  role: Uint8Array;
  /** The number of the aligned twin of a term, or -1; a hit of the text is a hit of both. */
  twin: Int32Array;
  adjustments: PlannedAdjustment[];
  adjustmentsOf: ReadonlyMap<number, readonly number[]>;
  placesOf: ReadonlyMap<number, readonly number[]>;
  gazetteer: Gazetteer;
}

export const roles = { mask: 1, falseFriend: 2, place: 4, witness: 8, stranger: 16, adjustment: 32 } as const;

export interface PlannedCondition {
  index: number;
  rule: Rule;
  groups: Group[];
  links: Link[];
  except: Group;
}

/** Alternatives. Equal ones are one object, so that what was found of it is found once. */
export interface Group {
  index: number;
  /** Term numbers. */
  terms: Int32Array;
  /** Finds one of those that are a single character, in any of its writings, in a text as it was given; null when there are none. */
  singles: RegExp | null;
}

export interface PlannedMeasure {
  measure: Measure;
  group: Group;
}

export interface PlannedRaise {
  raise: Raise;
  group: Group;
}

interface PlannedAdjustment {
  adjustment: Adjustment;
  unless: Group;
}

export function planProgram(lexicon: Lexicon, gazetteer: Gazetteer): Program {
  const numbers = new Numbers();
  const conditions: PlannedCondition[] = [];
  const raises = new Map<string, PlannedRaise[]>();
  const requires = new Map<string, PlannedMeasure[]>();
  const absent = new Map<string, Group>();
  for (const rule of lexicon.rules) {
    const except = numbers.group(rule.except);
    for (const { groups, links } of rule.conditions) {
      conditions.push({ index: conditions.length, rule, groups: groups.map((terms) => numbers.group(terms)), links, except });
    }
    raises.set(
      rule.id,
      rule.raises.map((raise) => ({ raise, group: numbers.group(termsOf(raise)) })),
    );
    if (rule.absent.length > 0) absent.set(rule.id, numbers.group(rule.absent));
    requires.set(
      rule.id,
      rule.requires.map((measure) => ({ measure, group: numbers.group(measure.terms) })),
    );
  }
  const adjustmentsOf = new Map<number, number[]>();
  const adjustments = lexicon.adjustments.map((adjustment, index) => {
    for (const id of numbers.ofAll(adjustment.terms, roles.adjustment)) append(adjustmentsOf, id, index);
    return { adjustment, unless: numbers.group(adjustment.unless) };
  });
  numbers.ofAll(lexicon.masks, roles.mask);
  numbers.ofTexts(gazetteer.falseFriends, roles.falseFriend);
  numbers.ofTexts(gazetteer.witnesses, roles.witness);
  numbers.ofTexts(gazetteer.strangers, roles.stranger);
  const placesOf = new Map<number, number[]>();
  for (const [index, place] of gazetteer.places.entries()) {
    for (const id of numbers.ofTexts(place.writings, roles.place)) append(placesOf, id, index);
  }

  const byRule = Map.groupBy(conditions, (condition) => condition.rule.id);
  const { texts, aligned, role, twin } = numbers.done();
  const anchored: PlannedCondition[][] = texts.map(() => []);
  for (const condition of conditions) {
    for (const id of new Set(rarest(condition, texts))) anchored[id]?.push(condition);
  }
  const longTerms = Int32Array.from(texts.keys()).filter((id) => texts[id]?.length !== 1);
  return {
    matcher: createMatcher(Array.from(longTerms, (id) => texts[id] ?? '')),
    longTerms,
    fullMatcher: longTerms.length === texts.length ? null : createMatcher(texts),
    terms: texts,
    conditions,
    groups: numbers.groups,
    raisesOf: (rule) => raises.get(rule) ?? [],
    absentOf: (rule) => absent.get(rule),
    requiresOf: (rule) => requires.get(rule) ?? [],
    termLength: Uint8Array.from(texts, (text) => text.length),
    anchored,
    conditionsOf: (rule) => byRule.get(rule) ?? [],
    aligned,
    role,
    twin,
    adjustments,
    adjustmentsOf,
    placesOf,
    gazetteer,
  };
}

/** The group least often met, judged by the lengths of its terms: a character more makes a term about ten times rarer. */
function rarest(condition: PlannedCondition, texts: readonly string[]): Int32Array {
  let best = condition.groups[0]?.terms ?? new Int32Array();
  let least = Number.POSITIVE_INFINITY;
  for (const { terms, singles } of condition.groups) {
    const commonness = terms.reduce((sum, id) => sum + 10 ** -(texts[id]?.length ?? 0), singles === null ? 0 : 1e6);
    if (commonness < least) [best, least] = [terms, commonness];
  }
  return best;
}

/** Gives each distinct term a number. */
class Numbers {
  readonly #groups = new Map<string, Group>();
  readonly #ids = new Map<string, number>();
  readonly #terms: Term[] = [];
  readonly #roles: number[] = [];

  ofAll(terms: readonly Term[], role = 0): Int32Array {
    return Int32Array.from(terms, (term) => this.#of(term, role));
  }

  get groups(): number {
    return this.#groups.size;
  }

  group(terms: readonly Term[]): Group {
    const ids = this.ofAll(terms);
    const key = ids.join();
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { index: this.#groups.size, terms: ids, singles: singlesOf(terms) };
      this.#groups.set(key, group);
    }
    return group;
  }

  ofTexts(texts: readonly string[], role: number): Int32Array {
    return Int32Array.from(texts, (text) => this.#of({ text: normalise(text).text, aligned: false }, role));
  }

  done(): { texts: string[]; aligned: Uint8Array; role: Uint8Array; twin: Int32Array } {
    const twin = new Int32Array(this.#terms.length).fill(-1);
    for (const [id, term] of this.#terms.entries()) {
      const other = term.aligned ? this.#ids.get(term.text) : undefined;
      if (other !== undefined) twin[Math.min(other, id)] = Math.max(other, id);
    }
    return {
      texts: this.#terms.map((term) => term.text),
      aligned: Uint8Array.from(this.#terms, (term) => (term.aligned ? 1 : 0)),
      role: Uint8Array.from(this.#roles),
      twin,
    };
  }

  #of(term: Term, role: number): number {
    const key = term.aligned ? `${term.text}^` : term.text;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#terms.length;
      this.#ids.set(key, id);
      this.#terms.push(term);
      this.#roles.push(0);
    }
    this.#roles[id] = (this.#roles[id] ?? 0) | role;
    return id;
  }
}

function singlesOf(terms: readonly Term[]): RegExp | null {
  const units = new Set(terms.filter((term) => term.text.length === 1).map((term) => term.text.charCodeAt(0)));
  if (units.size === 0) return null;
  const writings = [...units].flatMap((unit) => writingsOf(unit)).map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`);
  return new RegExp(`[${writings.join('')}]`);
}

function termsOf({ when }: Raise): readonly Term[] {
  return when.kind === 'terms' ? when.terms : when.kind === 'measure' ? when.measure.terms : [];
}

function append(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
