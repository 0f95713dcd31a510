import { type Db, listChannels, listRoutes } from '@guanlan/database';

/** The channels in use on the default route (the last by position): who is told of what is about no event. */
export async function defaultChannelIds(db: Db): Promise<number[]> {
  const route = (await listRoutes(db)).at(-1);
  const channels = new Set((await listChannels(db)).map(({ id }) => id));
  return (route?.channelIds ?? []).filter((id) => channels.has(id));
}
