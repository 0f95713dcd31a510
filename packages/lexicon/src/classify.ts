import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GuanlanError } from '@guanlan/domain';
import type { Judge, Judged } from './judge.ts';

/** Longest input line, in bytes. A text is judged up to 200,000 units anyway. */
export const longestLine = 32 * 1024 * 1024;

/** Answers are written in pieces of about this many UTF-16 units. */
const piece = 64 * 1024;

/**
 * Judges JSON lines `{id, title?, text?, sourceKind?}` and writes `{id, level, score, …}` lines in the same order, with
 * back-pressure. Answers before a bad line are written before the error.
 *
 * @throws GuanlanError `bad-input`, naming the line, for one that is not such an object or is too long.
 */
export async function classifyStream(input: Readable, output: Writable, judge: Judge, options: ClassifyOptions = {}): Promise<void> {
  await pipeline(classifyLines(input, judge, options), output, { end: false });
}

export interface ClassifyOptions {
  /** Adds `explanation` to every answer: what raised, what lowered, what nearly fired. Slower. */
  explain?: boolean;
}

/** A line that cannot be judged. */
export class LineFault extends GuanlanError {
  readonly line: number;
  readonly problem: string;

  /**
   * @param line counted from 1.
   * @param problem what follows `第 N 行`.
   */
  constructor(line: number, problem: string, options?: ErrorOptions) {
    super('bad-input', `第 ${line} 行${problem}`, options);
    this.line = line;
    this.problem = problem;
  }
}

/** Of a line longer than {@link longestLine}. */
export const tooLong = `超过 ${longestLine / 1024 / 1024} MB`;

/** As {@link classifyStream}, giving the answers as pieces of text, and at the end the number of lines. */
export async function* classifyLines(
  input: AsyncIterable<Uint8Array | string>,
  judge: Judge,
  { explain = false }: ClassifyOptions = {},
): AsyncGenerator<string, number> {
  let answers = '';
  let number = 0;
  try {
    for await (const line of lines(input)) {
      number++;
      if (line.trim() === '') continue;
      const { id, ...item } = parse(line, number);
      answers += `${JSON.stringify({ id, ...(explain ? judge.explain(item) : judge.assess(item)) })}\n`;
      if (answers.length >= piece) {
        yield answers;
        answers = '';
      }
    }
  } catch (error) {
    // What was judged before the bad line is not lost.
    if (answers !== '') yield answers;
    throw error;
  }
  if (answers !== '') yield answers;
  return number;
}

function parse(line: string, number: number): Judged & { id: string | number } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new LineFault(number, '不是 JSON，应为 {"id":…,"title":…,"text":…}', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new LineFault(number, '不是 JSON 对象');
  const { id, title, text, sourceKind } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') throw new LineFault(number, '缺少 id（字符串或数字）');
  return {
    id,
    title: optional(title, 'title', number),
    text: optional(text, 'text', number),
    sourceKind: optional(sourceKind, 'sourceKind', number),
  };
}

function optional(value: unknown, name: string, number: number): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new LineFault(number, `的 ${name} 不是字符串`);
  return value;
}

/** Lines of UTF-8 input, without their ends. A line is never held longer than the bound. */
async function* lines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let held = 0;
  let number = 1;
  const take = (): string => {
    const line = parts.join('').replace(/\r$/u, '');
    parts = [];
    held = 0;
    number++;
    return line;
  };
  for await (const chunk of input) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      parts.push(text.slice(from, end));
      from = end + 1;
      yield take();
    }
    parts.push(text.slice(from));
    held += text.length - from;
    if (held > longestLine) throw new LineFault(number, tooLong);
  }
  parts.push(decoder.decode());
  const last = take();
  if (last !== '') yield last;
}
