import { GuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { settings } from '../duration.ts';
import { print, printTable, say, when } from '../output.ts';

interface AddOptions {
  name?: string;
  set?: string[];
  allowPrivate?: boolean;
}

export function registerChannel(program: Command): void {
  const channel = program.command('channel').description('通知渠道：预警告诉谁、怎么告诉');
  channel
    .command('add')
    .description('添加渠道；第一个渠道自动加入默认路由')
    .argument('<kind>', 'webhook 或 log')
    .option('--name <名称>', '显示的名称')
    .option('--set <名称=值...>', 'webhook 需要 url 和 secret')
    .option('--allow-private', '允许发往内网或本机地址')
    .action(async (kind: string, options: AddOptions) => {
      const { withResources } = await import('../resources.ts');
      const { addChannel, appendAudit } = await import('@guanlan/database');
      const { checkChannelOptions } = await import('@guanlan/channels');
      const parsed = await checkChannelOptions(kind, settings(options.set));
      await withResources({}, async ({ db, clock }) => {
        const added = await addChannel(db, {
          kind,
          name: options.name ?? kind,
          options: parsed,
          allowPrivate: options.allowPrivate ?? false,
        });
        await appendAudit(db, {
          at: clock.now(),
          actor: 'cli',
          act: 'channel.add',
          subject: `channel:${added.id}`,
          data: { kind, name: options.name ?? kind },
        });
        print(`已添加渠道 ${added.id}（${options.name ?? kind}）${added.onDefaultRoute ? '，已加入默认路由' : ''}`);
        say(`可用 channel test ${added.id} 发一条测试消息。`);
      });
    });
  channel
    .command('list')
    .description('列出渠道（不显示密钥）')
    .action(async () => {
      const { withResources } = await import('../resources.ts');
      const { listChannels } = await import('@guanlan/database');
      await withResources({}, async ({ db }) => {
        printTable(
          ['编号', '类型', '名称', '内网', '备用', '状态', '创建'],
          (await listChannels(db)).map((c) => [
            ...[c.id, c.kind, c.name, c.allowPrivate ? '允许' : '—', c.fallbackId ?? '—'],
            ...[c.downSince === null ? '正常' : `自 ${when(c.downSince)} 不通`, when(c.createdAt)],
          ]),
        );
      });
    });
  channel
    .command('test')
    .description('发一条标明“测试”的消息，显示对方的回答')
    .argument('<编号>', '见 channel list')
    .action(async (id: string) => {
      const { withResources } = await import('../resources.ts');
      const { sendTest } = await import('@guanlan/dispatcher');
      await withResources({}, async ({ db, http, clock, logger }) => {
        const result = await sendTest({ db, http, clock, logger }, Number(id));
        if (!result.ok) throw new GuanlanError('channel-rejected', `测试消息没有送达：${result.status ?? ''} ${result.response}`);
        print(`测试消息已送达${result.status === undefined ? '' : `（HTTP ${result.status}）`}：${result.response}`);
      });
    });
  channel
    .command('fallback')
    .description('指定备用渠道：前一个发不出去时改用它')
    .argument('<编号>', '见 channel list')
    .argument('<备用编号>', '备用渠道的编号；none 表示不用')
    .action(async (id: string, next: string) => {
      const { withResources } = await import('../resources.ts');
      const { appendAudit, setFallback } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        const fallbackId = next === 'none' ? null : Number(next);
        await setFallback(db, Number(id), fallbackId);
        await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.fallback', subject: `channel:${id}`, data: { fallbackId } });
        print(fallbackId === null ? `渠道 ${id} 不再有备用渠道` : `渠道 ${id} 发不出去时改用渠道 ${fallbackId}`);
      });
    });
  channel
    .command('remove')
    .description('移除渠道（发送记录保留）')
    .argument('<编号>', '见 channel list')
    .action(async (id: string) => {
      const { withResources } = await import('../resources.ts');
      const { appendAudit, removeChannel } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        if (!(await removeChannel(db, Number(id), clock.now())))
          throw new GuanlanError('not-found', `没有编号为 ${id} 的渠道，见 channel list。`);
        await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.remove', subject: `channel:${id}`, data: {} });
        print(`已移除渠道 ${id}`);
      });
    });
}
