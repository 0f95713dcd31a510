import { dateOf, yearElapsed, yearOf } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printJson, printTable } from '../output.ts';
import { year as calendarYear } from '../usage.ts';

export function registerProgress(program: Command): void {
  program
    .command('progress')
    .description('绩效进度：监测条数、培训次数与各项绩效指标')
    .option('--year <年>', '年份，默认今年', calendarYear)
    .option('--json', '输出 JSON')
    .action(async (options: { year?: number; json?: boolean }) => {
      const { withResources } = await import('../resources.ts');
      const { readProgress } = await import('@guanlan/database');
      const { loadIndicatorProjects } = await import('@guanlan/runtime');
      await withResources({}, async ({ db, clock }) => {
        const now = clock.now();
        const year = options.year ?? yearOf(now);
        const progress = await readProgress(db, { year, now, projects: await loadIndicatorProjects() });
        if (options.json) return printJson(progress);
        const { items } = progress;
        print(`${year} 年绩效进度（截至 ${dateOf(now)}，全年已过 ${percent(yearElapsed(year, now))}）`);
        print();
        print(
          `舆情监测数量  ${items.counted} / ${items.target} 条（${percent(items.counted / items.target)}），按目前进度全年约 ${items.forecast} 条`,
        );
        print(
          `  采集 ${items.collected} 条，其中涉及本地且有等级 ${items.relevant} 条；去除内容相同与误报后计入 ${items.counted} 条，已经人工核实 ${items.confirmed} 条`,
        );
        for (const t of progress.trainings) print(`${t.title}  ${t.held} / ${t.target} 次，${t.people} 人次`);
        print();
        printTable(
          ['项目', '二级指标', '三级指标', '指标值', '目前', '备注'],
          progress.indicators.map((i) => [
            i.projectName,
            i.level2,
            i.level3,
            i.target,
            i.actual === null ? '待录入' : `${i.actual}${i.unit ?? ''}`,
            i.note ?? '',
          ]),
        );
      });
    });
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
