import type { Command } from 'commander';
import { print, printJson } from '../output.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('检查安装与运行状况，并说明怎么办')
    .option('--json', '输出 JSON')
    .action(async (options: { json?: boolean }) => {
      const { examine } = await import('../examine.ts');
      const findings = await examine();
      if (options.json) printJson({ ok: findings.every((f) => f.state !== 'bad'), findings });
      else
        for (const f of findings)
          print(
            `${{ ok: '✔', warn: '!', bad: '✘' }[f.state]} ${f.what}${f.detail ? `：${f.detail}` : ''}${f.mend ? `\n    → ${f.mend}` : ''}`,
          );
      if (findings.some((f) => f.state === 'bad')) process.exitCode = 1;
    });
}
