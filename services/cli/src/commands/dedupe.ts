import { pipeline } from 'node:stream/promises';
import { GuanlanError } from '@guanlan/domain';
import type { GroupedItem } from '@guanlan/events';
import type { JsonLine } from '@guanlan/runtime';
import type { Command } from 'commander';

/** Answers are written in pieces of about this many UTF-16 units. */
const piece = 64 * 1024;

export function registerDedupe(program: Command): void {
  program
    .command('dedupe')
    .description('把标准输入的每行 JSON（{id, title?, text?, publishedAt?}）归入事件，逐行输出 {id, event, duplicateOf?}；不需要数据库')
    .action(async () => {
      await pipeline(dedupeLines(process.stdin), process.stdout, { end: false });
    });
}

/** The answers to JSON lines, in their order, as pieces of text; those to the lines before a bad one come before the error. */
export async function* dedupeLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const { createGrouping } = await import('@guanlan/events');
  const { jsonLines } = await import('@guanlan/runtime');
  const grouping = createGrouping();
  let answers = '';
  try {
    for await (const line of jsonLines(input)) {
      answers += `${JSON.stringify(grouping.add(itemOf(line)))}\n`;
      if (answers.length < piece) continue;
      yield answers;
      answers = '';
    }
  } catch (error) {
    if (answers !== '') yield answers;
    throw error;
  }
  if (answers !== '') yield answers;
}

function itemOf({ number, value: { id, title, text, publishedAt } }: JsonLine): GroupedItem {
  if (typeof id !== 'string' && typeof id !== 'number') throw new GuanlanError('bad-input', `第 ${number} 行缺少 id（字符串或数字）`);
  return { id, title: words(title, 'title', number), text: words(text, 'text', number), at: moment(publishedAt, number) };
}

function words(value: unknown, name: string, number: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new GuanlanError('bad-input', `第 ${number} 行的 ${name} 不是字符串`);
  return value;
}

function moment(value: unknown, number: number): number | null {
  if (value === undefined || value === null || value === '') return null;
  const at = typeof value === 'string' || typeof value === 'number' ? new Date(value).getTime() : Number.NaN;
  if (Number.isNaN(at)) throw new GuanlanError('bad-input', `第 ${number} 行的 publishedAt 不是时间，应如 2026-11-23T08:00:00+08:00`);
  return at;
}
