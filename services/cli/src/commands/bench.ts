import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Command } from 'commander';

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('运行性能基准，每项都与同一次运行中的基线比较')
    .argument('[基准...]', '基准名，默认全部')
    .option('--json', '每项一行 JSON')
    .action(async (names: string[], options: { json?: boolean }) => {
      const { rootDir } = await import('@guanlan/runtime');
      // The benchmarks stand above this floor, with their baselines' libraries: a process of their own.
      const child = spawn(
        process.execPath,
        [path.join(rootDir, 'test', 'bench', 'main.ts'), ...names, ...(options.json ? ['--json'] : [])],
        { stdio: 'inherit' },
      );
      process.exitCode = await new Promise<number>((resolve, reject) => child.on('error', reject).on('exit', (code) => resolve(code ?? 1)));
    });
}
