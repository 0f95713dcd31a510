import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { speakChinese } from './wording.ts';

/** What a person reads when the program is called like this. */
async function said(...argv: string[]): Promise<string> {
  const out: string[] = [];
  const hear = (text: string) => {
    out.push(text);
  };
  const heard = { writeOut: hear, writeErr: hear };
  const program = new Command('guanlan').helpOption('-h, --help', '显示帮助').configureOutput(heard);
  const add = program
    .command('add')
    .description('添加')
    .argument('<类型>')
    .requiredOption('--name <名称>', '名称')
    .option('--jobs <数>', '线程', '1');
  speakChinese(program);
  for (const command of [program, add]) command.exitOverride().helpOption('-h, --help', '显示帮助').configureOutput(heard);
  await program.parseAsync(argv, { from: 'user' }).catch(() => undefined);
  return out.join('');
}

describe('Commander', () => {
  it.each([
    [['add', 'x', '--name', 'y', '--bogus'], '错误：没有选项 --bogus'],
    [['ad'], '错误：没有命令 ad\n（是不是想用 add？）'],
    [['add', '--name', 'x'], '错误：缺少参数 <类型>'],
    [['add', 'x'], '错误：缺少选项 --name <名称>'],
    [['add', 'x', '--name'], '错误：选项 --name <名称> 后面缺少内容'],
    [['add', 'x', 'y', '--name', 'z'], '错误：参数太多（最多 1 个）：x, y'],
  ])('says what is wrong in Chinese: %j', async (argv, sentence) => {
    expect((await said(...argv)).trim()).toBe(sentence);
  });

  it('writes its help in Chinese', async () => {
    const help = await said('add', '--help');
    expect(help).toContain('用法： guanlan add [选项] <类型>');
    expect(help).toContain('线程（默认 1）');
    expect(help).not.toMatch(/Usage|Options|Arguments|default/u);
  });
});
