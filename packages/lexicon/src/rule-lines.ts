import { type AuthorKind, type Level, levels } from '@guanlan/domain';
import type { WordLists } from './condition.ts';
import { parseTerms } from './condition.ts';
import type { Faults } from './faults.ts';
import type { Position, Raise, Rule, Term, Weights } from './lexicon.ts';
import { parseMeasure } from './measure.ts';

/** What the reading of one line needs beside the line. */
export interface LineContext {
  faults: Faults;
  lists: WordLists;
}

const sourceWords: Record<string, AuthorKind> = {
  官方: 'agency',
  媒体: 'media',
  机构: 'organisation',
  个人: 'individual',
  未知: 'unknown',
};

const mostTimes = 50;
const longestExample = 500;

/** The lines of a rule that say more than its conditions, by their first word. */
export const detailLines: Record<string, (rule: Rule, value: string, at: Position, context: LineContext) => void> = {
  出现: (rule, value, at, { faults }) => {
    const times = parseTimes(`出现 ${value}`);
    if (times === null) faults.add(at, `看不懂“出现 ${value}”`, `写成：出现 ≥ 3 次（1 到 ${mostTimes}）`);
    else rule.times = times;
  },
  密度: (rule, value, at, { faults }) => {
    const density = Number(/^每千字\s*(?:≥|>=)\s*(\d{1,3}(?:\.\d{1,2})?)\s*次?$/u.exec(value)?.[1]);
    if (density > 0) rule.density = density;
    else faults.add(at, `看不懂“密度 ${value}”`, '写成：密度 每千字 ≥ 2');
  },
  地点: (rule, value, at, { faults }) => {
    if (value === '本地') rule.local = true;
    else faults.add(at, `看不懂“地点 ${value}”`, '写成：地点 本地（文中要有地名表里的地名）');
  },
  来源: (rule, value, at, { faults }) => rule.sources.push(...parseSources(value, at, faults)),
  权重: (rule, value, at, { faults }) => {
    const weights = parseWeights(value);
    if (weights === null) faults.add(at, `看不懂“权重 ${value}”`, '写成：权重 标题 40 导语 25 正文 0（0 到 49，0 表示那里不算）');
    else rule.weights = weights;
  },
  要求: (rule, value, at, context) => {
    const measure = parseMeasure(value, at, context.faults, termReader(context));
    if (measure !== null) rule.requires.push(measure);
  },
  升级: (rule, value, at, context) => {
    const raise = parseRaise(value, at, context);
    if (raise !== null) rule.raises.push(raise);
  },
  应命中: (rule, value, at, { faults }) => addExample(rule, value, true, at, faults),
  不应命中: (rule, value, at, { faults }) => addExample(rule, value, false, at, faults),
};

/** Reads “官方|媒体”. */
export function parseSources(value: string, at: Position, faults: Faults): AuthorKind[] {
  return value.split(/\s*\|\s*/u).flatMap((word) => {
    const kind = Object.hasOwn(sourceWords, word) ? sourceWords[word] : undefined;
    if (kind === undefined) faults.add(at, `看不懂来源“${word}”`, `可写：${Object.keys(sourceWords).join('、')}，用“|”分开`);
    return kind ?? [];
  });
}

function parseRaise(value: string, at: Position, context: LineContext): Raise | null {
  const parts = /^(\S+)\s+当\s*(.+)$/u.exec(value);
  const level = parts?.[1]?.normalize('NFKC').toUpperCase() ?? '';
  const text = parts?.[2]?.trim() ?? '';
  if (!isLevel(level) || text === '') {
    context.faults.add(
      at,
      `看不懂“升级 ${value.slice(0, 24)}”`,
      '写成：升级 II 当 死亡|遇难 ≥ 3 人；或 当 学校|医院；当 出现 ≥ 5 次；当 本地',
    );
    return null;
  }
  if (text === '本地') return { level, text, when: { kind: 'local' } };
  const times = parseTimes(text);
  if (times !== null) return { level, text, when: { kind: 'times', times } };
  if (/[≥]|>=|不少于|至少|达到/u.test(text)) {
    const measure = parseMeasure(text, at, context.faults, termReader(context));
    return measure === null ? null : { level, text, when: { kind: 'measure', measure } };
  }
  const terms = termReader(context)(text, at);
  return terms === null ? null : { level, text, when: { kind: 'terms', terms } };
}

function termReader({ faults, lists }: LineContext): (written: string, at: Position) => Term[] | null {
  return (written, at) => parseTerms(written.replace(/\s*\|\s*/gu, '|'), at, faults, lists);
}

function parseTimes(text: string): number | null {
  const times = Number(/^出现\s*(?:≥|>=)\s*(\d{1,2})\s*次$/u.exec(text)?.[1]);
  return times >= 1 && times <= mostTimes ? times : null;
}

function parseWeights(value: string): Weights | null {
  const parts = /^标题\s*(\d{1,2})\s+导语\s*(\d{1,2})\s+正文\s*(\d{1,2})$/u.exec(value);
  const [title = 50, lead = 50, body = 50] = (parts ?? []).slice(1).map(Number);
  return Math.max(title, lead, body) > 49 ? null : { title, lead, body };
}

function addExample(rule: Rule, text: string, fires: boolean, position: Position, faults: Faults): void {
  if (text === '' || text.length > longestExample) faults.add(position, '例子是空的或太长', `写一句 ${longestExample} 字以内的话`);
  else rule.examples.push({ text, fires, position });
}

export function isLevel(text: string): text is Exclude<Level, 'none'> {
  return text !== 'none' && (levels as readonly string[]).includes(text);
}
