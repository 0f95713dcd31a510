import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printJson, say } from '../output.ts';

interface ImportOptions {
  name?: string;
  local?: boolean;
  map?: string[];
  sheet?: string;
  rejects?: string;
  dryRun?: boolean;
  json?: boolean;
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('导入 CSV、XLSX 或 JSONL 文件，如 12345 热线或服务商的导出；重复导入不会重复存入')
    .argument('<文件>', '编码（UTF-8、GB18030、UTF-16）、分隔符和表头自动识别')
    .option('--name <名称>', '归入哪个信息源，默认为文件名；同一来源请用同一名称')
    .option('--local', '其中的信息一律视为涉及本县')
    .option('--map <列=字段...>', '改变列的对应：字段为 标题、正文、时间、网址、编号、区域、类别，或 - 表示不导入')
    .option('--sheet <工作表>', '读哪个工作表，默认第一个')
    .option('--rejects <文件>', '未收下的行写到哪里，默认为 原文件名.未导入.csv')
    .option('--dry-run', '只检查，不存入')
    .option('--json', '结果为一行 JSON')
    .action(async (file: string, options: ImportOptions) => {
      const { readTable, mapColumns, fieldTitles } = await import('@guanlan/tables');
      const table = await readTable(file, { sheet: options.sheet });
      const mapping = mapColumns(table.columns, await wanted(options.map ?? [], table.columns));
      const format = [table.format.toUpperCase(), table.charset, table.sheet].filter((part) => part !== null).join('，');
      say(`${path.basename(file)}（${format}）`);
      const byColumn = new Map([...mapping].map(([field, column]) => [column, fieldTitles[field]]));
      for (const [column, name] of table.columns.entries()) say(`  ${name} → ${byColumn.get(column) ?? '不导入'}`);
      if (!mapping.has('title') && !mapping.has('text')) {
        throw new GuanlanError('bad-input', `认不出标题或正文是哪一列，请用 --map 指明，如 --map '${table.columns[0] ?? '列名'}=正文'。`);
      }
      const { withResources } = await import('../resources.ts');
      const { importTable } = await import('../import.ts');
      const { progressBar } = await import('../progress-bar.ts');
      const rejects = options.rejects ?? `${file}.未导入.csv`;
      const bar = progressBar(options.dryRun ? '检查' : '导入');
      const started = performance.now();
      await withResources({}, async (r) => {
        const result = await importTable(r, {
          ...{ file, table, mapping, rejects, name: options.name ?? path.parse(file).name },
          ...{ local: options.local, dryRun: options.dryRun ?? false },
          onProgress: ({ rows }) => bar.update(table.progress(), rows),
        }).finally(() => bar.clear());
        const seconds = (performance.now() - started) / 1_000;
        if (options.json) printJson({ ...result, seconds: Number(seconds.toFixed(2)), rejects: result.rejected > 0 ? rejects : null });
        else print(summary(result, seconds, options, rejects));
      });
    });
}

function summary(
  { rows, accepted, duplicates, rejected, sourceId }: import('../import.ts').ImportResult,
  seconds: number,
  { dryRun }: ImportOptions,
  rejects: string,
): string {
  const parts = dryRun ? [`可导入 ${accepted} 行`] : [`新存入 ${accepted} 条`, `已有 ${duplicates} 条`];
  const where = rejected > 0 ? `未收下 ${rejected} 行，原因见 ${rejects}` : '没有不合格的行';
  return `共 ${rows} 行：${parts.join('，')}，${where}。用时 ${seconds.toFixed(1)} 秒${sourceId === null ? '' : `，信息源 ${sourceId}`}。`;
}

async function wanted(pairs: readonly string[], columns: readonly string[]) {
  const { fieldOf, fieldTitles } = await import('@guanlan/tables');
  const map = new Map<string, import('@guanlan/tables').Field | null>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const column = pair.slice(0, at).trim();
    const name = pair.slice(at + 1).trim();
    if (at < 1 || !columns.includes(column))
      throw new GuanlanError('bad-input', `--map ${pair}：没有名为“${column}”的列；有：${columns.join('、')}。`);
    const field = name === '-' || name === '不导入' ? null : fieldOf(name);
    if (field === null && name !== '-' && name !== '不导入') {
      throw new GuanlanError('bad-input', `--map ${pair}：字段应为 ${Object.values(fieldTitles).join('、')} 之一，或 - 表示不导入。`);
    }
    map.set(column, field);
  }
  return map;
}
