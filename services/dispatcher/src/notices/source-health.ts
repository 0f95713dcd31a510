import {
  type ConditionRow,
  claimUntoldConditions,
  type Db,
  listNotices,
  markConditionsTold,
  type NewNotice,
  openNotices,
} from '@guanlan/database';
import { conditionTitles, spanText } from '@guanlan/domain';
import { defaultChannelIds } from './default-channels.ts';

const hour = 3_600_000;
/** More than this at one time are told as one. */
const mostSingle = 3;
/** After so many notices within an hour, they are gathered for half an hour: a network that is down is one thing, not a hundred. */
const crowded = { notices: 10, gatherMs: hour / 2 };

/**
 * Tells people of sources that fell ill or are well again, through the default route. Told and marked in one transaction: once,
 * however many dispatchers there are. Returns the notifications to ring for.
 */
export async function tellSourceHealth(db: Db, options: { now: Date; link: string | null }): Promise<number[]> {
  const { now, link } = options;
  return db.transaction().execute(async (tx) => {
    const channelIds = await defaultChannelIds(tx);
    // Without a channel nothing is marked: the first one hears of it.
    if (channelIds.length === 0 || (await isCrowded(tx, now))) return [];
    const untold = await claimUntoldConditions(tx, 500);
    if (untold.length === 0) return [];
    await markConditionsTold(
      tx,
      untold.map(({ id }) => id),
      now,
    );
    const ill = untold.filter(({ resolvedAt }) => resolvedAt === null);
    const well = untold.filter(({ resolvedAt, kind }) => resolvedAt !== null && kind !== 'robots');
    return openNotices(tx, [...noticesOf(ill, illNotice, '出现异常'), ...noticesOf(well, wellNotice, '恢复正常')], {
      channelIds,
      now,
      link,
    });
  });
}

async function isCrowded(tx: Db, now: Date): Promise<boolean> {
  const lately = (await listNotices(tx, crowded.notices)).filter(({ kind }) => kind === 'source-health');
  const [newest] = lately;
  const oldest = lately.at(-1);
  if (!newest || !oldest || lately.length < crowded.notices) return false;
  return now.getTime() - oldest.at.getTime() < hour && now.getTime() - newest.at.getTime() < crowded.gatherMs;
}

function noticesOf(conditions: readonly ConditionRow[], one: (condition: ConditionRow) => NewNotice, what: string): NewNotice[] {
  if (conditions.length <= mostSingle) return conditions.map(one);
  const notices = conditions.map(one);
  const sources = new Set(conditions.map(({ sourceId }) => sourceId)).size;
  const shown = notices.slice(0, 5).map(({ title, text }) => `${title}。${text}`);
  const rest = notices.length > shown.length ? `……另有 ${notices.length - shown.length} 项，见信息源列表。` : '';
  return [
    {
      key: `${notices[0]?.key}+${notices.length}`,
      kind: 'source-health',
      title: `${sources} 个信息源${what}`,
      text: [...shown, rest].filter((part) => part !== '').join('\n'),
    },
  ];
}

function illNotice({ id, kind, sourceName, sentence }: ConditionRow): NewNotice {
  return { key: `condition-${id}`, kind: 'source-health', title: `信息源${conditionTitles[kind].title}：${sourceName}`, text: sentence };
}

function wellNotice({ id, kind, sourceName, since, resolvedAt }: ConditionRow): NewNotice {
  const lasted = spanText((resolvedAt ?? since).getTime() - since.getTime());
  const text = `“${conditionTitles[kind].title}”已结束，前后约 ${lasted}。`;
  return { key: `condition-${id}-resolved`, kind: 'source-health', title: `信息源恢复：${sourceName}`, text };
}
