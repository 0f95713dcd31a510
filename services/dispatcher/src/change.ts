import type { Decision, Story } from '@guanlan/database';
import { categoryInfo, levelInfo, levelOfRank } from '@guanlan/domain';

/**
 * `opened` a first alert of the event, `raised` an open one, `reopened` the event after its last alert was closed;
 * `told-late`: nothing new, but nobody could be told when it opened.
 */
export type Change = 'opened' | 'raised' | 'reopened' | 'told-late';

/**
 * What a decision changes. An alert needs a level and relevance; a closed case comes back only at a level higher than any it
 * has had, so that copies of an answered story do not call again.
 */
export function changeOf({ rank, relevant, alert, closedRank }: Decision): Change | null {
  if (!relevant || rank === 0) return null;
  if (alert) return rank > alert.rank ? 'raised' : alert.untold ? 'told-late' : null;
  if (closedRank === 0) return 'opened';
  return rank > closedRank ? 'reopened' : null;
}

/** Why a message is sent now. */
export function reasonOf(change: Change, { rank, alert, closedRank }: Decision, story: Story): string {
  const title = (r: number) => levelInfo[levelOfRank(r)].title;
  if (change === 'raised') return `级别由${title(alert?.rank ?? 0)}升为${title(rank)}`;
  if (change === 'reopened') return `办结后再次发现，级别由${title(closedRank)}升为${title(rank)}`;
  const about = [title(rank), story.categories.map((c) => categoryInfo(c).title).join('、'), story.places.join('、')];
  const opened = `新预警：${about.filter((part) => part !== '').join('，')}`;
  return change === 'told-late' ? `补发（此前没有通知渠道）：${opened}` : opened;
}
