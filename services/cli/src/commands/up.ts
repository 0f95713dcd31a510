import type { Command } from 'commander';

export interface UpOptions {
  demo?: boolean;
  data?: string;
  port?: string;
  services?: string;
}

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('启动观澜')
    .option('--demo', '同时启动演示县：一个自带的本地网站，数据随时间到来')
    .option('--data <文件夹>', '数据文件夹')
    .option('--port <端口>', '界面端口，被占用时改用下一个空闲端口')
    .option('--services <名单>', '只启动这些服务，逗号分隔：crawler,classifier,dispatcher,counter,api')
    .action(async (options: UpOptions) => {
      const { up } = await import('../up.ts');
      process.exitCode = await up(options);
    });
}
