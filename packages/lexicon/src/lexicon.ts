import { createHash } from 'node:crypto';
import type { AuthorKind, CategoryId, Level } from '@guanlan/domain';
import type { Gazetteer } from './gazetteer.ts';
import type { Measure } from './measure.ts';
import { parseLexicon } from './parse.ts';

/** A compiled rule file: plain data, ready for `createJudge`. */
export interface Lexicon {
  /** SHA-256 of the source text, hex: which revision this is. */
  digest: string;
  rules: Rule[];
  /** Phrases inside which no hit counts (爆炸性新闻). */
  masks: Term[];
  /** What lowers or raises: 演练, 有人死亡. */
  adjustments: Adjustment[];
  /** The names of the county's places; empty when the source has no `[地名]` section. */
  gazetteer: Gazetteer;
}

export interface Rule {
  /** The rule's name, unique in the lexicon; assessments and rows name it. */
  id: string;
  category: CategoryId;
  level: Exclude<Level, 'none'>;
  /** Who is suggested to answer. */
  department: string;
  where: Where;
  /** Any one of them is enough. */
  conditions: Condition[];
  /** None of these in the sentence of a hit. */
  except: Term[];
  /** None of these anywhere in the item. */
  absent: Term[];
  position: Position;
  /** Only items from these kinds of source; empty: from any. */
  sources: AuthorKind[];
  /** The item must name a place of the county. */
  local: boolean;
  /** Points of the score (0 to 49) for where it was met; 0: not there at all. Null: the usual 40, 25, 10. */
  weights: Weights | null;
  /** So often it must be met in the item. */
  times: number;
  /** So often per thousand characters. */
  density: number;
  /** Figures that a sentence of the evidence must state. */
  requires: Measure[];
  raises: Raise[];
  examples: Example[];
}

/**
 * `title` only there; `lead` title or beginning of the text, the rest only in density; `anywhere` the whole text alike;
 * `damaged` anywhere in a text that is what a wrong decoding left, and in no other.
 */
export type Where = 'title' | 'lead' | 'anywhere' | 'damaged';

export interface Weights {
  title: number;
  lead: number;
  body: number;
}

/** Makes the level at least {@link level} where the condition holds. */
export interface Raise {
  level: Exclude<Level, 'none'>;
  when: { kind: 'measure'; measure: Measure } | { kind: 'terms'; terms: Term[] } | { kind: 'times'; times: number } | { kind: 'local' };
  /** As written: 死亡|遇难 ≥ 3 人. */
  text: string;
}

/** A text that the rule must find, or must not; the rule's own test. */
export interface Example {
  text: string;
  fires: boolean;
  position: Position;
}

/** Groups of alternatives, all of which must be met; `links[i]` joins group `i` and `i + 1`. */
export interface Condition {
  groups: Term[][];
  links: Link[];
}

export type Link =
  | { kind: 'sentence' }
  | { kind: 'field' }
  /** At most `within` characters between the two; `ordered`: in the order written. */
  | { kind: 'near'; within: number; ordered: boolean };

export interface Term {
  /** Normalised. */
  text: string;
  /** Must not lie astride words (written with ^). */
  aligned: boolean;
}

export interface Adjustment {
  name: string;
  kind: 'lower' | 'raise';
  terms: Term[];
  /** Does not apply in a sentence that has one of these. */
  unless: Term[];
  /** Only items from these kinds of source; empty: from any. */
  sources: AuthorKind[];
  /** A downgrade that is met anywhere in the item holds for all of it, and so does what contradicts it. */
  whole: boolean;
}

/** Where something stands in the source, counted from 1; columns in characters. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** Compiles the source of a lexicon: one text, or files that are joined by {@link joinLexicon}. Errors: `lexicon-invalid`, all of them in `details.errors`. */
export function compileLexicon(source: string | readonly LexiconFile[]): Lexicon {
  const text = typeof source === 'string' ? source : joinLexicon(source);
  return { digest: lexiconDigest(text), ...parseLexicon(text) };
}

export interface LexiconFile {
  name: string;
  text: string;
}

/** One text from several files, always the same for the same files: sorted by name, each begun by a marker line that keeps error positions true. */
export function joinLexicon(files: readonly LexiconFile[]): string {
  return [...files]
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .map(
      ({ name, text }) =>
        `#!文件 ${name}\n${text
          .replace(/^\uFEFF/u, '')
          .replace(/\r\n?/gu, '\n')
          .trimEnd()}\n`,
    )
    .join('');
}

export function lexiconDigest(source: string): string {
  return createHash('sha256').update(source).digest('hex');
}
