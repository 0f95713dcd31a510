import { type Channel, loadChannels } from '@guanlan/channels';
import { claimLeftEvents, claimLeftNotifications, claimReportedEvents, type Db } from '@guanlan/database';
import type { LevelThresholds } from '@guanlan/domain';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, joined, type Logger, repeat, type Service } from '@guanlan/runtime';
import type { OutboundHttp } from './channel-fetch.ts';
import { decide } from './decide.ts';
import { deliverNext } from './delivery.ts';
import { tellDaily } from './notices/daily.ts';
import { createPathWatch } from './notices/path.ts';
import { tellSourceHealth } from './notices/source-health.ts';

export interface DispatcherOptions {
  db: Db;
  bus: Pick<Bus, 'ring' | 'ringMany' | 'subscribe'>;
  clock: Clock;
  logger: Logger;
  http: OutboundHttp;
  /** Address of the console, for links in messages. */
  publicUrl?: string | null | undefined;
  /** Pause between two looks for what was left behind, in ms (5,000). */
  sweepMs?: number;
  /** Pause between two looks for what is to be told of the watching itself, in ms (60,000). */
  noticeMs?: number;
  /** Hour of the day, in Shanghai, from which the daily word that all is quiet is sent (18). */
  dailyHour?: number;
  /** By which spread and growth raise a proposed level; without them the contents alone decide. */
  levels?: LevelThresholds | null;
  /** Messages under way at one time (8). */
  deliveries?: number;
}

/** What has waited this long has lost its bell. */
const staleMs = 10_000;
/** A claim this old has lost its sender: three times as long as a send may take. */
const claimStaleMs = 30_000;
/** Of each sort, so that one sweep is one message of `events.assessed`. */
const sweepLimit = 500;

/** Opens alerts for events, raises them, and tells people: decides on `events.assessed`, delivers on `notification.due`. */
export function createDispatcher(options: DispatcherOptions): Service {
  const { db, bus, clock, logger, sweepMs = 5_000, noticeMs = 60_000, dailyHour = 18, deliveries = 8 } = options;
  const levels = options.levels ?? null;
  const publicUrl = options.publicUrl?.replace(/\/+$/u, '') ?? null;
  const subscriptions: Subscription[] = [];
  let sweeping: { stop(): Promise<void> } | undefined;
  let noticing: { stop(): Promise<void> } | undefined;

  // Bells that come faster than decisions are decided together.
  const decideAndRing = joined(async (eventIds: number[]) => {
    const notificationIds = await decide(db, [...new Set(eventIds)], { now: clock.now(), publicUrl, levels });
    await bus.ringMany(
      'notification.due',
      notificationIds.map((notificationId) => ({ notificationId })),
    );
  });

  const sweep = async () => {
    const now = clock.now();
    const eventIds = await claimLeftEvents(db, { now, staleMs, limit: sweepLimit });
    if (eventIds.length > 0) await bus.ring('events.assessed', { eventIds });
    // No rule may have matched what a unit reported, and then the classifier does not ring for it.
    const reported = await claimReportedEvents(db, { now, limit: sweepLimit });
    if (reported.length > 0) await bus.ring('events.assessed', { eventIds: reported });
    const left = await claimLeftNotifications(db, { now, staleMs, claimStaleMs, limit: sweepLimit });
    await bus.ringMany(
      'notification.due',
      left.map((notificationId) => ({ notificationId })),
    );
    if (eventIds.length + left.length > 0)
      logger.info({ events: eventIds.length, notifications: left.length }, 'rang again for what was left');
  };

  const path = createPathWatch(db);
  const notice = async () => {
    const now = clock.now();
    const link = publicUrl === null ? null : `${publicUrl}/sources`;
    const opened = [
      ...(await tellSourceHealth(db, { now, link })),
      ...(await path.tell({ now, link })),
      ...(await tellDaily(db, { now, hour: dailyHour, link })),
    ];
    await bus.ringMany(
      'notification.due',
      opened.map((notificationId) => ({ notificationId })),
    );
  };

  return {
    name: 'dispatcher',

    async start() {
      const kinds: ReadonlyMap<string, Channel> = await loadChannels();
      subscriptions.push(
        bus.subscribe('dispatcher', 'events.assessed', ({ payload }) => decideAndRing(payload.eventIds), { concurrency: 16 }),
        bus.subscribe(
          'dispatcher',
          'notification.due',
          async ({ signal }) => {
            const again = await deliverNext({ ...options, kinds }, signal);
            if (again) await bus.ring('notification.due', { notificationId: again.notificationId }, { delayMs: again.delayMs });
          },
          { concurrency: deliveries },
        ),
      );
      sweeping = repeat('dispatcher sweep', sweepMs, logger, sweep);
      noticing = repeat('notices', noticeMs, logger, notice);
    },

    async stop() {
      await Promise.all([sweeping?.stop(), noticing?.stop()]);
      await Promise.all(subscriptions.splice(0).map((subscription) => subscription.close()));
    },
  };
}
