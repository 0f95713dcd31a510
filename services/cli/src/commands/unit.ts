import { GuanlanError, type ReportUnitKind, reportUnitKinds } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printTable, say, when } from '../output.ts';
import { number, UsageFault } from '../usage.ts';

const kinds = Object.entries(reportUnitKinds)
  .map(([kind, title]) => `${kind} ${title}`)
  .join('、');

export function registerUnit(program: Command): void {
  const unit = program.command('unit').description('直报单位：村、乡镇、部门等，各有一个上报链接');
  unit
    .command('add')
    .description('新建一个直报单位，链接只显示这一次')
    .argument('<名称>', '如 巨鹿镇某村')
    .option('--kind <类型>', kinds, 'village')
    .action(async (name: string, { kind }: { kind: string }) => {
      if (!Object.hasOwn(reportUnitKinds, kind))
        throw new UsageFault(`--kind 应为 ${Object.keys(reportUnitKinds).join('、')} 之一，不是 ${kind}。`);
      const { withResources } = await import('../resources.ts');
      const { appendAudit, createReportUnit } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock, config }) => {
        const now = clock.now();
        const created = await db.transaction().execute(async (tx) => {
          const added = await createReportUnit(tx, { name: name.trim(), kind: kind as ReportUnitKind }, now);
          await appendAudit(tx, {
            at: now,
            actor: 'cli',
            act: 'report-unit.add',
            subject: `report-unit:${added.id}`,
            data: { name: added.name, kind },
          });
          return added;
        });
        say(`直报单位 ${created.id}：${created.name}。链接只显示这一次，只交给该单位负责上报的人：`);
        const { dataFolder } = await import('../resources.ts');
        const { runningOn } = await import('../running.ts');
        const here = config.publicUrl ?? (await runningOn(dataFolder(config)))?.address;
        print(`${here ?? `http://${config.host}:${config.port}`}/report?unit=${created.token}`);
        if (here === undefined || here === null) say('观澜没有在运行：若启动时改用了别的端口，链接里的端口也要改。');
      });
    });
  unit
    .command('list')
    .description('列出直报单位')
    .action(async () => {
      const { withResources } = await import('../resources.ts');
      const { listReportUnits } = await import('@guanlan/database');
      await withResources({}, async ({ db }) => {
        const rows = await listReportUnits(db);
        printTable(
          ['编号', '名称', '类型', '上报', '创建', '最近使用', '状态'],
          rows.map((u) => [
            u.id,
            u.name,
            reportUnitKinds[u.kind],
            u.reports,
            when(u.createdAt),
            when(u.lastUsedAt),
            u.revokedAt ? '已停用' : '在用',
          ]),
        );
      });
    });
  unit
    .command('revoke')
    .description('停用一个直报单位的链接；已有上报保留')
    .argument('<编号>', '见 unit list', number)
    .action(async (id: number) => {
      const { withResources } = await import('../resources.ts');
      const { appendAudit, revokeReportUnit } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        const now = clock.now();
        if (!(await revokeReportUnit(db, id, now))) throw new GuanlanError('not-found', `没有编号为 ${id} 的在用直报单位，见 unit list。`);
        await appendAudit(db, { at: now, actor: 'cli', act: 'report-unit.revoke', subject: `report-unit:${id}` });
        print(`已停用直报单位 ${id}`);
      });
    });
}
