/** What a draft of the rules would bring on the items of a recent time, beside what that time has brought. */
export interface RuleVolume {
  /** The time looked at, as ISO 8601: a week, or less where more items came than are judged. */
  since: string;
  until: string;
  /** Items looked at. */
  items: number;
  /** Items that have no level now and would have one. */
  levelled: number;
  /** Stories that would newly be a case: at most, because different reports of one story are seen as one only after they were grouped. */
  alerts: number;
  /** Of them, those that are young enough to be opened as soon as stored items are judged anew. */
  atOnce: number;
  /** Open cases, young enough too, whose level would rise. */
  raised: number;
  /** Cases that were opened in that time. */
  usual: number;
  /** {@link alerts} and {@link raised} together may be so many without anybody accepting them. */
  bound: number;
  /** By how many of {@link alerts} each rule brings, most first; at most ten. */
  rules: { rule: string; alerts: number }[];
}

/** Out of proportion is what brings more than `floor` cases and more than `factor` times the usual. */
export interface VolumeBound {
  floor: number;
  factor: number;
}

/** Where an office has set none: in one stroke no more than what usually comes in the whole time looked at, or twenty. */
export const usualVolume: VolumeBound = { floor: 20, factor: 1 };

export function volumeBound(usual: number, { floor, factor }: VolumeBound): number {
  return Math.max(floor, Math.ceil(usual * factor));
}

/** How many people would be told of. */
export function toldBy({ alerts, raised }: Pick<RuleVolume, 'alerts' | 'raised'>): number {
  return alerts + raised;
}

/** In words, as whoever publishes reads it. */
export function volumeText(volume: RuleVolume): string {
  const { since, until, items, alerts, atOnce, raised, usual, rules } = volume;
  const days = Math.max(1, Math.round((Date.parse(until) - Date.parse(since)) / 86_400_000));
  if (toldBy(volume) === 0) return `按最近 ${days} 天的 ${items} 条信息，不会多出预警提示（这些天实有 ${usual} 件）`;
  const by = rules.slice(0, 3).map(({ rule, alerts: own }) => `“${rule}”${own} 件`);
  return [
    `按最近 ${days} 天的 ${items} 条信息，会多出至多 ${alerts} 件预警提示（这些天实有 ${usual} 件）`,
    alerts === 0 ? '' : `其中 ${atOnce} 件发布后即开`,
    raised === 0 ? '' : `另有 ${raised} 件未办结的建议级别会升高`,
    by.length === 0 ? '' : `最多的规则：${by.join('、')}`,
  ]
    .filter((part) => part !== '')
    .join('；');
}
