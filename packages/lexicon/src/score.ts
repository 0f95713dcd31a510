import { type Level, levelOfRank, levelRank } from '@guanlan/domain';
import type { Evidence, Found } from './evidence.ts';

/** UTF-16 units from the beginning of a text whose sentences count as its lead. */
const leadLength = { titled: 120, untitled: 240 };

/** What the rest of the item says to a rule whose evidence is in the text. */
export interface Surroundings {
  /** The item has a title (without one, the lead stands for it). */
  titled: boolean;
  /** The title names something the rule looks for. */
  echoed: boolean;
}

/**
 * Whether the evidence is enough. A title is; so is a lead that has no title above it or that the title echoes. Text far
 * below speaks of many things, so it needs density: the same rule met in several sentences.
 */
export function isEnough({ rule, found }: Evidence, { titled, echoed }: Surroundings): boolean {
  if (found.some(({ field }) => field === 'title')) return true;
  if (rule.where === 'anywhere') return true;
  const lead = found.some((one) => isLead(one, titled));
  if (!titled) return lead || (rule.where === 'lead' && sentences(found) >= 2);
  if (rule.where === 'title') return false;
  return (lead && (echoed || sentences(found) >= 2)) || (echoed && sentences(found) >= 3);
}

/** The level of a rule as met here: its own, one step more for each thing that raises it. */
export function levelOf({ rule, found }: Evidence): Level {
  const raised = new Set(found.flatMap(({ raisedBy }) => raisedBy)).size;
  return levelOfRank(Math.min(4, levelRank(rule.level) + raised));
}

/** 100 per level and less than 100 within it: title before lead before text, more sentences, more rules. */
export function scoreOf(evidence: Evidence, titled: boolean, rules: number): number {
  const { found } = evidence;
  const place = found.some(({ field }) => field === 'title') ? 40 : found.some((one) => isLead(one, titled)) ? 25 : 10;
  return 100 * levelRank(levelOf(evidence)) + place + Math.min(20, 5 * sentences(found)) + Math.min(30, 6 * (rules - 1));
}

function isLead(found: Found, titled: boolean): boolean {
  return found.field === 'text' && found.sentenceStart < (titled ? leadLength.titled : leadLength.untitled);
}

function sentences(found: readonly Found[]): number {
  return new Set(found.map(({ field, sentence }) => `${field}${sentence}`)).size;
}
