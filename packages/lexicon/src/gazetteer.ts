import { parseTerms } from './condition.ts';
import type { Faults } from './faults.ts';
import type { Position } from './lexicon.ts';

/** The names by which a text can be about this county. */
export interface Gazetteer {
  county: string;
  /** What to show (王虎寨镇) and how it is written (王虎寨镇, 王虎寨). All texts normalised. */
  places: Place[];
  /** Names that contain a place name and mean something else (巨鹿路). */
  falseFriends: string[];
  /** Words of which one must stand in the same item for an unsure name to count (邢台). */
  witnesses: string[];
  /** Words that say an unsure name is another place of that name (合肥). */
  strangers: string[];
}

export interface Place {
  name: string;
  writings: string[];
  /** Counts by itself; an unsure one needs a witness and no stranger. */
  sure: boolean;
}

export function emptyGazetteer(): Gazetteer {
  return { county: '', places: [], falseFriends: [], witnesses: [], strangers: [] };
}

/** The first words of the lines of a `[地名]` section. */
export const gazetteerKeywords = ['县', '地名', '存疑', '假地名', '旁证', '异地'];

/**
 * Reads one line of a `[地名]` section: a keyword, then names separated by “|”. After 县, 地名 and 存疑 stands one place:
 * the name to show, then its other writings.
 */
export function readGazetteerLine(gazetteer: Gazetteer, keyword: string, value: string, valueAt: Position, faults: Faults): void {
  const names = () => (parseTerms(value.replace(/\s*\|\s*/gu, '|'), valueAt, faults) ?? []).map((term) => term.text);
  if (keyword === '县' || keyword === '地名' || keyword === '存疑') {
    const writings = names();
    const [name] = writings;
    if (name === undefined) return;
    if (writings.some((text) => text.length < 2)) faults.add(valueAt, '地名只有一个字', '至少两个字');
    if (keyword === '县') gazetteer.county = name;
    gazetteer.places.push({ name, writings, sure: keyword !== '存疑' });
  } else if (keyword === '假地名') gazetteer.falseFriends.push(...names());
  else if (keyword === '旁证') gazetteer.witnesses.push(...names());
  else gazetteer.strangers.push(...names());
}
