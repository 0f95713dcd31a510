import type { Command } from 'commander';
import { answerEach } from '../input.ts';
import { address } from '../moment.ts';
import { charset as knownCharset } from '../usage.ts';

interface ListOptions {
  base?: string;
  charset?: string;
  item?: string;
  link?: string;
  title?: string;
  date?: string;
}

export function registerList(program: Command): void {
  program
    .command('list')
    .description('从列表页找出文章（网址、标题、日期），每个输入一行 JSON')
    .argument('<输入...>', '文件或网址')
    .option('--base <网址>', '页面的网址，用于补全相对链接；读取文件时必填', address)
    .option('--charset <编码>', '指定编码，如 gb18030；默认自动判断', knownCharset)
    .option('--item <选择器>', '每一条')
    .option('--link <选择器>', '一条之中的链接')
    .option('--title <选择器>', '一条之中的标题')
    .option('--date <选择器>', '一条之中的日期')
    .action(async (inputs: string[], { base, charset, ...selectors }: ListOptions, command: Command) => {
      if (base === undefined && inputs.some((input) => !/^https?:\/\//iu.test(input)))
        command.error('错误：读取文件时须用 --base 指明页面的网址');
      const { decode, readList } = await import('@guanlan/sources');
      await answerEach(inputs, async ({ bytes, url = base ?? '', contentType }) => {
        const { text } = decode(bytes, { contentType, charset });
        return { entries: await readList(text, { base: base ?? url, selectors, now: new Date() }) };
      });
    });
}
