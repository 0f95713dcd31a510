import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { standardInput } from '../standard-input.ts';

const mostJobs = 64;

export function registerClassify(program: Command): void {
  program
    .command('classify')
    .description('对标准输入的每行 JSON（{id, title?, text?, sourceKind?}）评级并说明理由，逐行输出；不需要数据库')
    .option('--lexicon <文件>', '词库文件或文件夹，默认用随程序提供的词库')
    .option('--explain', '每行加上说明卡（explanation）：什么提高、压低了级别，哪些规则差一点命中；较慢')
    .option('--jobs <数>', '用几个线程，输出顺序不变', readJobs, 1)
    .action(async (options: { lexicon?: string; jobs: number; explain?: boolean }) => {
      const { classifyParallel, classifyStream, loadJudge, loadJudgeSource } = await import('@guanlan/lexicon');
      const { defaultsDir } = await import('@guanlan/runtime');
      const { explain = false } = options;
      const files = [options.lexicon ?? path.join(defaultsDir, 'lexicon'), path.join(defaultsDir, 'gazetteer')] as const;
      if (options.jobs === 1) await classifyStream(process.stdin, process.stdout, await loadJudge(...files), { explain });
      else await classifyParallel(standardInput(), process.stdout, await loadJudgeSource(...files), options.jobs, { explain });
    });
}

function readJobs(value: string): number {
  const jobs = Number(value);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs) throw new InvalidArgumentError(`应为 1 到 ${mostJobs} 的整数`);
  return jobs;
}
