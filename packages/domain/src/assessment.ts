import type { CategoryId } from './category.ts';
import type { Level } from './level.ts';

export type Field = 'title' | 'text';

/** One piece of evidence. `start`/`end` are UTF-16 offsets into the item's field; `text` is exactly that slice. */
export interface Reason {
  rule: string;
  category: CategoryId;
  term: string;
  field: Field;
  start: number;
  end: number;
  text: string;
}

/** A rule that would have fired, and what held it back (a mask, a downgrade, an exclusion). */
export interface Suppressed {
  rule: string;
  by: string;
  text: string;
}

/** What the classifier says of one item under one lexicon revision. */
export interface Assessment {
  /** Of the content alone; an alert also needs {@link local} or a local source. */
  level: Level;
  /** Orders items within and across levels; higher is more urgent. 0 when the level is none. */
  score: number;
  categories: CategoryId[];
  /** The text names a place of this county. */
  local: boolean;
  places: string[];
  reasons: Reason[];
  suppressed: Suppressed[];
}
