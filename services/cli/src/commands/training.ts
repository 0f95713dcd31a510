import { GuanlanError, refuseFuture, type TrainingKind, trainingKinds, yearOf } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printJson, printTable } from '../output.ts';
import { UsageFault, year } from '../usage.ts';

interface AddOptions {
  kind: string;
  date: string;
  topic: string;
  people: string;
  evidence?: string;
}

export function registerTraining(program: Command): void {
  const training = program.command('training').description('培训台账：业务培训（8 次/年）、从业人员和自媒体人员培训（4 次/年）');
  training
    .command('add')
    .description('登记一次培训')
    .requiredOption('--kind <business|media>', '业务培训 business；从业人员和自媒体人员培训 media')
    .requiredOption('--date <日期>', '举办日期，YYYY-MM-DD')
    .requiredOption('--topic <主题>', '培训主题')
    .requiredOption('--people <人数>', '参训人数')
    .option('--evidence <文件>', '签到表、通知等佐证材料')
    .action(async (options: AddOptions) => {
      const entry = checked(options);
      const { withResources } = await import('../resources.ts');
      const { addTraining, appendAudit } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        refuseFuture(entry.heldOn, clock.now());
        const id = await addTraining(db, entry);
        if (id === null) throw new GuanlanError('conflict', `台账中已有 ${entry.heldOn} 的《${entry.topic}》。`);
        const { kind, heldOn, topic, people } = entry;
        await appendAudit(db, {
          at: clock.now(),
          actor: 'cli',
          act: 'training.add',
          subject: `training:${id}`,
          data: { kind, heldOn, topic, people },
        });
        print(`已登记第 ${id} 号：${entry.heldOn} ${trainingKinds[entry.kind].title}《${entry.topic}》，${entry.people} 人`);
      });
    });
  training
    .command('list')
    .description('列出一年的培训')
    .option('--year <年>', '年份，默认今年', year)
    .option('--json', '每行一个 JSON')
    .action(async (options: { year?: number; json?: boolean }) => {
      const { withResources } = await import('../resources.ts');
      const { listTrainings } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        const rows = await listTrainings(db, options.year ?? yearOf(clock.now()));
        if (options.json) for (const row of rows) printJson(row);
        else
          printTable(
            ['编号', '日期', '类别', '主题', '人数', '佐证'],
            rows.map((r) => [r.id, r.heldOn, trainingKinds[r.kind].title, r.topic, r.people, r.evidence ?? '—']),
          );
      });
    });
}

function checked(options: AddOptions): { kind: TrainingKind; heldOn: string; topic: string; people: number; evidence: string | null } {
  const faults: string[] = [];
  if (!Object.hasOwn(trainingKinds, options.kind)) faults.push(`--kind 应为 business 或 media，不是 ${options.kind}`);
  const at = new Date(`${options.date}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(options.date) || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== options.date)
    faults.push(`--date 应为真实的日期，如 2026-03-05，不是 ${options.date}`);
  const people = Number(options.people);
  if (!Number.isInteger(people) || people < 1 || people > 100_000) faults.push(`--people 应为正整数，不是 ${options.people}`);
  const topic = options.topic.trim();
  if (topic === '') faults.push('--topic 不能为空');
  if (faults.length > 0) throw new UsageFault(faults.join('；'));
  return { kind: options.kind as TrainingKind, heldOn: options.date, topic, people, evidence: options.evidence ?? null };
}
