import { pick, type Random } from './random.ts';

/** Lists of words by name, as `content/words.txt` has them. */
export type Words = ReadonlyMap<string, readonly string[]>;

/**
 * Fills the slots of a template:
 *
 * | slot | becomes |
 * |---|---|
 * | `{甲\|乙\|丙}` | one of them |
 * | `{3~9}` | a whole number of that range |
 * | `{镇}` | a word of the list 镇; the same one wherever the slot stands in this item |
 * | `{村2}` | another word of that list |
 * | `{今天}` | the day `now` in the county, as 11月23日 |
 */
export function fill(template: string, words: Words, now: Date, random: Random, chosen: Map<string, string>): string {
  return template.replace(/\{([^{}]+)\}/gu, (_, slot: string) => {
    if (slot.includes('|')) return pick(slot.split('|'), random);
    const range = /^(\d+)~(\d+)$/u.exec(slot);
    if (range !== null) return String(Number(range[1]) + Math.floor(random() * (Number(range[2]) - Number(range[1]) + 1)));
    if (slot === '今天') return dayOf(now);
    const before = chosen.get(slot);
    if (before !== undefined) return before;
    const list = words.get(slot.replace(/\d+$/u, ''));
    if (list === undefined) throw new RangeError(`content names no words for {${slot}}`);
    const free = list.filter((word) => ![...chosen.values()].includes(word));
    const word = pick(free.length === 0 ? list : free, random);
    chosen.set(slot, word);
    return word;
  });
}

function dayOf(date: Date): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' }).format(date);
}
