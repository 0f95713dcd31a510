import { createInterface } from 'node:readline';
import { GuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { moment, shanghaiIso } from '../moment.ts';
import { print, printJson } from '../output.ts';

interface DateOptions {
  now?: Date;
  jsonl?: boolean;
}

export function registerDate(program: Command): void {
  program
    .command('date')
    .description('读出文字中的日期（绝对、相对、中文数字），输出 ISO 8601；没有日期时退出码为 1')
    .argument('[文字]', '如“昨天 10:05”“二〇二六年十一月二十三日”')
    .option('--now <时刻>', '相对日期以何时为准，ISO 8601，默认现在', moment)
    .option('--jsonl', '对标准输入的每行 JSON（{id, text, now?}）输出 {id, date}')
    .action(async (text: string | undefined, { now = new Date(), jsonl }: DateOptions, command: Command) => {
      if ((text === undefined) !== (jsonl === true)) command.error('错误：写明文字，或用 --jsonl 从标准输入读取，二者取一');
      const { readMoment } = await import('@guanlan/sources');
      if (text !== undefined) {
        const date = readMoment(text, now);
        if (date === null) throw new GuanlanError('bad-input', `没有读出日期：${text.slice(0, 100)}`);
        print(shanghaiIso(date));
        return;
      }
      let line = 0;
      for await (const each of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
        line += 1;
        if (each.trim() === '') continue;
        const row = rowOf(each, line);
        const date = readMoment(row.text, row.now ?? now);
        printJson({ id: row.id, date: date === null ? null : shanghaiIso(date) });
      }
    });
}

function rowOf(line: string, number: number): { id: unknown; text: string; now: Date | null } {
  try {
    const row = JSON.parse(line) as { id?: unknown; text?: unknown; now?: unknown } | null;
    if (typeof row?.text === 'string')
      return { id: row.id ?? null, text: row.text, now: typeof row.now === 'string' ? moment(row.now) : null };
  } catch (error) {
    throw new GuanlanError('bad-input', `标准输入第 ${number} 行不是 JSON，或 now 不是时刻；应为 {"id": …, "text": "…"}。`, {
      cause: error,
    });
  }
  throw new GuanlanError('bad-input', `标准输入第 ${number} 行应为 {"id": …, "text": "…"}。`);
}
