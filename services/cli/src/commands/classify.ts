import path from 'node:path';
import type { Command } from 'commander';

export function registerClassify(program: Command): void {
  program
    .command('classify')
    .description('对标准输入的每行 JSON（{id, title?, text?, sourceKind?}）评级并说明理由，逐行输出；不需要数据库')
    .option('--lexicon <文件>', '词库文件或文件夹，默认用随程序提供的词库')
    .action(async (options: { lexicon?: string }) => {
      const { classifyStream, loadJudge } = await import('@guanlan/lexicon');
      const { defaultsDir } = await import('@guanlan/runtime');
      const judge = await loadJudge(options.lexicon ?? path.join(defaultsDir, 'lexicon'), path.join(defaultsDir, 'gazetteer'));
      await classifyStream(process.stdin, process.stdout, judge);
    });
}
