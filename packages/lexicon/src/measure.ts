import type { Faults } from './faults.ts';
import type { Position, Term } from './lexicon.ts';

/** “死亡|遇难 ≥ 3 人”: a figure of this kind, at least so great, beside one of the terms. */
export interface Measure {
  terms: Term[];
  atLeast: number;
  kind: string;
  /** As written. */
  text: string;
}

/** A figure counts for a term that is at most so many units away, in its sentence. */
const farthest = 12;
/** What a comma between figure and term counts as. */
const commaCost = 5;

/** Units of measure: of which kind, and how many of the kind's own unit. */
const units: Record<string, readonly [kind: string, factor: number]> = {
  人: ['人', 1],
  名: ['人', 1],
  位: ['人', 1],
  例: ['人', 1],
  户: ['户', 1],
  家: ['家', 1],
  辆: ['辆', 1],
  头: ['头', 1],
  起: ['起', 1],
  次: ['次', 1],
  分钟: ['小时', 1 / 60],
  小时: ['小时', 1],
  个小时: ['小时', 1],
  钟头: ['小时', 1],
  天: ['小时', 24],
  昼夜: ['小时', 24],
  周: ['小时', 168],
  星期: ['小时', 168],
  个星期: ['小时', 168],
  个月: ['小时', 720],
  年: ['小时', 8760],
  元: ['元', 1],
  块: ['元', 1],
  万元: ['元', 1e4],
  亿元: ['元', 1e8],
  万: ['元', 1e4],
  公斤: ['公斤', 1],
  斤: ['公斤', 0.5],
  吨: ['公斤', 1000],
  亩: ['亩', 1],
  米: ['米', 1],
  公里: ['米', 1000],
  毫米: ['毫米', 1],
  度: ['度', 1],
  级: ['级', 1],
  倍: ['倍', 1],
  '%': ['%', 1],
};

const digits = '零一二三四五六七八九';
const unitPattern = Object.keys(units)
  .sort((a, b) => b.length - a.length)
  .join('|');
const figurePattern = `(?<figure>\\d{1,12}(?:\\.\\d{1,6})?|[零〇一二两三四五六七八九十百千半数几上]{1,12})(?<scale>[十百千万亿]{0,2})[余多来几]?\\s?个?(?<unit>${unitPattern})`;
const written = new RegExp(`^(?<terms>.+?)\\s*(?:≥|>=|不少于|至少|达到)\\s*${figurePattern}$`, 'u');

/** Reads “词|词 ≥ 3 人”. Null when a fault was reported. */
export function parseMeasure(
  text: string,
  position: Position,
  faults: Faults,
  terms: (written: string, at: Position) => Term[] | null,
): Measure | null {
  const parts = written.exec(text);
  const { terms: names = '', figure = '', scale = '', unit = '' } = parts?.groups ?? {};
  const read = units[unit];
  const value = readFigure(figure, scale);
  if (parts === null || read === undefined || value === null) {
    faults.add(
      position,
      `看不懂“${text.slice(0, 24)}”`,
      '写成：死亡|遇难 ≥ 3 人，或 停水 ≥ 24 小时；单位可用人、户、小时、天、元、万元、吨、度、级等',
    );
    return null;
  }
  const found = terms(names.trim(), position);
  return found === null ? null : { terms: found, atLeast: value * read[1], kind: read[0], text };
}

/**
 * The figure of this kind that belongs to the term at `[start, end)` of a sentence: the nearest, the smaller of two equally
 * near; null when there is none. Looks at a window of bounded size.
 */
export function figureBeside(sentence: string, start: number, end: number, kind: string): number | null {
  const from = Math.max(0, start - farthest - 10);
  const window = sentence.slice(from, end + farthest + 10);
  let nearest = Number.POSITIVE_INFINITY;
  let best: number | null = null;
  for (const match of window.matchAll(new RegExp(figurePattern, 'gu'))) {
    const { figure = '', scale = '', unit = '' } = match.groups ?? {};
    const read = units[unit];
    const value = readFigure(figure, scale);
    if (read?.[0] !== kind || value === null) continue;
    const first = from + match.index;
    const last = first + match[0].length;
    if (first < end && last > start) continue;
    const [gapFrom, gapTo] = last <= start ? [last, start] : [end, first];
    const gap = gapTo - gapFrom + (/[,，、:：]/u.test(sentence.slice(gapFrom, gapTo)) ? commaCost : 0);
    if (gap > farthest || gap > nearest) continue;
    const amount = value * read[1];
    best = gap === nearest && best !== null ? Math.min(best, amount) : amount;
    nearest = gap;
  }
  return best;
}

function readFigure(figure: string, scale: string): number | null {
  const base = /^\d/u.test(figure) ? Number(figure) : readChinese(figure);
  if (base === null || Number.isNaN(base)) return null;
  let value = base;
  for (const step of scale) value *= step === '十' ? 10 : step === '百' ? 100 : step === '千' ? 1e3 : step === '万' ? 1e4 : 1e8;
  return value;
}

/** 三十 is 30, 一百零五 105, 数十 20 (the least it can mean), 上百 100, 半 0.5. Null when it is no number. */
function readChinese(text: string): number | null {
  if (text === '半') return 0.5;
  let total = 0;
  let digit = 0;
  for (const sign of text) {
    const power = { 十: 10, 百: 100, 千: 1000 }[sign];
    if (power !== undefined) {
      total += (digit === 0 ? 1 : digit) * power;
      digit = 0;
    } else if (sign === '数' || sign === '几' || sign === '两') digit = 2;
    else if (sign === '〇' || sign === '上') digit = 0;
    else if (digits.includes(sign)) digit = digits.indexOf(sign);
    else return null;
  }
  const value = total + digit;
  return value > 0 ? value : null;
}
