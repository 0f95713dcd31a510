import type { ChannelRow, Route } from '@guanlan/database';
import { type Candidate, mute, type Stage, toUnmuted } from '../candidate.ts';

/** The first route that takes the level and a category decides who is told. */
export const route: Stage = (context) =>
  toUnmuted(context, (candidate) => {
    const found = context.routes.find((r) => takes(r, candidate));
    if (!found) return mute(candidate, 'untold', '没有路由接收这个级别和类别，没有通知任何人。请检查路由设置');
    const channels = found.channelIds.flatMap((id) => context.channels.find((channel) => channel.id === id) ?? []);
    if (channels.length === 0) return mute({ ...candidate, route: found }, 'untold', unheard(found, context.channels));
    return { ...candidate, route: found, channels };
  });

function takes({ minRank, categories }: Route, { decision, story }: Candidate): boolean {
  return decision.rank >= minRank && (categories.length === 0 || categories.some((category) => story.categories.includes(category)));
}

function unheard({ name }: Route, channels: readonly ChannelRow[]): string {
  const mend =
    channels.length === 0
      ? '可添加渠道：npm run -s guanlan -- channel add webhook --set url=… --set secret=…'
      : `已有渠道（${channels.map((c) => c.name).join('、')}）不在这条路由上`;
  return `路由“${name}”上没有通知渠道，没有通知任何人。${mend}`;
}
