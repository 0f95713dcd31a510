import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GuanlanError } from '@guanlan/domain';
import { rootDir } from '@guanlan/runtime';
import { Command, CommanderError } from 'commander';
import { registerBench } from './commands/bench.ts';
import { registerChannel } from './commands/channel.ts';
import { registerClassify } from './commands/classify.ts';
import { registerDate } from './commands/date.ts';
import { registerDedupe } from './commands/dedupe.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerDrill } from './commands/drill.ts';
import { registerFeed } from './commands/feed.ts';
import { registerImport } from './commands/import.ts';
import { registerLexicon } from './commands/lexicon.ts';
import { registerList } from './commands/list.ts';
import { registerPack } from './commands/pack.ts';
import { registerPage } from './commands/page.ts';
import { registerProgress } from './commands/progress.ts';
import { registerSource } from './commands/source.ts';
import { registerToken } from './commands/token.ts';
import { registerTraining } from './commands/training.ts';
import { registerUnit } from './commands/unit.ts';
import { registerUp } from './commands/up.ts';
import { UsageFault } from './usage.ts';
import { speakChinese } from './wording.ts';

const registrations = [
  registerUp,
  registerSource,
  registerChannel,
  registerToken,
  registerTraining,
  registerProgress,
  registerPack,
  registerClassify,
  registerDedupe,
  registerLexicon,
  registerFeed,
  registerPage,
  registerList,
  registerDate,
  registerImport,
  registerUnit,
  registerDrill,
  registerDoctor,
  registerBench,
];

/** Runs one command. Returns the exit code: 0 done, 1 the work failed (one line on stderr says why), 2 wrong usage. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const program = new Command('guanlan')
    .description('观澜：网络舆情监测。结果写到标准输出，进度与日志写到标准错误。')
    .version(await version(), '-V, --version', '显示版本')
    .helpOption('-h, --help', '显示帮助')
    .helpCommand('help [命令]', '显示某个命令的帮助')
    .exitOverride()
    .showHelpAfterError('（加 --help 查看用法）');
  for (const register of registrations) register(program);
  speakChinese(program);
  // Sub-commands are made before this line: each must throw instead of ending the process.
  for (const command of descendants(program)) command.exitOverride().showHelpAfterError('（加 --help 查看用法）');
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`错误：${oneLine(error)}\n`);
    if (error instanceof UsageFault) return 2;
    if (process.env.GUANLAN_LOG_LEVEL === 'debug') process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    return 1;
  }
}

function descendants(command: Command): Command[] {
  return command.commands.flatMap((c) => [c, ...descendants(c)]);
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const hint = error instanceof GuanlanError ? '' : '（程序内部错误，设 GUANLAN_LOG_LEVEL=debug 可看详情）';
  // A heading keeps its colon; what follows are its parts.
  return `${message.replace(/：\s*\n[\s-]*/gu, '：').replace(/\s*\n[\s-]*/gu, '；')}${hint}`;
}

async function version(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(rootDir, 'package.json'), 'utf8')) as { version: string };
  return version;
}
