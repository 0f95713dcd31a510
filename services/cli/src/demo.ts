import { addChannel, addSource, listChannels } from '@guanlan/database';
import type { Resources } from './resources.ts';

export interface Demo {
  /** Its own host, exempt from the wait between two requests: it is this process that serves it. */
  hostname: string;
  start(resources: Resources): Promise<void>;
  stop(): Promise<void>;
}

/** The demo county: its web server and receiver, its sources and a channel to the receiver. */
export async function openDemo(): Promise<Demo> {
  const { createDemoCounty } = await import('@guanlan/demo');
  const county = createDemoCounty();
  return {
    hostname: '127.0.0.1',
    start: async ({ db, logger }) => {
      await county.start({ logger });
      for (const source of county.sources()) await addSource(db, source);
      if ((await listChannels(db)).length === 0) {
        await addChannel(db, { kind: 'webhook', name: '演示接收端', options: county.receiver(), allowPrivate: true });
      }
    },
    stop: () => county.stop(),
  };
}
