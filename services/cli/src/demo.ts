import { addChannel, addSource, type Db, listChannels, listSources, removeChannel, removeSource } from '@guanlan/database';
import { say } from './output.ts';
import type { Resources } from './resources.ts';

export interface Demo {
  /** Its own host, exempt from the wait between two requests: it is this process that serves it. */
  hostname: string;
  /** Address of its front page, once started. */
  origin(): string;
  start(resources: Resources): Promise<void>;
  stop(): Promise<void>;
}

const receiverName = '演示接收端';

/** The demo county: its web server and receiver, its sources and a channel to the receiver. */
export async function openDemo(): Promise<Demo> {
  const { createDemoCounty } = await import('@guanlan/demo');
  const county = createDemoCounty({ onAlert: (line) => say(`  ${receiverName}收到 ${line}`) });
  return {
    hostname: '127.0.0.1',
    origin: () => county.origin,
    start: async ({ db, clock, logger }) => {
      await county.start({ logger });
      await forgetEarlier(db, county.origin, clock.now());
      for (const source of county.sources()) await addSource(db, source);
      if (!(await listChannels(db)).some((channel) => channel.name === receiverName)) {
        await addChannel(db, { kind: 'webhook', name: receiverName, options: county.receiver(), allowPrivate: true });
      }
    },
    stop: () => county.stop(),
  };
}

/** A county started before may have had another port: what points there would watch whoever has it now. */
async function forgetEarlier(db: Db, origin: string, now: Date): Promise<void> {
  for (const source of await listSources(db)) {
    if (source.name.startsWith('演示·') && !source.url.startsWith(`${origin}/`)) await removeSource(db, source.id, now);
  }
  for (const channel of await listChannels(db)) {
    if (channel.name === receiverName && channel.options.url !== `${origin}/receiver`) await removeChannel(db, channel.id, now);
  }
}
