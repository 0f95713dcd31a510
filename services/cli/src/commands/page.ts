import type { Command } from 'commander';
import { answerEach } from '../input.ts';
import { address } from '../moment.ts';
import { charset as knownCharset } from '../usage.ts';

export function registerPage(program: Command): void {
  program
    .command('page')
    .description('读取文章页（标题、正文、发布时间，任意编码），每个输入一行 JSON')
    .argument('<输入...>', '文件或网址')
    .option('--base <网址>', '文件原来的网址，用于补全相对链接', address)
    .option('--charset <编码>', '指定编码，如 gb18030；默认自动判断', knownCharset)
    .action(async (inputs: string[], { base, charset }: { base?: string; charset?: string }) => {
      const { readPage } = await import('@guanlan/sources');
      await answerEach(inputs, async ({ bytes, url = base, contentType }) => {
        // A file was saved at some other time than now: only an address's relative dates can be read.
        const now = contentType === undefined ? undefined : new Date();
        return await readPage(bytes, { url, contentType, charset, now });
      });
    });
}
