import { access, constants, statfs } from 'node:fs/promises';
import { currentLexicon, type ListedChannel, listChannels, listSources, pendingItems, readCanary } from '@guanlan/database';
import { canaryStanding, isBrought, minuteOf, standingOf, toGuanlanError } from '@guanlan/domain';
import { loadConfig } from '@guanlan/runtime';
import { dataFolder, openResources, type Resources } from './resources.ts';

export interface Finding {
  what: string;
  state: 'ok' | 'warn' | 'bad';
  detail?: string;
  /** What to do about it. */
  mend?: string;
}

const gib = 1024 ** 3;

/** Looks at everything a running installation needs, from the machine up. Never throws: a fault is a finding. */
export async function examine(): Promise<Finding[]> {
  const findings: Finding[] = [{ what: 'Node.js', state: 'ok', detail: process.version }];
  let config: ReturnType<typeof loadConfig>;
  try {
    config = loadConfig(process.env);
    findings.push({ what: '配置', state: 'ok' });
  } catch (error) {
    return [...findings, { what: '配置', state: 'bad', detail: toGuanlanError(error).message, mend: '改正上述环境变量后再试' }];
  }
  if (config.databaseUrl === undefined) findings.push(await dataFolderFinding(dataFolder(config)));
  let resources: Resources;
  try {
    resources = await openResources({ logLevel: 'silent' });
  } catch (error) {
    return [
      ...findings,
      {
        what: '数据库与队列',
        state: 'bad',
        detail: toGuanlanError(error).message,
        mend: '确认 PostgreSQL（或 Redis）在运行、地址和密码正确',
      },
    ];
  }
  try {
    findings.push({
      what: '数据库',
      state: 'ok',
      detail: resources.embedded ? '内置 PostgreSQL，结构已是最新' : '外部 PostgreSQL，结构已是最新',
    });
    findings.push(...(await pathFindings(resources)));
  } catch (error) {
    findings.push({ what: '数据', state: 'bad', detail: toGuanlanError(error).message });
  } finally {
    await resources.close();
  }
  return findings;
}

async function dataFolderFinding(dir: string): Promise<Finding> {
  const what = '数据文件夹';
  try {
    await access(dir, constants.W_OK);
    const { bavail, bsize } = await statfs(dir);
    const free = (bavail * bsize) / gib;
    const detail = `${dir}，可用空间 ${free.toFixed(1)} GB`;
    return free < 1 ? { what, state: 'bad', detail, mend: '清理磁盘，至少留出 1 GB' } : { what, state: 'ok', detail };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? { what, state: 'ok', detail: `${dir}（首次启动时创建）` }
      : { what, state: 'bad', detail: `${dir} 不可写`, mend: '改正权限，或用 GUANLAN_DATA 指定别处' };
  }
}

async function pathFindings({ db, bus, clock }: Resources): Promise<Finding[]> {
  const findings: Finding[] = [];
  const health = await bus.health();
  findings.push(
    health.ok
      ? { what: '队列', state: 'ok', detail: health.backend }
      : { what: '队列', state: 'bad', detail: health.reason ?? '无应答', mend: '确认队列服务在运行' },
  );
  const dead = await bus.deadLetters();
  if (dead.length > 0)
    findings.push({ what: '队列', state: 'warn', detail: `有 ${dead.length} 条消息多次处理失败`, mend: '查看日志中的原因' });

  const lexicon = await currentLexicon(db);
  findings.push(
    lexicon === null
      ? { what: '词库', state: 'ok', detail: '首次启动时发布随程序提供的词库' }
      : { what: '词库', state: 'ok', detail: `第 ${lexicon.id} 版` },
  );

  const sources = await listSources(db);
  const ill = sources.filter((s) => standingOf({ ...s, brought: isBrought(s.kind) }).advice !== null);
  if (sources.length === 0)
    findings.push({ what: '信息源', state: 'warn', detail: '还没有信息源', mend: '用 source add 添加，或用 npm start -- --demo 看演示' });
  else
    findings.push({
      what: '信息源',
      state: ill.length > 0 ? 'warn' : 'ok',
      detail: `${sources.length} 个，其中 ${ill.length} 个不正常`,
      ...(ill.length > 0 ? { mend: '见 source list 里的原因和办法' } : {}),
    });

  const canary = await readCanary(db);
  if (canary !== null) {
    const { state, sentence } = canaryStanding(canary, clock.now());
    findings.push({ what: '自检', state: state === 'late' ? 'warn' : 'ok', detail: sentence });
  }

  findings.push(channelFinding(await listChannels(db)));

  const pending = await pendingItems(db);
  const waited = pending.oldest === null ? 0 : (clock.now().getTime() - pending.oldest.getTime()) / 60_000;
  findings.push(
    waited > 5
      ? {
          what: '评估',
          state: 'warn',
          detail: `${pending.count} 条信息待评估，最早的已等 ${Math.round(waited)} 分钟`,
          mend: '确认观澜在运行（npm start）',
        }
      : { what: '评估', state: 'ok', detail: `${pending.count} 条待评估` },
  );
  return findings;
}

/** Whether people can be told; a channel that is down and has no other to follow it leaves somebody untold. */
export function channelFinding(channels: readonly ListedChannel[]): Finding {
  const what = '通知渠道';
  const mend = '见 channel list 里的原因，改好后用 channel test 试';
  if (channels.length === 0) return { what, state: 'warn', detail: '还没有渠道，预警只在界面上显示', mend: '用 channel add 添加' };
  const down = channels.filter(({ downSince }) => downSince !== null);
  if (down.length > 0) {
    const names = down.map(({ name, downSince, fallbackId }) => {
      const then = channels.find(({ id }) => id === fallbackId)?.name;
      return `${name}（${minuteOf(downSince ?? new Date())} 起，${then === undefined ? '没有备用渠道' : `改用${then}`}）`;
    });
    const alone = down.some(({ fallbackId }) => fallbackId === null);
    const spare = alone ? '；用 channel fallback 指定备用渠道' : '';
    return { what, state: alone ? 'bad' : 'warn', detail: `${channels.length} 个，发不出去：${names.join('、')}`, mend: `${mend}${spare}` };
  }
  const failing = channels.filter(({ lastFailureAt: at, lastSuccessAt: well }) => at !== null && (well === null || at > well));
  if (failing.length === 0) return { what, state: 'ok', detail: `${channels.length} 个` };
  const names = failing.map(({ name }) => name).join('、');
  return { what, state: 'warn', detail: `${channels.length} 个，最近一次没有送达：${names}`, mend };
}
