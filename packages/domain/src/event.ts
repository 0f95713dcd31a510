/** What the hours of an event say: how much it is talked of now, and whether that grows. */

/** One hour in which an event had items. */
export interface EventHour {
  /** Its beginning. */
  hour: Date;
  /** Items that say it in words of their own. */
  reports: number;
  /** Items that copy one of them. */
  copies: number;
  /** Sources that had not spoken of it before. */
  newSources: number;
}

/** How an event stands; the weights of heat are per item. */
export const heatRule = {
  report: 1,
  copy: 0.25,
  /** Comes on top of the item's own: another place that tells it says more than the same one telling it again. */
  newSource: 2,
  /** Hours after which an item weighs half. */
  halfLifeHours: 24,
  /** Hours compared with as many before them for growth. */
  growthHours: 6,
} as const;

const hourMs = 3_600_000;

/**
 * Heat: what was said, what is older weighing less (half after a day). A first report is 3.0, a copy by a new source 2.25, one by a
 * source that has spoken 0.25. Not a measure of harm: a level says that.
 */
export function heatOf(hours: readonly EventHour[], now: Date): number {
  return hours.reduce((heat, { hour, reports, copies, newSources }) => {
    const age = Math.max(0, (now.getTime() - hour.getTime()) / hourMs - 0.5);
    const weight = reports * heatRule.report + copies * heatRule.copy + newSources * heatRule.newSource;
    return heat + weight * 2 ** (-age / heatRule.halfLifeHours);
  }, 0);
}

/** Items of the last six hours over those of the six before, each with one added so that small numbers say little: 1 is steady. */
export function growthOf(hours: readonly EventHour[], now: Date): number {
  const span = heatRule.growthHours * hourMs;
  const end = now.getTime();
  const within = (from: number, to: number) =>
    hours.reduce((sum, { hour, reports, copies }) => (hour.getTime() > from && hour.getTime() <= to ? sum + reports + copies : sum), 0);
  return (within(end - span, end) + 1) / (within(end - 2 * span, end - span) + 1);
}

/**
 * Items of every hour up to the present one, oldest first, without gaps: from the event's first hour, or 14 days back. What claims to be
 * of a later hour is of this one.
 */
export function hourlyCounts(hours: readonly EventHour[], now: Date): number[] {
  const end = Math.floor(now.getTime() / hourMs);
  const indexOf = ({ hour }: EventHour) => Math.min(end, Math.floor(hour.getTime() / hourMs));
  const [first] = hours;
  if (first === undefined) return [];
  const from = Math.max(Math.min(...hours.map(indexOf)), end - eventLimits.curveHours + 1);
  const counts = new Array<number>(end - from + 1).fill(0);
  for (const each of hours) {
    const index = indexOf(each) - from;
    if (index >= 0) counts[index] = (counts[index] ?? 0) + each.reports + each.copies;
  }
  return counts;
}

/** What a line in an event's history can say. */
export const eventEntryTitles = {
  'split-off': '拆出',
  'split-from': '由拆分而来',
  'merged-into': '并入其他事件',
  'merged-from': '合并进来',
} as const;
export type EventEntryKind = keyof typeof eventEntryTitles;

/** Bounds of what is asked or shown of one event. */
export const eventLimits = { split: 1_000, items: 200, curveHours: 336 } as const;
