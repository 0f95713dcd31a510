import type { Level } from './level.ts';

/** What a draft of the rules would change on stored items. */
export interface PreviewResult {
  /** Items looked at. */
  items: number;
  /** Items whose level or relevance differs. */
  changed: number;
  raised: number;
  lowered: number;
  /** Items that would become relevant (an alert, a count), and that would no longer be. */
  gained: number;
  lost: number;
  /** Rules that fire differently, those with the most changes first; at most as many as a person reads. */
  rules: PreviewRule[];
  /** Rules left out of {@link rules}. */
  more: number;
}

export interface PreviewRule {
  rule: string;
  /** The draft alone has it, the revision in force alone has it, or both. */
  in: 'draft' | 'current' | 'both';
  /** Items it fires on: in force, and in the draft. */
  before: number;
  after: number;
  starts: PreviewSide;
  stops: PreviewSide;
}

/** Items on which a rule would newly fire, or stop firing. */
export interface PreviewSide {
  count: number;
  /** Of them, those that a person has confirmed, and those called a false alarm. */
  confirmed: number;
  falseAlarms: number;
  /** The first few. */
  examples: PreviewExample[];
}

export interface PreviewExample {
  itemId: number;
  /** The title, or the beginning of the text. */
  title: string;
  before: Level;
  after: Level;
  /** What the rule was met by, with a little around it; empty where the reasons do not name it. */
  snippet: string;
}
