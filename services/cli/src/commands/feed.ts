import type { Command } from 'commander';
import { answerEach } from '../input.ts';

export function registerFeed(program: Command): void {
  program
    .command('feed')
    .description('解析订阅源（RSS、Atom、JSON Feed，任意编码），每个输入一行 JSON')
    .argument('<输入...>', '文件或网址')
    .action(async (inputs: string[]) => {
      const { parseFeed } = await import('@guanlan/sources');
      await answerEach(inputs, ({ bytes, ...origin }) => parseFeed(bytes, origin));
    });
}
