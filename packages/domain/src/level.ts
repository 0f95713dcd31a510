/**
 * Triage levels, from 突发事件应对法 (2024) art. 3 and 63: I 特别重大 red, II 重大 orange, III 较大 yellow, IV 一般 blue.
 * Inside Guanlan they are internal labels (内部提示) that a rule proposes and a person confirms, never a public 预警.
 */
export const levels = ['none', 'IV', 'III', 'II', 'I'] as const;

export type Level = (typeof levels)[number];

/** What people read and see. `rank` orders levels: 0 = none … 4 = I; it is also how a row stores one. */
export const levelInfo: Record<Level, { rank: number; title: string; colour: string | null }> = {
  none: { rank: 0, title: '无', colour: null },
  IV: { rank: 1, title: '一般', colour: 'blue' },
  III: { rank: 2, title: '较大', colour: 'yellow' },
  II: { rank: 3, title: '重大', colour: 'orange' },
  I: { rank: 4, title: '特别重大', colour: 'red' },
};

/**
 * A level as people read it, with who stands behind it: 建议II级 until a person has confirmed it, 核定II级 from then on. The only wording
 * there is, in messages, lists and documents alike.
 */
export function levelText(level: Level, confirmed = false): string {
  return `${confirmed ? '核定' : '建议'}${level}级`;
}

/** The same with its name, where there is room: 建议II级·重大. */
export function levelInFull(level: Level, confirmed = false): string {
  return `${levelText(level, confirmed)}·${levelInfo[level].title}`;
}

/** A level as a step of a scale, where nothing is said of whose it is: III级, 无. */
export function levelStep(level: Level): string {
  return level === 'none' ? levelInfo.none.title : `${level}级`;
}

export function levelRank(level: Level): number {
  return levelInfo[level].rank;
}

/** The level a row's rank stands for. Throws on a rank outside 0–4. */
export function levelOfRank(rank: number): Level {
  const level = levels[rank];
  if (level === undefined) throw new RangeError(`level rank ${rank} is not 0–4`);
  return level;
}
