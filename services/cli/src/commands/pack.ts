import path from 'node:path';
import { weekOf, weekSpan } from '@guanlan/domain';
import type { Command } from 'commander';
import { print } from '../output.ts';
import { UsageFault } from '../usage.ts';
import { writeOut } from '../write-out.ts';

export function registerPack(program: Command): void {
  program
    .command('pack')
    .description('生成研判会商材料')
    .option('--week <周>', 'ISO 周，如 2026-W47，默认本周')
    .requiredOption('--out <文件>', '输出文件：.docx 或 .md')
    .action(async (options: { week?: string; out: string }) => {
      const format = path.extname(options.out).slice(1).toLowerCase();
      if (format !== 'docx' && format !== 'md') throw new UsageFault(`--out 应以 .docx 或 .md 结尾，不是 ${options.out}`);
      const { withResources } = await import('../resources.ts');
      const { appendAudit } = await import('@guanlan/database');
      const { renderPack } = await import('@guanlan/reporter');
      await withResources({}, async ({ db, clock }) => {
        const week = options.week ?? weekOf(clock.now());
        const span = weekSpan(week);
        if (span === null) throw new UsageFault(`--week 应为存在的 ISO 周，如 2026-W47，不是 ${week}`);
        await writeOut(options.out, await renderPack(db, { week, span, format, now: clock.now() }));
        await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'pack.export', subject: `week:${week}`, data: { format } });
        print(`已写入 ${options.out}（${week}）`);
      });
    });
}
