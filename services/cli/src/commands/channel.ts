import { GuanlanError } from '@guanlan/domain';
import type { Command } from 'commander';
import { pairs } from '../duration.ts';
import { print, printTable, say, when } from '../output.ts';
import { number } from '../usage.ts';

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
    .argument('<类型>', '类型，见 channel kinds')
    .option('--name <名称>', '显示的名称')
    .option('--set <名称=值...>', '该类型的选项，见 channel kinds <类型>；值为 @文件 时取文件内容')
    .option('--allow-private', '允许发往内网或本机地址')
    .action(add);
  channel
    .command('set')
    .description('修改渠道；没有给出的项不变，换密钥时只给新密钥即可')
    .argument('<编号>', '见 channel list', number)
    .option('--name <名称>', '显示的名称')
    .option('--set <名称=值...>', '该类型的选项，见 channel kinds <类型>；值为 @文件 时取文件内容')
    .option('--allow-private', '允许发往内网或本机地址')
    .option('--no-allow-private', '不再允许')
    .action(change);
  channel.command('kinds').description('列出渠道类型；给出类型时列出它的选项和密钥从哪里来').argument('[类型]').action(showKinds);
  channel.command('list').description('列出渠道（不显示密钥）和最近一次成功与失败').action(list);
  channel
    .command('fallback')
    .description('指定备用渠道：前一个发不出去时改用它')
    .argument('<编号>', '见 channel list', number)
    .argument('<备用编号>', '备用渠道的编号；none 表示不用')
    .action(fallback);
  channel.command('test').description('发一条标明“测试”的消息，显示对方的回答').argument('<编号>', '见 channel list', number).action(test);
  channel.command('remove').description('移除渠道（发送记录保留）').argument('<编号>', '见 channel list', number).action(remove);
}

async function add(kind: string, options: AddOptions): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { addChannel, appendAudit } = await import('@guanlan/database');
  const { channelOf, maskedOptions, optionsFromText } = await import('@guanlan/channels');
  const channel = await channelOf(kind);
  const parsed = channel.parseOptions(optionsFromText(channel, await pairs(options.set)));
  const name = options.name ?? kind;
  await withResources({}, async ({ db, clock }) => {
    const added = await addChannel(db, { kind, name, options: parsed, allowPrivate: options.allowPrivate ?? false });
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.add', subject: `channel:${added.id}`, data: { kind, name } });
    print(`已添加渠道 ${added.id}（${name}）${added.onDefaultRoute ? '，已加入默认路由' : ''}`);
    const shown = Object.entries(maskedOptions(channel, parsed)).map(([option, value]) => `${option}=${String(value)}`);
    if (shown.length > 0) say(`设置：${shown.join('  ')}`);
    say(`可用 channel test ${added.id} 发一条测试消息。`);
  });
}

async function change(id: number, { name, set, allowPrivate }: AddOptions): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { appendAudit, changeChannel, getChannel } = await import('@guanlan/database');
  const { channelOf, optionsFromText } = await import('@guanlan/channels');
  const given = await pairs(set);
  await withResources({}, async ({ db, clock }) => {
    const stored = await getChannel(db, id);
    if (!stored) throw new GuanlanError('not-found', `没有编号为 ${id} 的渠道，见 channel list。`);
    const channel = await channelOf(stored.kind);
    const options = set && channel.parseOptions({ ...stored.options, ...optionsFromText(channel, given) });
    await changeChannel(db, stored.id, {
      ...(name === undefined ? {} : { name }),
      ...(options ? { options } : {}),
      ...(allowPrivate === undefined ? {} : { allowPrivate }),
    });
    // Which options, never what they are.
    const data = { ...(name === undefined ? {} : { name }), options: Object.keys(given) };
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.change', subject: `channel:${id}`, data });
    print(`已修改渠道 ${id}（${name ?? stored.name}）`);
    say(`可用 channel test ${id} 发一条测试消息。`);
  });
}

async function showKinds(kind: string | undefined): Promise<void> {
  const { channelOf, fieldsOf, loadChannels } = await import('@guanlan/channels');
  if (kind === undefined) {
    printTable(
      ['类型', '名称', '密钥从哪里来'],
      [...(await loadChannels()).values()].map((channel) => [channel.kind, channel.title, channel.guide]),
    );
    return;
  }
  const channel = await channelOf(kind);
  print(`${channel.title}：${channel.guide}`);
  printTable(
    ['选项', '含义', '必填', '默认', '说明'],
    fieldsOf(channel).map(({ name, title, required, secret, choices, description, ...field }) => [
      name,
      `${title}${secret ? '（密）' : ''}`,
      required ? '是' : '',
      field.default === null ? '' : String(field.default),
      [choices.join(' | '), description ?? ''].filter((part) => part !== '').join('；'),
    ]),
  );
}

async function list(): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { listChannels } = await import('@guanlan/database');
  await withResources({}, async ({ db }) => {
    printTable(
      ['编号', '类型', '名称', '内网', '备用', '状态', '最近成功', '最近失败', '失败原因'],
      (await listChannels(db)).map((c) => [
        c.id,
        c.kind,
        c.name,
        c.allowPrivate ? '允许' : '—',
        c.fallbackId ?? '—',
        c.downSince === null ? '正常' : `自 ${when(c.downSince)} 不通`,
        when(c.lastSuccessAt),
        when(c.lastFailureAt),
        c.lastFailure.length > 60 ? `${c.lastFailure.slice(0, 59)}…` : c.lastFailure,
      ]),
    );
  });
}

async function fallback(id: number, next: string): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { appendAudit, setFallback } = await import('@guanlan/database');
  await withResources({}, async ({ db, clock }) => {
    const fallbackId = next === 'none' ? null : number(next);
    await setFallback(db, id, fallbackId);
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.fallback', subject: `channel:${id}`, data: { fallbackId } });
    print(fallbackId === null ? `渠道 ${id} 不再有备用渠道` : `渠道 ${id} 发不出去时改用渠道 ${fallbackId}`);
  });
}

async function test(id: number): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { sendTest } = await import('@guanlan/dispatcher');
  const { appendAudit, getChannel } = await import('@guanlan/database');
  await withResources({}, async ({ db, http, clock, logger }) => {
    if (!(await getChannel(db, id))) throw new GuanlanError('not-found', `没有编号为 ${id} 的渠道，见 channel list。`);
    // Written down first: what was sent must not go unrecorded.
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.test', subject: `channel:${id}`, data: {} });
    const { ok, status, response } = await sendTest({ db, http, clock, logger }, id);
    const said = [status === undefined ? '' : `HTTP ${status}`, response].filter((part) => part !== '').join('，');
    if (!ok) throw new GuanlanError('channel-rejected', `测试消息没有送达：${said || '没有回答'}`);
    print(`测试消息已送达${said === '' ? '' : `：${said}`}`);
  });
}

async function remove(id: number): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { appendAudit, removeChannel } = await import('@guanlan/database');
  await withResources({}, async ({ db, clock }) => {
    if (!(await removeChannel(db, id, clock.now()))) throw new GuanlanError('not-found', `没有编号为 ${id} 的渠道，见 channel list。`);
    await appendAudit(db, { at: clock.now(), actor: 'cli', act: 'channel.remove', subject: `channel:${id}`, data: {} });
    print(`已移除渠道 ${id}`);
  });
}
