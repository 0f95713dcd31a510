import { stat, writeFile } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import { type Fault, formatFault } from '@guanlan/lexicon';
import type { Command } from 'commander';

export function registerLexicon(program: Command): void {
  const lexicon = program.command('lexicon').description('词库：检查、试例子、导出');
  lexicon
    .command('check <文件或文件夹>')
    .description('检查写法：逐处写明行、列、怎么改；像人名的词只提醒')
    .action(async (input: string) => {
      const { warningsOf } = await import('@guanlan/lexicon');
      const { lexicon: checked, digest } = await open(input);
      const warnings = warningsOf(checked);
      for (const warning of warnings) process.stderr.write(`提醒：${formatFault(warning)}\n`);
      process.stdout.write(`没有错误：${checked.rules.length} 条规则，${warnings.length} 处提醒，版本 ${digest.slice(0, 12)}\n`);
    });
  lexicon
    .command('test <文件或文件夹>')
    .description('运行写在规则里的例子（应命中、不应命中）')
    .action(async (input: string) => {
      const { testExamples } = await import('@guanlan/lexicon');
      const { lexicon: checked } = await open(input);
      const { examples, failed } = testExamples(checked);
      for (const { fault } of failed) process.stderr.write(`${formatFault(fault satisfies Fault)}\n`);
      if (failed.length > 0) throw new GuanlanError('lexicon-invalid', `${examples} 个例子里有 ${failed.length} 个不对`);
      process.stdout.write(`${examples} 个例子全部符合\n`);
    });
  lexicon
    .command('export <文件或文件夹>')
    .description('连成一份文本（含地名表），写到标准输出或文件；这份文本就是一个词库版本')
    .option('--out <文件>', '写到文件')
    .action(async (input: string, options: { out?: string }) => {
      const { text } = await open(input);
      if (options.out === undefined) process.stdout.write(text);
      else await writeFile(options.out, text);
    });
}

async function open(input: string) {
  const { compileLexicon, loadLexiconFile, loadLexiconFolder } = await import('@guanlan/lexicon');
  const folder = await stat(input).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const source = folder ? await loadLexiconFolder(input) : await loadLexiconFile(input);
  return { ...source, lexicon: compileLexicon(source.text) };
}
