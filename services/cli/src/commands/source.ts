import type { SourceRow } from '@guanlan/database';
import { canaryStanding, coverageScore, GuanlanError, isBrought, openRhythm, standingOf, standingStates } from '@guanlan/domain';
import { type Command, Option } from 'commander';
import { seconds, settings } from '../duration.ts';
import { print, printJson, printTable, say, when } from '../output.ts';
import { number } from '../usage.ts';

interface AddOptions {
  kind?: string;
  name?: string;
  every?: string;
  local?: boolean;
  allowPrivate?: boolean;
  set?: string[];
}

export function registerSource(program: Command): void {
  const source = program.command('source').description('信息源');
  source
    .command('add')
    .description('添加信息源；不写 --kind 时先看一眼该网址是什么')
    .argument('<网址>', '网址')
    .option('--kind <类型>', 'feed、rsshub、list、sitemap、json 或 page，见 docs/sources.md')
    .option('--name <名称>', '显示的名称，默认取订阅的标题，没有则用域名')
    .option('--every <间隔>', '最慢多久看一次，如 5m、2h；不写则按更新快慢自动调整，2 分钟到 3 小时之间')
    .option('--local', '它带来的信息一律视为涉及本县')
    .option('--allow-private', '允许访问内网或本机地址')
    .option('--set <名称=值...>', '该类型的选项，如 list 的 item、link、title、date 选择器')
    .action(async (url: string, options: AddOptions) => {
      // A word of the operator's is a promise; without one the rhythm is free within its bounds.
      const rhythm = options.every === undefined ? openRhythm : { everySeconds: seconds(options.every, '--every') };
      const { withResources } = await import('../resources.ts');
      const { addSource, appendAudit } = await import('@guanlan/database');
      const { describeSource } = await import('@guanlan/crawler');
      await withResources({}, async (r) => {
        const described = await describeSource(r, {
          url,
          kind: options.kind,
          allowPrivate: options.allowPrivate ?? false,
          options: settings(options.set),
        });
        const name = options.name ?? described.title ?? new URL(described.url).host;
        const added = await addSource(r.db, {
          kind: described.kind,
          name,
          url: described.url,
          options: described.options,
          local: options.local ?? false,
          allowPrivate: options.allowPrivate ?? false,
          authorKind: 'unknown',
          ...rhythm,
        });
        if (!added.added) throw new GuanlanError('conflict', `已有这个信息源（编号 ${added.id}）。`);
        await appendAudit(r.db, {
          at: r.clock.now(),
          actor: 'cli',
          act: 'source.add',
          subject: `source:${added.id}`,
          data: { kind: described.kind, url: described.url },
        });
        print(
          `已添加信息源 ${added.id}（${described.kind}）${name}，${options.every === undefined ? '多久看一次按更新快慢自动调整' : `最慢每 ${options.every} 看一次`}`,
        );
      });
    });
  source
    .command('list')
    .description('列出信息源及其健康状况，不正常的在前')
    .option('--json', '每行一个 JSON')
    .action(async (options: { json?: boolean }) => {
      const { withResources } = await import('../resources.ts');
      const { listSources, readCanary } = await import('@guanlan/database');
      await withResources({}, async ({ db, clock }) => {
        const canary = await readCanary(db);
        const rows = (await listSources(db))
          .map((row) => ({ ...row, health: standingOf({ ...row, brought: isBrought(row.kind) }) }))
          .sort((a, b) => standingStates.indexOf(a.health.state) - standingStates.indexOf(b.health.state) || a.id - b.id);
        if (options.json) for (const row of rows) printJson(row);
        else {
          list(rows);
          if (canary) say(canaryStanding(canary, clock.now()).sentence);
        }
      });
    });
  source
    .command('test')
    .description('读取一次，显示会存入什么；不存入任何信息，只在审计里记一笔')
    .argument('<网址|编号>', '网址或已有信息源的编号')
    .option('--kind <类型>', 'feed、rsshub、list、sitemap、json 或 page')
    .option('--allow-private', '允许访问内网或本机地址')
    .option('--set <名称=值...>', '该类型的选项')
    .option('--json', '每行一个 JSON')
    .action(async (target: string, options: Omit<AddOptions, 'every'> & { json?: boolean }) => {
      const { withResources } = await import('../resources.ts');
      const { describeSource, trySource } = await import('@guanlan/crawler');
      const { appendAudit, listSourceDefinitions } = await import('@guanlan/database');
      await withResources({}, async (r) => {
        // Paused ones too: trying comes before resuming.
        const stored = /^\d+$/u.test(target) ? (await listSourceDefinitions(r.db)).find((s) => s.id === Number(target)) : undefined;
        if (/^\d+$/u.test(target) && !stored) throw new GuanlanError('not-found', `没有编号为 ${target} 的信息源，见 source list。`);
        const described = stored
          ? { ...stored, title: null }
          : await describeSource(r, {
              url: target,
              kind: options.kind,
              allowPrivate: options.allowPrivate ?? false,
              options: settings(options.set),
            });
        await appendAudit(r.db, { at: r.clock.now(), actor: 'cli', act: 'source.test', subject: 'sources', data: { url: described.url } });
        const { items, skipped, refused } = await trySource(r, described, stored?.allowPrivate ?? options.allowPrivate ?? false);
        say(`${described.kind}  ${described.url}`);
        if (options.json) for (const item of items) printJson(item);
        else
          printTable(
            ['发布时间', '标题', '正文字数', '遮蔽', '网址'],
            items.map((i) => [when(i.publishedAt), cut(i.title, 36), i.text.length, i.redactions, cut(i.url ?? '—', 60)]),
          );
        const shown = refused.slice(0, 30);
        for (const { what, why } of shown) say(`不存  ${cut(what, 80)}  ${why}`);
        if (refused.length > shown.length) say(`不存  另有 ${refused.length - shown.length} 条`);
        say(`会存入 ${items.length} 条${skipped > 0 ? `，另有 ${skipped} 条既无标题也无正文，不存` : ''}。`);
      });
    });
  source
    .command('run')
    .description('立即读取一次并存入')
    .argument('<编号...>', '见 source list', (text: string, ids: number[] = []) => [...ids, number(text)])
    .action(async (ids: number[]) => {
      const { withResources } = await import('../resources.ts');
      const { collectNow } = await import('@guanlan/crawler');
      const { appendAudit } = await import('@guanlan/database');
      await withResources({}, async (r) => {
        for (const result of await collectNow(r, ids)) {
          const subject = `source:${result.sourceId}`;
          await appendAudit(r.db, { at: r.clock.now(), actor: 'cli', act: 'source.run', subject, data: { items: result.newItems } });
          if (result.fault) {
            say(`${result.sourceId}  ${result.fault.message}`);
            process.exitCode = 1;
          } else print(`${result.sourceId}  新增 ${result.newItems} 条`);
        }
      });
    });
  source
    .command('export')
    .description('导出信息源列表（yaml 为全部，opml 供其他阅读器使用）；密钥不导出')
    .argument('[文件]', '默认写到标准输出')
    .addOption(new Option('--format <格式>', '默认按文件名，否则 yaml').choices(['opml', 'yaml']))
    .action(async (file: string | undefined, options: { format?: 'opml' | 'yaml' }) => {
      const { withResources } = await import('../resources.ts');
      const { exportSources } = await import('../catalogue.ts');
      const format = options.format ?? (/\.(?:opml|xml)$/iu.test(file ?? '') ? 'opml' : 'yaml');
      await withResources({}, (r) => exportSources(r, format, file));
    });
  source
    .command('import')
    .description('导入信息源列表（OPML、YAML）；已有的不变，有误的逐条说明')
    .argument('<文件>', '如 infra/defaults/sources/julu.yaml')
    .action(async (file: string) => {
      const { withResources } = await import('../resources.ts');
      const { importFile } = await import('../catalogue.ts');
      await withResources({}, (r) => importFile(r, file));
    });
  for (const [name, paused, done] of [
    ['pause', true, '已暂停'],
    ['resume', false, '已恢复'],
  ] as const) {
    source
      .command(name)
      .description(paused ? '暂停' : '恢复')
      .argument('<编号>', '见 source list', number)
      .action((id: number) =>
        change(id, `source.${name}`, `${done}信息源 ${id}`, async (db, now) =>
          (await import('@guanlan/database')).setSourcePaused(db, id, paused, now),
        ),
      );
  }
  source
    .command('remove')
    .description('不再监测（已有信息保留）')
    .argument('<编号>', '见 source list', number)
    .action((id: number) =>
      change(id, 'source.remove', `已移除信息源 ${id}`, async (db, now) => (await import('@guanlan/database')).removeSource(db, id, now)),
    );
}

async function change(
  id: number,
  act: string,
  done: string,
  work: (db: import('@guanlan/database').Db, now: Date) => Promise<boolean>,
): Promise<void> {
  const { withResources } = await import('../resources.ts');
  const { appendAudit } = await import('@guanlan/database');
  await withResources({}, async ({ db, clock }) => {
    if (!(await work(db, clock.now()))) throw new GuanlanError('not-found', `没有编号为 ${id} 的信息源，见 source list。`);
    await appendAudit(db, { at: clock.now(), actor: 'cli', act, subject: `source:${id}`, data: {} });
    print(done);
  });
}

function list(rows: readonly (SourceRow & { health: ReturnType<typeof standingOf> })[]): void {
  printTable(
    ['编号', '类型', '名称', '本地', '状态', '自', '信息', '最近成功', '覆盖率'],
    rows.map(({ health, ...s }) => [
      ...[s.id, s.kind, cut(s.name, 30), s.local ? '是' : '', health.title, health.since === null ? '' : when(health.since), s.items],
      ...[when(s.lastSuccessAt), share(s.coverage === null ? null : coverageScore([s.coverage]))],
    ]),
  );
  for (const { id, name, health } of rows) {
    if (health.advice !== null) print(`\n${id}  ${name}：${health.sentence}\n    → ${health.advice}`);
  }
  const score = coverageScore(rows.flatMap(({ coverage }) => coverage ?? []));
  if (score !== null) say(`\n覆盖率（近 7 天，应到的信息中看到的份额）：${share(score)}`);
}

function share(of: number | null): string {
  return of === null ? '—' : `${Math.floor(Math.min(1, of) * 1_000) / 10}%`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
