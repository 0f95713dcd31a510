import type { Decision, Story } from '@guanlan/database';
import { categoryInfo, levelInfo, levelOfRank } from '@guanlan/domain';

/**
 * `opened` a first alert of the event, `raised` an open one, `reopened` the event after its last alert was closed;
 * `told-late`: nothing new, but nobody could be told when it opened; `reported`: a unit reported what is on the desk already.
 */
export type Change = 'opened' | 'raised' | 'reopened' | 'told-late' | 'reported';

/**
 * What a decision changes. An alert needs a level and relevance; a closed case comes back only at a level higher than any it
 * has had, so that copies of an answered story do not call again. What a unit reports always comes to the desk: a person filed it.
 */
export function changeOf({ rank, relevant, alert, closedRank, reports }: Decision): Change | null {
  const level = relevant ? rank : 0;
  if (alert) return level > alert.rank ? 'raised' : alert.untold ? 'told-late' : reports.length > 0 ? 'reported' : null;
  if (level === 0) return null;
  if (closedRank === 0) return 'opened';
  return level > closedRank || reports.length > 0 ? 'reopened' : null;
}

/** Why a message is sent now. */
export function reasonOf(change: Change, { rank, alert, closedRank, reports }: Decision, story: Story): string {
  const title = (r: number) => levelInfo[levelOfRank(r)].title;
  if (change === 'raised') return `级别由${title(alert?.rank ?? 0)}升为${title(rank)}`;
  const units = [...new Set(reports.map(({ unit }) => unit))].join('、');
  if (change === 'reopened' && rank <= closedRank) return `办结后又收到直报：${units}`;
  if (change === 'reopened') return `办结后再次发现，级别由${title(closedRank)}升为${title(rank)}`;
  if (change === 'opened' && units !== '' && story.categories.length === 0) return `直报：${units}。没有规则命中，请人工研判`;
  const about = [title(rank), story.categories.map((c) => categoryInfo(c).title).join('、'), story.places.join('、')];
  const opened = `新预警：${about.filter((part) => part !== '').join('，')}${units === '' ? '' : `（直报：${units}）`}`;
  return change === 'told-late' ? `补发（此前没有通知渠道）：${opened}` : opened;
}
