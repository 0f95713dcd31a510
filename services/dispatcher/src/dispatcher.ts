import { type Channel, loadChannels } from '@guanlan/channels';
import {
  admitNotifications,
  claimLeftEvents,
  claimLeftNotifications,
  claimReportedEvents,
  currentAlertPolicy,
  type Db,
  shipAlertPolicy,
} from '@guanlan/database';
import { type AlertPolicy, type DayKind, GuanlanError, type LevelThresholds } from '@guanlan/domain';
import type { Bus, Subscription } from '@guanlan/queue';
import { type Clock, dayKindOf, joined, type Logger, loadAlertPolicy, repeat, type Service } from '@guanlan/runtime';
import type { OutboundHttp } from './channel-fetch.ts';
import { checkClocks } from './clocks.ts';
import { decide } from './decide.ts';
import { budgetsOf, deliverNext } from './delivery.ts';
import { tellDaily } from './notices/daily.ts';
import { beatHeart } from './notices/heartbeat.ts';
import { createPathWatch } from './notices/path.ts';
import { tellSourceHealth } from './notices/source-health.ts';
import type { Passed } from './step.ts';

export interface DispatcherOptions {
  db: Db;
  bus: Pick<Bus, 'ring' | 'ringMany' | 'subscribe'>;
  clock: Clock;
  logger: Logger;
  http: OutboundHttp;
  /** Address of the console, for links in messages. */
  publicUrl?: string | null | undefined;
  /** Asked once a minute while the path moves, so that somebody outside notices when it does not. */
  heartbeatUrl?: string | null | undefined;
  /** Takes effect where no other was published; left out: what ships. */
  policy?: AlertPolicy;
  /** Which days people work (the State Council's calendar). */
  dayKind?: (at: Date) => DayKind;
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
  /** Told after each step of a delivery. */
  passed?: Passed;
}

/** What has waited this long has lost its bell. */
const staleMs = 10_000;
/** A claim this old has lost its sender: three times as long as a send may take. */
const claimStaleMs = 30_000;
/** Of each sort, so that one sweep is one message of `events.assessed`. */
const sweepLimit = 500;

/**
 * Opens alerts for events, raises them, watches their clocks, and tells people: decides on `events.assessed`, delivers on
 * `notification.due`.
 */
export function createDispatcher(options: DispatcherOptions): Service {
  const { db, bus, clock, logger, sweepMs = 5_000, noticeMs = 60_000, dailyHour = 18, deliveries = 8, dayKind = dayKindOf } = options;
  const levels = options.levels ?? null;
  const publicUrl = options.publicUrl?.replace(/\/+$/u, '') ?? null;
  const passed: Passed = options.passed ?? (() => {});
  const subscriptions: Subscription[] = [];
  let kinds: ReadonlyMap<string, Channel> = new Map();
  let sweeping: { stop(): Promise<void> } | undefined;
  let noticing: { stop(): Promise<void> } | undefined;

  const inForce = async () => {
    const current = await currentAlertPolicy(db);
    if (current === null) throw new GuanlanError('internal', '还没有预警处置规则。');
    return { now: clock.now(), publicUrl, dayKind, levels, policy: current.policy, policyId: current.id };
  };

  /** Lets through what waits, and rings for it. */
  const admitAndRing = async ({ policy, now }: { policy: AlertPolicy; now: Date }) => {
    const through = await admitNotifications(db, { now, storm: policy.storm, budgets: budgetsOf(kinds) });
    passed('admitted');
    const soon = through.filter(({ dueAt }) => dueAt.getTime() - now.getTime() <= longestBellMs);
    const [atOnce, later] = [soon.filter(({ dueAt }) => dueAt <= now), soon.filter(({ dueAt }) => dueAt > now)];
    await bus.ringMany(
      'notification.due',
      atOnce.map(({ id }) => ({ notificationId: id })),
    );
    for (const { id, dueAt } of later)
      await bus.ring('notification.due', { notificationId: id }, { delayMs: dueAt.getTime() - now.getTime() });
    passed('rung');
  };

  // Bells that come faster than decisions are decided together.
  const decideAndRing = joined(async (eventIds: number[]) => {
    const now = await inForce();
    if ((await decide(db, [...new Set(eventIds)], now)) === 0) return;
    passed('decided');
    await admitAndRing(now);
  });

  const sweep = async () => {
    const now = await inForce();
    const eventIds = await claimLeftEvents(db, { now: now.now, staleMs, limit: sweepLimit });
    if (eventIds.length > 0) await bus.ring('events.assessed', { eventIds });
    // No rule may have matched what a unit reported, and then the classifier does not ring for it.
    const reported = await claimReportedEvents(db, { now: now.now, limit: sweepLimit });
    if (reported.length > 0) await bus.ring('events.assessed', { eventIds: reported });
    const clocked = await checkClocks(db, now);
    await admitAndRing(now);
    const left = await claimLeftNotifications(db, { now: now.now, claimStaleMs, limit: sweepLimit });
    await bus.ringMany(
      'notification.due',
      left.map((notificationId) => ({ notificationId })),
    );
    if (eventIds.length + clocked > 0) logger.info({ events: eventIds.length, clocks: clocked }, 'rang for what was left and what ran out');
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
    if (opened.length > 0) await admitAndRing(await inForce());
    if (options.heartbeatUrl && path.moves()) await beatHeart(options.http, options.heartbeatUrl, logger);
  };

  return {
    name: 'dispatcher',

    async start() {
      await shipAlertPolicy(db, options.policy ?? (await loadAlertPolicy()), clock.now());
      kinds = await loadChannels();
      subscriptions.push(
        bus.subscribe('dispatcher', 'events.assessed', ({ payload }) => decideAndRing(payload.eventIds), { concurrency: 16 }),
        bus.subscribe(
          'dispatcher',
          'notification.due',
          async ({ signal }) => {
            const delivery = await deliverNext({ ...options, publicUrl, passed, kinds }, signal);
            for (const { notificationId, delayMs } of delivery?.bells ?? [])
              await bus.ring('notification.due', { notificationId }, { delayMs });
            if (delivery?.failed) await admitAndRing(await inForce());
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

/** What is due later than this is left to the sweep. */
const longestBellMs = 120_000;
