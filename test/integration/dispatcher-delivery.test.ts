import {
  addChannel,
  claimNotification,
  getAlert,
  listAlerts,
  listNotifications,
  removeChannel,
  resendNotification,
  sumLedger,
} from '@guanlan/database';
import { createDispatcher, sendTest } from '@guanlan/dispatcher';
import { type Bus, createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, type HttpClient, manualClock, type Service } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createReceiver, type Receiver, type Told, tell } from './dispatcher-world.ts';

/** The dispatcher as the product runs it: real database, real queue, real receiver. Only the clock is moved by hand. */
const start = new Date('2026-11-23T11:00:00+08:00');
const logger = createLogger({ level: 'silent' });
const quiet = { sweepMs: 3_600_000 };
let clock: ReturnType<typeof manualClock>;
let test_: TestDatabase;
let bus: Bus;
let http: HttpClient;
let receiver: Receiver;
let running: Service[];

beforeEach(async () => {
  clock = manualClock(start);
  test_ = await createTestDatabase();
  bus = createBus({ backend: { kind: 'postgres', connectionString: test_.connectionString }, logger });
  await bus.start();
  http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  receiver = await createReceiver(clock);
  running = [];
  await addChannel(test_.db, { kind: 'webhook', name: '值班群', options: receiver.options, allowPrivate: true });
});
afterEach(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await bus.close();
  await http.close();
  await receiver.down();
  await test_.drop();
});

async function run(options: { sweepMs?: number; deliveries?: number } = {}): Promise<Service> {
  const service = createDispatcher({ db: test_.db, bus, clock, logger, http, sweepMs: 100, ...options });
  await service.start();
  running.push(service);
  return service;
}

async function arrive(...items: Told[]): Promise<void> {
  await bus.ring('events.assessed', { eventIds: await tell(test_.db, items, clock.now()) });
}

/** What was said of the events themselves; the clocks of a case say more as time passes. */
const ledger = async () => (await listNotifications(test_.db, { limit: 100 })).filter((n) => !n.idempotencyKey.includes('clock'));
/** Waits until the newest notification looks like this. */
const settles = (expected: object) => expect.poll(async () => (await ledger())[0], { timeout: 15_000 }).toMatchObject(expected);

async function lastEntry() {
  const [alert] = await listAlerts(test_.db, { limit: 1 });
  const detail = await getAlert(test_.db, alert?.id ?? 0);
  const { kind, note } = detail?.timeline.at(-1) ?? {};
  return { kind, note, updatedAt: detail?.updatedAt };
}

test('an assessed event reaches the receiver, signed, and the ledger and the timeline say so', async () => {
  receiver.answer = { status: 202, body: '收到' };
  await run(quiet);
  await arrive({ story: '一中食堂', level: 'III' });
  await settles({ state: 'delivered', attempts: 1, deliveredAt: start, tries: [{ ok: true, status: 202, response: '收到' }] });
  const [notification] = await ledger();
  expect(receiver.received).toMatchObject([
    { key: notification?.idempotencyKey, verified: true, message: { level: 'III', title: '一中食堂：多人呕吐' } },
  ]);
  expect(await lastEntry()).toEqual({ kind: 'notified', note: '已送达“值班群”', updatedAt: start });
});

describe('a receiver in trouble', () => {
  test('is tried again after it was down, with the same key', async () => {
    await receiver.down();
    await run();
    await arrive({ story: '一中食堂', level: 'III' });
    await settles({
      state: 'pending',
      attempts: 1,
      tries: [{ ok: false, status: null, response: expect.stringContaining('无法连接') }],
    });
    await receiver.up();
    receiver.answer = { status: 503 };
    clock.advance(15_000);
    await settles({ attempts: 2, tries: [{}, { ok: false, status: 503 }] });
    receiver.answer = { status: 200 };
    clock.advance(15_000);
    await settles({ state: 'delivered', attempts: 3 });
    expect(new Set(receiver.received.map((r) => r.key)).size).toBe(1);
    expect(receiver.received).toHaveLength(2);
    expect((await lastEntry()).note).toBe('已送达“值班群”（第 3 次）');
  });

  test('is left alone for as long as it asks for', async () => {
    receiver.answer = { status: 429, headers: { 'retry-after': '90' } };
    await run();
    await arrive({ story: '一中食堂', level: 'III' });
    await settles({ state: 'pending', attempts: 1, dueAt: new Date(start.getTime() + 90_000), tries: [{ status: 429 }] });
    clock.advance(89_000);
    await bus.ring('notification.due', { notificationId: (await ledger())[0]?.id ?? 0 });
    await expect
      .poll(async () => (await bus.depth()).every((queue) => queue.topic !== 'notification.due' || queue.active + queue.waiting === 0))
      .toBe(true);
    expect(receiver.received).toHaveLength(1);
    receiver.answer = { status: 200 };
    clock.advance(12_000);
    await settles({ state: 'delivered', attempts: 2 });
    expect(receiver.received[0]?.key).toBe(receiver.received[1]?.key);
  });

  test('that refuses is not asked again; the timeline says why', async () => {
    receiver.answer = { status: 404, body: '没有这个机器人' };
    await run();
    await arrive({ story: '一中食堂', level: 'III' });
    await settles({ state: 'dead', attempts: 1 });
    expect(await lastEntry()).toEqual({
      kind: 'undelivered',
      note: '未能送达“值班群”，试了 1 次，不再重试：HTTP 404，没有这个机器人',
      updatedAt: start,
    });
  });

  test('is given up after a day of tries, and a person may have it sent again', async () => {
    receiver.answer = { status: 500 };
    await run();
    await arrive({ story: '一中食堂', level: 'III' });
    const opened = async () => (await ledger()).find((n) => n.idempotencyKey.includes('opened'));
    const becomes = (expected: object) => expect.poll(opened, { timeout: 15_000 }).toMatchObject(expected);
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      await becomes({ state: 'pending', attempts: attempt });
      clock.advance(700_000);
    }
    await becomes({ state: 'pending', attempts: 10 });
    clock.advance(24 * 3_600_000);
    await becomes({ state: 'dead', attempts: 11 });
    const id = (await opened())?.id ?? 0;
    expect(new Set(receiver.received.map((r) => r.key)).size).toBe(1);
    receiver.answer = { status: 200 };
    await resendNotification(test_.db, id, { actor: '张三', now: clock.now() });
    await becomes({ state: 'delivered', attempts: 1 });
    const [alert] = await listAlerts(test_.db, { limit: 1 });
    const kinds = (await getAlert(test_.db, alert?.id ?? 0))?.timeline.map(({ kind, actor }) => `${kind} ${actor}`);
    expect(kinds).toContain('undelivered 系统');
    expect(kinds).toContain('resent 张三');
    await expect(resendNotification(test_.db, id, { actor: '张三', now: clock.now() })).rejects.toMatchObject({ code: 'conflict' });
    await expect(resendNotification(test_.db, 4711, { actor: '张三', now: clock.now() })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('on an address that is not allowed gets nothing', async () => {
    const [first] = await test_.db.selectFrom('channel').select('id').execute();
    await test_.db
      .updateTable('channel')
      .set({ allow_private: false })
      .where('id', '=', first?.id ?? 0)
      .execute();
    await run();
    await arrive({ story: '一中食堂', level: 'III' });
    await settles({ state: 'dead', tries: [{ response: expect.stringContaining('内网') }] });
    expect(receiver.received).toEqual([]);
  });

  test('removed meanwhile gets nothing, and the ledger says so', async () => {
    await tell(test_.db, [{ story: '一中食堂', level: 'III' }], clock.now());
    receiver.answer = { status: 503 };
    await run();
    clock.advance(11_000);
    await settles({ state: 'pending', attempts: 1 });
    const [notification] = await ledger();
    await removeChannel(test_.db, notification?.channel.id ?? 0, clock.now());
    clock.advance(15_000);
    await settles({ state: 'dead', tries: [{}, { response: '渠道已移除' }] });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('nothing is lost', () => {
  test('an event whose bell was never rung is decided by the sweep', async () => {
    await tell(test_.db, [{ story: '一中食堂', level: 'III' }], clock.now());
    clock.advance(11_000);
    await run();
    await settles({ state: 'delivered' });
  });

  test('a message whose sender died is sent by another', async () => {
    const first = await run(quiet);
    receiver.answer = { status: 503 };
    await arrive({ story: '一中食堂', level: 'III' });
    await settles({ attempts: 1, state: 'pending' });
    await first.stop();
    clock.advance(2_000);
    expect(await claimNotification(test_.db, clock.now())).toMatchObject({ attempts: 2 });
    receiver.answer = { status: 200 };
    await run();
    clock.advance(31_000);
    await settles({ state: 'delivered', attempts: 3 });
    expect(new Set(receiver.received.map((r) => r.key)).size).toBe(1);
  });

  test('the red alert goes first, though it came last, and the many blue ones come as one', async () => {
    const blue = Array.from({ length: 20 }, (_, n): Told => ({ story: `蓝${n}`, level: 'IV', places: [`地${n}`] }));
    await arrive(...blue, { story: '红', level: 'I' });
    await run({ deliveries: 1 });
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(6);
    expect(receiver.received.map((r) => r.message.level)).toEqual(['I', ...Array(5).fill('IV')]);
    clock.advance(60_000);
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(7);
    const digest = receiver.received[6]?.message;
    expect(digest).toMatchObject({ notice: 'digest', title: '【汇总】15 件：建议IV级 15', itemCount: 15 });
    const single = receiver.received.slice(1, 6).map((r) => r.message.alertId);
    expect(new Set([...single, ...(digest?.alerts ?? []).map((a) => a.alertId)]).size).toBe(20);
    await expect
      .poll(() => sumLedger(test_.db), { timeout: 15_000 })
      .toMatchObject({ total: 21, delivered: 6, carried: 15, waiting: 0, dead: 0 });
  });
});

test('a channel test sends one marked message and keeps nothing', async () => {
  const [channel] = await test_.db.selectFrom('channel').select('id').execute();
  expect(await sendTest({ db: test_.db, http, clock, logger }, channel?.id ?? 0)).toMatchObject({ ok: true, status: 200 });
  expect(receiver.received).toMatchObject([{ verified: true, message: { test: true, title: expect.stringContaining('测试') } }]);
  await expect(sendTest({ db: test_.db, http, clock, logger }, 4711)).rejects.toMatchObject({ code: 'not-found' });
  expect(await ledger()).toEqual([]);
});
