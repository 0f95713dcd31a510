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
  /** The item names a place of the county. */
  local: boolean;
  /** Units of title and text. */
  length: number;
}

/** The evidence that stands where the rule gives it weight. */
export function weighted({ rule, found }: Evidence, titled: boolean): Found[] {
  const { weights } = rule;
  if (weights === null) return found;
  return found.filter((one) => (one.field === 'title' ? weights.title : isLead(one, titled) ? weights.lead : weights.body) > 0);
}

/**
 * Whether the evidence is enough. A title is; so is a lead that has no title above it or that the title echoes. Text far
 * below speaks of many things, so it needs density: the same rule met in several sentences.
 */
export function isEnough({ rule, found }: Evidence, { titled, echoed, local, length }: Surroundings): boolean {
  if (rule.local && !local) return false;
  if (found.length < rule.times || found.length < (rule.density * length) / 1000) return false;
  if (found.some(({ field }) => field === 'title')) return true;
  if (rule.where === 'anywhere' || rule.where === 'damaged') return found.length > 0;
  const lead = found.some((one) => isLead(one, titled));
  if (!titled) return lead || (rule.where === 'lead' && sentences(found) >= 2);
  if (rule.where === 'title') return false;
  return (lead && (echoed || sentences(found) >= 2)) || (echoed && sentences(found) >= 3);
}

/** The level of a rule as met here: its own, one step more for each thing that raises it, and no less than its 升级 lines say. */
export function levelOf({ rule, found, raises }: Evidence): Level {
  const raised = new Set(found.flatMap(({ raisedBy }) => raisedBy)).size;
  return levelOfRank(Math.max(Math.min(4, levelRank(rule.level) + raised), ...raises.map(({ raise }) => levelRank(raise.level))));
}

/** 100 per level and less than 100 within it: title before lead before text, more sentences, more rules. */
export function scoreOf(evidence: Evidence, titled: boolean, rules: number): number {
  const { found } = evidence;
  const { title, lead, body } = evidence.rule.weights ?? usualWeights;
  const place = found.some(({ field }) => field === 'title') ? title : found.some((one) => isLead(one, titled)) ? lead : body;
  return 100 * levelRank(levelOf(evidence)) + place + Math.min(20, 5 * sentences(found)) + Math.min(30, 6 * (rules - 1));
}

const usualWeights = { title: 40, lead: 25, body: 10 };

function isLead(found: Found, titled: boolean): boolean {
  return found.field === 'text' && found.sentenceStart < (titled ? leadLength.titled : leadLength.untitled);
}

function sentences(found: readonly Found[]): number {
  return new Set(found.map(({ field, sentence }) => `${field}${sentence}`)).size;
}
