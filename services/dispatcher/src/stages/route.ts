import { findRoute, quietText } from '@guanlan/domain';
import { type Candidate, mute, type People, type Stage, toUnmuted } from '../candidate.ts';
import { onDuty, targetsOf } from '../target.ts';

/** The node of the routing tree that takes the alert decides who is told. */
export const route: Stage = (context) =>
  toUnmuted(context, (candidate) => {
    const { people, now } = context;
    const { decision, story } = candidate;
    const found = findRoute(people.routes, {
      ...{ rank: decision.rank, categories: story.categories, places: story.places, groups: decision.groups },
      ...{ at: now, dayKind: people.roster.dayKind(now) },
    });
    if (!found) return mute(candidate, 'untold', '没有路由接收这个级别和类别，没有通知任何人。请检查路由设置');
    const receiverIds = [...found.receiverIds, ...(found.onDuty ? onDuty(people, now) : [])];
    const targets = targetsOf(people, { channelIds: found.channelIds, receiverIds });
    if (targets.length === 0) return mute({ ...candidate, route: found }, 'untold', unheard(found, people));
    return { ...candidate, route: found, targets };
  });

function unheard({ name, onDuty: duty, fromMinute, toMinute }: NonNullable<Candidate['route']>, { channels }: People): string {
  const mend =
    channels.length === 0
      ? '可添加渠道：npm run -s guanlan -- channel add webhook --set url=… --set secret=…'
      : `已有渠道（${channels.map((c) => c.name).join('、')}）不在这条路由上`;
  const when = fromMinute === null || toMinute === null ? '' : `（${quietText({ fromMinute, toMinute })}）`;
  return `路由“${name}”${when}上没有通知渠道${duty ? '，值班表此刻也无人可通知' : ''}，没有通知任何人。${mend}`;
}
