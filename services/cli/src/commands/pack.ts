import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError, weekOf, weekSpan } from '@guanlan/domain';
import type { Command } from 'commander';
import { print } from '../output.ts';

export function registerPack(program: Command): void {
  program
    .command('pack')
    .description('生成研判会商材料')
    .option('--week <周>', 'ISO 周，如 2026-W47，默认本周')
    .requiredOption('--out <文件>', '输出文件：.docx 或 .md')
    .action(async (options: { week?: string; out: string }) => {
      const format = path.extname(options.out).slice(1).toLowerCase();
      if (format !== 'docx' && format !== 'md') throw new GuanlanError('bad-input', `--out 应以 .docx 或 .md 结尾，不是 ${options.out}`);
      const { withResources } = await import('../resources.ts');
      const { renderPack } = await import('@guanlan/reporter');
      await withResources({}, async ({ db, clock }) => {
        const week = options.week ?? weekOf(clock.now());
        const span = weekSpan(week);
        if (span === null) throw new GuanlanError('bad-input', `--week 应为存在的 ISO 周，如 2026-W47，不是 ${week}`);
        await writeFile(options.out, await renderPack(db, { week, span, format, now: clock.now() }));
        print(`已写入 ${options.out}（${week}）`);
      });
    });
}
