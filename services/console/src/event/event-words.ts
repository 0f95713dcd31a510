import type { EventItemView, EventView } from '@guanlan/contracts';

/** Why an event is marked as bursting, or that it is not: what came, and what was to be expected. */
export function burstSentence({ recent, own, category, bursts }: EventView['burst']): string {
  const usual = [
    own === null ? null : `按它此前的速度约 ${rounded(own)} 条`,
    category === null ? null : `同类事件通常约 ${rounded(category)} 条`,
  ].filter((part) => part !== null);
  const compared = usual.length === 0 ? '，还没有可比的历史' : `（${usual.join('，')}）`;
  return `近 3 小时 ${recent} 条${compared}${bursts ? '，明显多于往常' : ''}。`;
}

/** A heat or an expected number, as far as its digits say something. */
export function rounded(value: number): string {
  return value >= 10 ? String(Math.round(value)) : value.toFixed(1);
}

/** An item with the copies of its text, newest first. */
export interface Telling {
  item: EventItemView;
  copies: EventItemView[];
}

/** Folds copies under what they copy; where that is not in the list, under the oldest of them. */
export function tellingsOf(items: readonly EventItemView[]): Telling[] {
  const groups = Map.groupBy(items, (item) => item.copyOf ?? item.id);
  return [...groups].flatMap(([first, members]) => {
    const item = members.find((member) => member.id === first) ?? members.at(-1);
    return item === undefined ? [] : [{ item, copies: members.filter((member) => member !== item) }];
  });
}

/** Why two events may be one: `同在官亭镇，标题都提到“板材厂”`. */
export function kindredReason({ places, words }: { places: readonly string[]; words: readonly string[] }): string {
  const told = `标题都提到${words.map((word) => `“${word}”`).join('、')}`;
  return places.length === 0 ? told : `同在${places.join('、')}，${told}`;
}
