import { type Db, type NewNotice, openNotices, type PathState, readPathState } from '@guanlan/database';
import { canaryStanding, minuteOf } from '@guanlan/domain';
import { defaultChannelIds } from './default-channels.ts';

const minute = 60_000;
/** How long each part may be behind. A source may wait its turn at its host for ten minutes. */
const allowed = {
  pulse: 5 * minute,
  due: 30 * minute,
  pending: 10 * minute,
  undecided: 10 * minute,
  undelivered: 10 * minute,
  down: 5 * minute,
  quiet: 6 * 60 * minute,
};

export interface PathWatch {
  /** Looks once. Returns the notifications to ring for. */
  tell(options: { now: Date; link: string | null }): Promise<number[]>;
  /** Whether the last look found everything moving. */
  moves(): boolean;
}

/**
 * Watches that the path itself moves: that the crawler goes through its loop, sources that are due are looked at, items are
 * judged, events decided, and that the canary comes back. What stands still is told when it is seen twice in a row: after a machine has
 * slept everything is late once.
 */
export function createPathWatch(db: Db): PathWatch {
  let before = new Set<string>();
  return {
    moves: () => before.size === 0,
    async tell({ now, link }) {
      const found = standingStill(await readPathState(db), now);
      const again = found.filter(({ key }) => before.has(key));
      before = new Set(found.map(({ key }) => key));
      if (again.length === 0) return [];
      return db.transaction().execute(async (tx) => openNotices(tx, again, { channelIds: await defaultChannelIds(tx), now, link }));
    },
  };
}

/** What is further behind than it may be. The key names the episode: it stays while the same thing waits. */
export function standingStill(state: PathState, now: Date): NewNotice[] {
  const found: NewNotice[] = [];
  const late = (what: string, since: Date | null, allowedMs: number, title: string, text: (at: string) => string) => {
    if (since === null || now.getTime() - since.getTime() <= allowedMs) return;
    found.push({ key: `path-${what}-${since.toISOString()}`, kind: 'path', title, text: text(minuteOf(since)) });
  };
  if (state.sources > 0) {
    late('pulse', state.crawlerPulse, allowed.pulse, '采集服务没有动静', (at) => `采集服务自 ${at} 起没有动静，请检查该服务是否在运行。`);
    late(
      'quiet',
      state.latestItem,
      allowed.quiet,
      '很久没有新信息',
      (at) => `自 ${at} 之后没有收到任何新信息，不合常理。请检查网络和信息源。`,
    );
    late('due', state.oldestDueSource, allowed.due, '信息源到期未读', (at) => `有信息源自 ${at} 起到期而没有读取，请检查采集服务。`);
  }
  late(
    'pending',
    state.oldestPendingItem,
    allowed.pending,
    '信息积压未研判',
    (at) => `有信息自 ${at} 起等待研判，请检查研判服务是否在运行。`,
  );
  late(
    'undecided',
    state.oldestUndecidedEvent,
    allowed.undecided,
    '事件积压未处理',
    (at) => `有事件自 ${at} 起等待决定是否预警，请检查预警服务。`,
  );
  late(
    'undelivered',
    state.oldestUndelivered,
    allowed.undelivered,
    '通知积压未发出',
    (at) => `有通知自 ${at} 起到期而没有发出，请检查预警服务和通知台账。`,
  );
  for (const { id, name, since } of state.downChannels) {
    late(
      `channel-${id}`,
      since,
      allowed.down,
      `通知渠道不通：${name}`,
      (at) => `“${name}”自 ${at} 起发不出去，其间的通知改用备用渠道或等它恢复后合并补发。`,
    );
  }
  // The canary passes every part up to the judgement: where one of them is known to stand still, that one is what to say.
  const canary = state.canary && canaryStanding(state.canary, now);
  if (found.length === 0 && canary?.since)
    found.push({ key: `path-canary-${canary.since.toISOString()}`, kind: 'path', title: '自检没有走完全程', text: canary.sentence });
  return found;
}
