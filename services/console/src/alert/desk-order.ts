import type { AlertView, RankingView } from '@guanlan/contracts';

export type Ranked = RankingView['rows'][number];

/** The same rows, those first that deserve the first look; what the ranking does not know yet is new and comes before. Nothing is left out. */
export function orderRows(rows: readonly AlertView[], ranking: readonly Ranked[]): AlertView[] {
  const places = new Map(ranking.map((row, place) => [row.id, place]));
  return rows.toSorted((a, b) => (places.get(a.id) ?? -1) - (places.get(b.id) ?? -1));
}

/** Why a row stands where it does, for a person: 属实可能 82%：+ 级别高，− 信息源多. */
export function whyThere({ probability, because }: Ranked): string {
  if (probability === null) return '还没有足够的处理结果可学，按级别排列';
  const parts = because.filter(({ effect }) => Math.abs(effect) >= 0.05).map(({ title, effect }) => `${effect > 0 ? '＋' : '－'}${title}`);
  return `按以往结果，属实可能 ${Math.round(100 * probability)}%${parts.length > 0 ? `：${parts.join('，')}` : ''}`;
}
