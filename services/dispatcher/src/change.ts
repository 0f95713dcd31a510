import type { Decision, Story } from '@guanlan/database';
import { type AlertPolicy, categoryInfo, levelOfRank, levelText, type SourceGroup, sourceGroupTitles } from '@guanlan/domain';

/**
 * `opened` a first alert of the event, `raised` an open one, `reopened` the event at a higher level after its last alert was
 * closed, `wave` the same at the level it had, by volume; `spread` to a new kind of source, `surged` in volume;
 * `told-late`: nothing new, but nobody could be told when it opened; `reported`: a unit reported what is on the desk already.
 */
export type Change = 'opened' | 'raised' | 'reopened' | 'wave' | 'spread' | 'surged' | 'told-late' | 'reported';

/**
 * What a decision changes. An alert needs a level and relevance; a closed case comes back only at a level higher than any it
 * has had, or with a new wave of items, so that a few copies of an answered story do not call again. What a unit reports always
 * comes to the desk: a person filed it.
 */
export function changeOf(decision: Decision, { retell, wave }: Pick<AlertPolicy, 'retell' | 'wave'>): Change | null {
  const { rank, relevant, alert, closedRank, itemCount, since, reports } = decision;
  const level = relevant ? rank : 0;
  if (alert) {
    if (level > alert.rank) return 'raised';
    if (alert.untold) return 'told-late';
    if (level > 0 && newGroups(decision).length > 0) return 'spread';
    const jump = itemCount - alert.toldItems >= retell.surgeItems && itemCount >= alert.toldItems * retell.surgeFactor;
    if (level > 0 && jump) return 'surged';
    return reports.length > 0 ? 'reported' : null;
  }
  if (level === 0) return null;
  if (closedRank === 0) return 'opened';
  if (level > closedRank || reports.length > 0) return 'reopened';
  return since.items >= wave.items && since.sources >= wave.sources ? 'wave' : null;
}

/** Whether a change begins a case. */
export function opens(change: Change | null): change is 'opened' | 'reopened' | 'wave' {
  return change === 'opened' || change === 'reopened' || change === 'wave';
}

/** Why a message is sent now. */
export function reasonOf(change: Change, decision: Decision, story: Story): string {
  const { rank, alert, closedRank, itemCount, since, reports } = decision;
  if (change === 'raised') return `${rise(alert?.rank ?? 0, rank)}${beside(alert?.confirmedRank ?? null, rank)}`;
  const units = [...new Set(reports.map(({ unit }) => unit))].join('、');
  if (change === 'reopened' && rank <= closedRank) return `办结后又收到直报：${units}`;
  if (change === 'reopened') return `办结后再次发现，${rise(closedRank, rank)}`;
  if (change === 'opened' && units !== '' && story.categories.length === 0) return `直报：${units}。没有规则命中，请人工研判`;
  if (change === 'wave') return `办结后又起一波：${since.sources} 个信息源新增 ${since.items} 条信息，${levelText(levelOfRank(rank))}`;
  if (change === 'spread')
    return `出现新的来源类型：${newGroups(decision)
      .map((group) => sourceGroupTitles[group])
      .join('、')}`;
  if (change === 'surged') return `数量激增：由 ${alert?.toldItems ?? 0} 条增至 ${itemCount} 条`;
  const about = [levelText(levelOfRank(rank)), story.categories.map((c) => categoryInfo(c).title).join('、'), story.places.join('、')];
  const opened = `新预警：${about.filter((part) => part !== '').join('，')}${units === '' ? '' : `（直报：${units}）`}`;
  return change === 'told-late' ? `补发（此前没有通知渠道）：${opened}` : opened;
}

function rise(from: number, to: number): string {
  return `建议由${levelOfRank(from)}级升为${levelOfRank(to)}级`;
}

/** What a person has said stands; that it may need saying again is why they are told. */
function beside(confirmedRank: number | null, rank: number): string {
  if (confirmedRank === null) return '';
  return `（现${levelText(levelOfRank(confirmedRank), true)}${rank > confirmedRank ? '，请重新核定' : ''}）`;
}

/** What makes the same change of the same alert a second one. */
export function markOf(change: Change, { itemCount, groups }: Decision): string {
  if (change === 'surged') return `-${itemCount}`;
  return change === 'spread' ? `-${groups.join('+')}` : '';
}

/** Kinds of source that people have not been told of. One about whom nothing is known is no news. */
function newGroups({ alert, groups }: Decision): SourceGroup[] {
  if (!alert || alert.toldGroups.length === 0) return [];
  return groups.filter((group) => group !== 'web' && !alert.toldGroups.includes(group));
}
