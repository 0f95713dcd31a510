import { type Db, defaultRoute, listChannels, listRoutes } from '@guanlan/database';

/** The channels in use on the default route: who is told of what is about no event. Those that are down come together with those that follow them. */
export async function defaultChannelIds(db: Db): Promise<number[]> {
  const channels = await listChannels(db);
  const named = defaultRoute(await listRoutes(db))?.channelIds ?? [];
  const used = named.flatMap((id) => channels.find((channel) => channel.id === id) ?? []);
  const followers = used.flatMap(({ downSince, fallbackId }) => channels.find(({ id }) => downSince !== null && id === fallbackId) ?? []);
  return [...new Set([...used, ...followers].map(({ id }) => id))];
}
