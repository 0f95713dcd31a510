import { stat } from 'node:fs/promises';
import { GuanlanError } from '@guanlan/domain';
import { type Fault, formatFault } from '@guanlan/lexicon';
import type { Command } from 'commander';
import { print, printJson, say } from '../output.ts';
import { UsageFault } from '../usage.ts';
import { writeOut } from '../write-out.ts';

export function registerLexicon(program: Command): void {
  const lexicon = program.command('lexicon').description('词库：检查、试例子、在历史信息上预览、发布、导出');
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
    .command('preview <文件或文件夹>')
    .description('在已存信息上试一份词库，与现行版本逐条规则比较：哪些会新命中，哪些不再命中，各举几例')
    .option('--items <条数>', '只试最近存入的这么多条，默认全部')
    .option('--json', '结果为一行 JSON')
    .action(async (input: string, options: { items?: string; json?: boolean }) => {
      const limit = readCount(options.items);
      const { text } = await open(input);
      const { withResources } = await import('../resources.ts');
      const { previewDraft } = await import('@guanlan/api');
      const { progressBar } = await import('../progress-bar.ts');
      const { printPreview } = await import('../preview.ts');
      await withResources({}, async ({ db }) => {
        const bar = progressBar('预览');
        for await (const step of previewDraft(db, text, limit)) {
          if ('result' in step) {
            bar.clear();
            if (options.json) printJson(step.result);
            else printPreview(step.result);
          } else bar.update(step.total === 0 ? 1 : step.done / step.total, step.done);
        }
      });
    });
  lexicon
    .command('publish <文件或文件夹>')
    .description('发布一个版本；检查或自己的例子通不过的不能发布。已存信息随后在后台按新版本重新评估')
    .requiredOption('--note <说明>', '改了什么、为什么，记入版本记录')
    .option('--accept-volume <件数>', '会多出很多预警提示时，写明接受多少件')
    .option('--author <姓名>', '谁改的，记入版本记录和审计', 'cli')
    .action(async (input: string, options: { note: string; author: string; acceptVolume?: string }) => {
      const note = options.note.trim();
      if (note === '' || note.length > 500) throw new UsageFault('--note 应为 1 到 500 字的说明');
      const acceptVolume = readCount(options.acceptVolume);
      const { text } = await open(input);
      const { withResources } = await import('../resources.ts');
      const { volumeText } = await import('@guanlan/domain');
      const { publishRevision } = await import('@guanlan/api');
      await withResources({}, async ({ db, clock }) => {
        const { id, volume } = await publishRevision(db, { text, note, author: options.author, now: clock.now(), acceptVolume });
        print(`已发布第 ${id} 版`);
        if (volume !== null) say(`${volumeText(volume)}。`);
        say('新信息几秒内按新版本评估；已存信息在系统运行时于后台重新评估，进度见界面“词库”页。');
      });
    });
  lexicon
    .command('export [文件或文件夹]')
    .description('连成一份文本（含地名表），写到标准输出或文件；不写文件就导出现行版本')
    .option('--revision <版本>', '导出发布过的某一版')
    .option('--out <文件>', '写到文件')
    .action(async (input: string | undefined, options: { out?: string; revision?: string }) => {
      if (input !== undefined && options.revision !== undefined) throw new UsageFault('文件和 --revision 只能写一个');
      const text = input === undefined ? await published(readCount(options.revision)) : (await open(input)).text;
      if (options.out === undefined) process.stdout.write(text);
      else await writeOut(options.out, text);
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

/** The text of a published revision, the one in force when none is named. An export is on record. */
async function published(id: number | undefined): Promise<string> {
  const { withResources } = await import('../resources.ts');
  const { appendAudit, currentLexicon, getLexiconRevision } = await import('@guanlan/database');
  return withResources({}, async ({ db, clock }) => {
    const revision = id === undefined ? await currentLexicon(db) : await getLexiconRevision(db, id);
    if (revision === null) throw new GuanlanError('not-found', id === undefined ? '还没有发布过词库。' : `没有第 ${id} 版词库。`);
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'lexicon.export', subject: `lexicon:${revision.id}` });
    return revision.body;
  });
}

function readCount(written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  const value = Number(written);
  if (!Number.isSafeInteger(value) || value < 1 || value >= 2 ** 31) throw new UsageFault(`应为正整数，不是 ${written}`);
  return value;
}
