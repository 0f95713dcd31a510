import {
  alertSentSince,
  type Db,
  listOpenConditions,
  type NewNotice,
  openNotices,
  pendingItems,
  readCoverage,
  readWeekFigures,
} from '@guanlan/database';
import { dateOf, spanText } from '@guanlan/domain';
import { defaultChannelIds } from './default-channels.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface DailyOptions {
  now: Date;
  /** Of the day, in Shanghai, 0–23. */
  hour: number;
  link: string | null;
}

/**
 * Once a day, from that hour on: nothing happened, and this is why we know. Silent on a day on which anything else was sent, and
 * where nothing is watched. Returns the notifications to ring for.
 */
export async function tellDaily(db: Db, { now, hour, link }: DailyOptions): Promise<number[]> {
  const mark = new Date(Date.parse(`${dateOf(now)}T00:00:00+08:00`) + hour * hourMs);
  if (now < mark) return [];
  const span = { from: new Date(mark.getTime() - dayMs), to: mark };
  if (await alertSentSince(db, span.from)) return [];
  const notice = await dailyNotice(db, span, now);
  if (notice === null) return [];
  return db.transaction().execute(async (tx) => openNotices(tx, [notice], { channelIds: await defaultChannelIds(tx), now, link }));
}

async function dailyNotice(db: Db, span: { from: Date; to: Date }, now: Date): Promise<NewNotice | null> {
  const coverage = await readCoverage(db, span);
  if (coverage.sources === 0) return null;
  const [figures, pending, open] = await Promise.all([readWeekFigures(db, span), pendingItems(db), listOpenConditions(db)]);
  const number = (n: number) => n.toLocaleString('zh-CN');
  const ill = new Set(open.map(({ sourceId }) => sourceId)).size;
  const parts = [
    figures.alertsOpened === 0 ? '没有预警' : `有预警 ${figures.alertsOpened} 件，按路由、静默或抑制的设置没有通知任何人`,
    `在看 ${number(coverage.sources)} 个信息源${coverage.score === null ? '' : `（覆盖率 ${(coverage.score * 100).toFixed(1)}%）`}`,
    `收到信息 ${number(figures.collected)} 条，其中涉本县 ${number(figures.relevant)} 条`,
    pending.oldest === null
      ? '没有积压'
      : `待研判 ${number(pending.count)} 条，最早的已等 ${spanText(now.getTime() - pending.oldest.getTime())}`,
    ill === 0 ? '信息源全部正常' : `${ill} 个信息源不正常`,
  ];
  return { key: `daily-${dateOf(now)}`, kind: 'daily', title: '平安日报：过去 24 小时', text: `过去 24 小时${parts.join('；')}。` };
}
