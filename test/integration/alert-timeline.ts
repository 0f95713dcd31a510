import { loadChannels } from '@guanlan/channels';
import { addChannel, type Db, listRoutes, saveRoute, setFallback } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import type { AlertMessage, AlertPolicy, DayKind, Level } from '@guanlan/domain';
import { createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, loadAlertPolicy, manualClock } from '@guanlan/runtime';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { type Robot, startDingtalk, startFeishu, startWecom } from '../support/robot-receivers.ts';
import { createReceiver, type Receiver, type Told, tell } from './dispatcher-world.ts';

/** What a message is told by. Every field that is given must fit. */
export interface Expected {
  title?: RegExp;
  reason?: RegExp;
  level?: Level;
  /** How many such messages within the span (1). */
  times?: number;
  /** Alerts a digest tells of. */
  alerts?: number;
}

/** The script of one test, in the style of Alertmanager's acceptance tests. Times are `1h 2m 3s` since the beginning. */
export interface Script {
  at(time: string): {
    item(...items: Told[]): void;
    /** Anything a person or the world does at that moment. */
    then(act: (world: World) => Promise<unknown>): void;
  };
  between(from: string, to: string): { receives(channel: string, expected?: Expected): void };
}

export interface World {
  db: Db;
  now(): Date;
  receivers: ReadonlyMap<string, Receiver>;
  robots: ReadonlyMap<string, Robot>;
  /** Id of a channel. */
  channel(name: string): number;
  /** The latest alert whose title begins so. */
  alert(title: string): Promise<number>;
}

export interface Around {
  start?: string;
  /** Names of webhook receivers; the first is on the default route. */
  channels?: string[];
  /** Robots that hold to their makers' limits, by name; all on the default route. What they receive is for the script to look at. */
  robots?: Record<string, keyof typeof robotKinds>;
  /** Channel → the one that follows it. */
  fallbacks?: Record<string, string>;
  policy?: Partial<AlertPolicy>;
  dayKind?: (at: Date) => DayKind;
  /** Before anything happens. */
  prepare?: (world: World) => Promise<unknown>;
}

const robotKinds = { dingtalk: startDingtalk, wecom: startWecom, feishu: startFeishu };

interface Span {
  from: number;
  to: number;
  channel: string;
  expected: Expected;
}

/**
 * Plays a script on the real dispatcher, queue, database and HTTP receivers with a clock that is moved from moment to moment: to
 * what the script does, and to whatever the rows say is due before it. Every message that is received must be one that the script expects,
 * so what it does not expect is a failure too.
 */
export async function timeline(around: Around, write: (script: Script) => void): Promise<void> {
  const { start = '2026-11-25T10:00:00', robots: wanted = {}, fallbacks = {} } = around;
  const { channels = Object.keys(wanted).length === 0 ? ['值班群'] : [] } = around;
  const begin = new Date(`${start}+08:00`);
  const acts: { at: number; run: (world: World) => Promise<unknown> }[] = [];
  const spans: Span[] = [];
  let ring: (eventIds: number[]) => Promise<void> = async () => {};
  write({
    at: (time) => ({
      item: (...items) => acts.push({ at: seconds(time), run: async ({ db, now }) => ring(await tell(db, items, now())) }),
      // biome-ignore lint/suspicious/noThenProperty: a script reads as a sentence, and nobody awaits it
      then: (run) => acts.push({ at: seconds(time), run }),
    }),
    between: (from, to) => ({
      receives: (channel, expected = {}) => spans.push({ from: seconds(from), to: seconds(to), channel, expected }),
    }),
  });

  const clock = manualClock(begin);
  const database = await createTestDatabase();
  const { db } = database;
  const logger = createLogger({ level: 'silent' });
  const bus = createBus({ backend: { kind: 'postgres', connectionString: database.connectionString }, logger });
  await bus.start();
  const http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  const receivers = new Map<string, Receiver>();
  const robots = new Map<string, Robot>();
  const ids = new Map<string, number>();
  const got: { at: number; channel: string; message: AlertMessage; taken: boolean }[] = [];
  const arrived = (channel: string) => (message: AlertMessage) =>
    got.push({ at: (clock.now().getTime() - begin.getTime()) / 1_000, channel, message, taken: false });
  const world: World = {
    db,
    now: () => clock.now(),
    receivers,
    robots,
    channel: (name) => ids.get(name) ?? 0,
    alert: async (title) => {
      const { rows } = await sql<{ id: number }>`
        select al.id from alert al join event e on e.id = al.event_id where starts_with(e.title, ${title}) order by al.id desc limit 1`.execute(
        db,
      );
      return rows[0]?.id ?? 0;
    },
  };
  for (const name of channels) {
    const receiver = await createReceiver(clock, arrived(name));
    receivers.set(name, receiver);
    ids.set(name, (await addChannel(db, { kind: 'webhook', name, options: receiver.options, allowPrivate: true })).id);
  }
  for (const [name, kind] of Object.entries(wanted)) {
    const robot = await robotKinds[kind]({ clock });
    robots.set(name, robot);
    ids.set(name, (await addChannel(db, { kind, name, options: { url: robot.url }, allowPrivate: true })).id);
  }
  const route = (await listRoutes(db)).find(({ parentId }) => parentId === null);
  if (route && robots.size > 0) await saveRoute(db, { ...route, channelIds: [...robots.keys()].map(world.channel) });
  for (const [name, next] of Object.entries(fallbacks)) await setFallback(db, world.channel(name), world.channel(next));
  ring = (eventIds) => (eventIds.length === 0 ? Promise.resolve() : bus.ring('events.assessed', { eventIds }));
  await around.prepare?.(world);
  const dispatcher = createDispatcher({
    ...{ db, bus, clock, logger, http, sweepMs: 20, noticeMs: 3_600_000, dailyHour: 24 },
    policy: { ...(await loadAlertPolicy()), ...around.policy },
    ...(around.dayKind ? { dayKind: around.dayKind } : {}),
  });
  const budgets = await loadBudgets();
  await dispatcher.start();
  try {
    const ends = Math.max(...spans.map(({ to }) => to), ...acts.map(({ at }) => at));
    const todo = acts.toSorted((a, b) => a.at - b.at);
    for (let at = 0; ; ) {
      clock.set(new Date(begin.getTime() + at * 1_000));
      while (todo[0] && todo[0].at <= at) await todo.shift()?.run(world);
      await settled(db, clock.now(), budgets);
      const due = await nextMoment(db, clock.now(), budgets);
      const next = Math.min(todo[0]?.at ?? ends, due === null ? Number.POSITIVE_INFINITY : (due.getTime() - begin.getTime()) / 1_000);
      if (next <= at && todo.length === 0) break;
      if (next > ends) break;
      at = next;
    }
  } finally {
    await dispatcher.stop();
    await bus.close();
    await http.close();
    for (const receiver of receivers.values()) await receiver.down();
    for (const robot of robots.values()) await robot.close();
    await database.drop();
  }
  const shown = got
    .map(({ at, channel, message }) => `${at}s ${channel} ${message.level} ${message.title}｜${message.reason.split('\n')[0]}`)
    .join('\n');
  for (const { from, to, channel, expected } of spans) {
    const { times = 1 } = expected;
    const fitting = got.filter(
      (one) => !one.taken && one.channel === channel && one.at >= from && one.at <= to && fits(one.message, expected),
    );
    for (const one of fitting.slice(0, times)) one.taken = true;
    expect(
      Math.min(fitting.length, times),
      `between ${from}s and ${to}s on ${channel}: ${describeExpected(expected)}\nreceived:\n${shown}`,
    ).toBe(times);
  }
  expect(
    got.filter(({ taken }) => !taken).map(({ at, channel, message }) => `${at}s ${channel} ${message.title}｜${message.reason}`),
    `unexpected, of all received:\n${shown}`,
  ).toEqual([]);
}

function fits(message: AlertMessage, { title, reason, level, alerts }: Expected): boolean {
  if (title && !title.test(message.title)) return false;
  if (reason && !reason.test(message.reason)) return false;
  if (level !== undefined && message.level !== level) return false;
  return alerts === undefined || message.alerts?.length === alerts;
}

function describeExpected({ title, reason, level, times = 1, alerts }: Expected): string {
  return [`${times} message(s)`, title, reason, level, alerts === undefined ? undefined : `${alerts} alerts`]
    .filter((x) => x !== undefined)
    .join(' ');
}

/** `1h 2m 3s` in seconds. */
function seconds(time: string): number {
  const unit: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };
  return [...time.matchAll(/(\d+)([dhms])/gu)].reduce((sum, [, n, u]) => sum + Number(n) * (unit[u ?? 's'] ?? 1), 0);
}

/** Of the kinds that have one: so many messages in so many milliseconds. */
async function loadBudgets(): Promise<{ kind: string; limit: number; windowMs: number }[]> {
  const kinds = await loadChannels();
  return [...kinds.values()].flatMap(({ kind, budget = [] }) => budget.map((one) => ({ kind, ...one })));
}

type Budgets = Awaited<ReturnType<typeof loadBudgets>>;

/** Waiting messages with the moment at which they may go: due, their channel tried again, and its budget not used up (a fifth is level I's). */
function waiting(budgets: Budgets) {
  return sql`(
    select greatest(n.due_at, c.retry_at, free.at) as at from notification n join channel c on c.id = n.channel_id cross join lateral (
      select max(used.at + make_interval(secs => b.window_ms / 1000.0)) as at
      from unnest(${budgets.map(({ kind }) => kind)}::text[], ${budgets.map(({ limit }) => limit)}::int[],
        ${budgets.map(({ windowMs }) => windowMs)}::int[]) b(kind, most, window_ms)
      cross join lateral (
        select at from channel_use where channel_id = c.id order by at desc limit 1
        offset b.most - 1 - case when n.rank = 4 then 0 else greatest(1, b.most / 5) end) used
      where b.kind = c.kind) free
    where n.state = 'pending' and n.admitted_at is not null)`;
}

/** Waits until the rows say that nothing is left to do at this moment. */
async function settled(db: Db, now: Date, budgets: Budgets): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await sql<{ left: number }>`
          select (select count(*) from event where decide_at is not null)
            + (select count(*) from notification where admitted_at is null or state = 'sending')
            + (select count(*) from ${waiting(budgets)} w where w.at <= ${now})
            + (select count(*) from notification where fallback_ids <> '{}' and (state = 'dead' or (state = 'pending' and attempts >= 3)))
            + (select count(*) from alert where check_at <= ${now}) as left`.execute(db);
        return rows[0]?.left;
      },
      { timeout: 20_000, interval: 15 },
    )
    .toBe(0);
}

/** When the rows next ask for something. */
async function nextMoment(db: Db, now: Date, budgets: Budgets): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select least(
      (select min(w.at) from ${waiting(budgets)} w where w.at > ${now} and w.at < '9000-01-01'),
      (select min(check_at) from alert where check_at > ${now})) as at`.execute(db);
  return rows[0]?.at ?? null;
}
