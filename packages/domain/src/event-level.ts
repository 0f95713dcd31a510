import { type Level, levelRank } from './level.ts';

/** What an event's level is proposed from. */
export interface EventFacts {
  /** What its contents alone say: the highest rank of its items. */
  rank: number;
  /** Items of different wording; exact copies are one. */
  items: number;
  sources: number;
  /** Kinds of publisher (media, agency, …); unknown ones are none. */
  sourceKinds: number;
  /** Items, copies included, of the last {@link LevelThresholds.windowHours}. */
  recent: number;
  /** How many times as many that is as in an average window before it; 0 while there was none. */
  growth: number;
}

/** One way in which spread or growth raises a level. All the minima that are named must be reached. */
export interface LevelStep {
  /** As people read it: 传播面广. */
  name: string;
  raise: number;
  items?: number | undefined;
  sources?: number | undefined;
  sourceKinds?: number | undefined;
  recent?: number | undefined;
  growth?: number | undefined;
}

/** The office's thresholds, `infra/defaults/levels/event-levels.json`. A proposal names the version it was made by. */
export interface LevelThresholds {
  version: number;
  /** The window that growth is measured in. */
  windowHours: number;
  /** Only the greatest step of each list counts. */
  spread: readonly LevelStep[];
  growth: readonly LevelStep[];
  /** The two together raise by no more than this. */
  mostRaise: number;
  /** Neither raises beyond this level; contents alone can. */
  highest: Exclude<Level, 'none'>;
}

/** A level that a person confirms or changes; never more than a proposal. */
export interface LevelProposal {
  rank: number;
  /** Of the contents alone. */
  contentRank: number;
  /** What raised it above its contents, in words with figures: 传播面广（6 个信息源、3 类）. */
  raisedBy: string[];
  /** Of the thresholds. */
  version: number;
}

/** Proposes the level of an event. Contents without a level get none by being spread. */
export function proposeLevel(facts: EventFacts, thresholds: LevelThresholds): LevelProposal {
  const { rank: contentRank } = facts;
  const { version, mostRaise, highest } = thresholds;
  if (contentRank === 0) return { rank: 0, contentRank, raisedBy: [], version };
  const steps = [greatest(thresholds.spread, facts), greatest(thresholds.growth, facts)].flatMap((step) => step ?? []);
  const wanted = steps.reduce((sum, { raise }) => sum + raise, 0);
  const rank = Math.max(contentRank, Math.min(contentRank + Math.min(wanted, mostRaise), levelRank(highest)));
  return { rank, contentRank, raisedBy: rank > contentRank ? steps.map((step) => told(step, facts, thresholds)) : [], version };
}

const minima = ['items', 'sources', 'sourceKinds', 'recent', 'growth'] as const;

function greatest(steps: readonly LevelStep[], facts: EventFacts): LevelStep | null {
  const reached = steps.filter((step) => minima.every((name) => facts[name] >= (step[name] ?? 0)));
  return reached.reduce<LevelStep | null>((best, step) => (best === null || step.raise > best.raise ? step : best), null);
}

function told(step: LevelStep, facts: EventFacts, { windowHours }: LevelThresholds): string {
  const words: Record<(typeof minima)[number], string> = {
    items: `${facts.items} 条不同内容`,
    sources: `${facts.sources} 个信息源`,
    sourceKinds: `${facts.sourceKinds} 类发布者`,
    recent: `近 ${windowHours} 小时 ${facts.recent} 条`,
    growth: `为此前的 ${Math.round(facts.growth * 10) / 10} 倍`,
  };
  return `${step.name}（${minima
    .filter((name) => step[name] !== undefined)
    .map((name) => words[name])
    .join('，')}）`;
}
