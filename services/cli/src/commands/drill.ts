import { setTimeout as sleep } from 'node:timers/promises';
import { type DrillLine, GuanlanError, minuteOf } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printJson, printTable, say, when } from '../output.ts';
import type { Resources } from '../resources.ts';
import { number, UsageFault } from '../usage.ts';
import { writeOut } from '../write-out.ts';

type Report = Awaited<ReturnType<typeof import('@guanlan/api')['reportDrill']>>;

export function registerDrill(program: Command): void {
  const drill = program.command('drill').description('演练：投放一起脚本事件，全程标明演练，逐步计时，不计入任何统计');
  drill
    .command('start')
    .description('开始演练（观澜须正在运行），等到通知送达后返回')
    .argument('[脚本]', '见 drill scripts', 'school-canteen')
    .option('--wait <秒>', '最多等多久', '180')
    .action(async (script: string, options: { wait: string }) => {
      const wait = Number(options.wait);
      if (!Number.isInteger(wait) || wait < 0) throw new UsageFault(`--wait 应为秒数，不是 ${options.wait}`);
      const { withResources } = await import('../resources.ts');
      const { beginDrill } = await import('@guanlan/api');
      await withResources({}, async (resources) => {
        const { dataFolder } = await import('../resources.ts');
        const { runningOn } = await import('../running.ts');
        if (resources.embedded && (await runningOn(dataFolder(resources.config))) === null)
          throw new GuanlanError('conflict', '观澜没有在运行，演练不会有人收到。请先启动（npm start），再开始演练。');
        const id = await beginDrill({ ...resources, actor: 'cli' }, script);
        print(`演练 ${id} 已开始。请值班员在控制台签收、核实、交办、回应、办结；用 drill report ${id} 看报告。`);
        await watch(resources, id, wait);
      });
    });
  drill
    .command('scripts')
    .description('列出演练脚本')
    .action(async () => {
      const { loadDrillScripts } = await import('@guanlan/runtime');
      printTable(
        ['脚本', '名称', '目的', '步数'],
        (await loadDrillScripts()).map(({ id, title, aim, steps }) => [id, title, aim, steps.length]),
      );
    });
  drill
    .command('list')
    .description('列出演练')
    .action(async () => {
      const { withResources } = await import('../resources.ts');
      const { listDrills } = await import('@guanlan/database');
      await withResources({}, async ({ db }) => {
        printTable(
          ['编号', '名称', '发起', '开始', '结束', '预警'],
          (await listDrills(db, 100)).map((d) => [
            d.id,
            d.title,
            d.actor,
            when(d.startedAt),
            when(d.endedAt),
            d.alertIds.join('、') || '—',
          ]),
        );
      });
    });
  drill
    .command('report')
    .description('演练报告：每一步的用时和时限')
    .argument('<编号>', '见 drill list', number)
    .option('--json', '一行 JSON')
    .option('--out <文件.md>', '写入 Markdown 文件')
    .action(async (id: number, options: { json?: boolean; out?: string }) => {
      const { withResources } = await import('../resources.ts');
      const { reportDrill } = await import('@guanlan/api');
      await withResources({}, async (resources) => {
        const report = await reportDrill(resources, id);
        if (options.json) printJson(report);
        else if (options.out === undefined) print(reportText(report));
        else {
          await writeOut(options.out, `${reportText(report)}\n`);
          say(`已写入 ${options.out}`);
        }
      });
    });
  drill
    .command('end')
    .description('结束演练，办结它的预警提示')
    .argument('<编号>', '见 drill list', number)
    .action(async (id: number) => {
      const { withResources } = await import('../resources.ts');
      const { breakOffDrill } = await import('@guanlan/api');
      await withResources({}, async (resources) => {
        await breakOffDrill({ ...resources, actor: 'cli' }, id);
        print(`演练 ${id} 已结束`);
      });
    });
}

/** Says each step as it is reached, until a message was delivered. Fails when that takes too long. */
async function watch(resources: Resources, id: number, seconds: number): Promise<void> {
  const { reportDrill } = await import('@guanlan/api');
  const said = new Set<string>();
  for (let second = 0; second < seconds; second += 1) {
    const { lines } = await reportDrill(resources, id);
    for (const { title, at, sinceStartMs } of lines) {
      if (at === null || said.has(title)) continue;
      said.add(title);
      say(`  ✔ ${title}  ${duration(sinceStartMs)}`);
    }
    if (lines[3]?.at) return;
    await sleep(1_000);
  }
  if (seconds > 0) throw new GuanlanError('internal', `等了 ${seconds} 秒通知还没有送达：请确认观澜正在运行，并且默认路由上有通知渠道。`);
}

/** The report as a document. */
function reportText({ drill, lines, findings }: Report): string {
  const rows = lines.map(
    ({ title, at, sinceLastMs, sinceStartMs }) =>
      `| ${title} | ${at === null ? '未进行' : minuteOf(new Date(at))} | ${duration(sinceLastMs)} | ${duration(sinceStartMs)} |`,
  );
  return [
    `# 演练报告：${drill.title}（演练 ${drill.id}）`,
    '',
    `发起：${drill.actor}；开始：${minuteOf(new Date(drill.startedAt))}；结束：${drill.endedAt === null ? '进行中' : minuteOf(new Date(drill.endedAt))}。演练信息不计入监测数量、会商材料和质量统计。`,
    '',
    '| 步骤 | 时间 | 距上一步 | 距投放 |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ...(findings.length === 0 ? [drill.endedAt === null ? '演练还在进行。' : '没有发现问题。'] : findings.map((finding) => `- ${finding}`)),
  ].join('\n');
}

function duration(ms: DrillLine['sinceLastMs']): string {
  if (ms === null) return '—';
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} 秒` : `${Math.floor(ms / 60_000)} 分 ${Math.round((ms % 60_000) / 1_000)} 秒`;
}
