import { GuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { print, printTable, say, when } from '../output.ts';
import { number } from '../usage.ts';

export function registerToken(program: Command): void {
  const token = program.command('token').description('接口令牌');
  token
    .command('add')
    .description('新建一个令牌，只显示这一次')
    .requiredOption('--name <名称>', '用途，如 12345热线')
    .requiredOption('--scopes <范围>', '逗号分隔：read 读取，intake 推送信息，write 处置')
    .option('--local', '用它推送的信息一律视为涉及本县')
    .action(async (options: { name: string; scopes: string; local?: boolean }) => {
      const { withResources } = await import('../resources.ts');
      const { appendAudit, createApiToken } = await import('@guanlan/database');
      const scopes = options.scopes
        .split(',')
        .map((s) => s.trim())
        .filter(Boolean);
      await withResources({}, async ({ db, clock }) => {
        const created = await createApiToken(db, { name: options.name, scopes, local: options.local ?? false, now: clock.now() });
        await appendAudit(db, {
          at: clock.now(),
          actor: 'cli',
          act: 'token.add',
          subject: `token:${created.id}`,
          data: { name: options.name, scopes, local: created.local },
        });
        say('令牌只显示这一次，请妥善保存：');
        print(created.token);
      });
    });
  token
    .command('list')
    .description('列出令牌')
    .action(async () => {
      const { withResources } = await import('../resources.ts');
      const { listApiTokens } = await import('@guanlan/database');
      await withResources({}, async ({ db }) => {
        const rows = await listApiTokens(db);
        printTable(
          ['编号', '名称', '范围', '本地', '创建', '最近使用', '状态'],
          rows.map((r) => [
            r.id,
            r.name,
            r.scopes.join(','),
            r.local ? '是' : '',
            when(r.createdAt),
            when(r.lastUsedAt),
            r.revokedAt ? '已撤销' : '有效',
          ]),
        );
      });
    });
  token
    .command('revoke')
    .description('撤销令牌')
    .argument('<编号>', '见 token list', number)
    .action(async (id: number) => {
      const { withResources } = await import('../resources.ts');
      const { appendAudit, revokeApiToken } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        if (!(await revokeApiToken(db, id, clock.now())))
          throw new GuanlanError('not-found', `没有编号为 ${id} 的有效令牌，见 token list。`);
        await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'token.revoke', subject: `token:${id}`, data: {} });
        print(`已撤销令牌 ${id}`);
      });
    });
}
