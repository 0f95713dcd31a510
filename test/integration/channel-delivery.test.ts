import { addChannel, getAlert, getChannel, listAlerts, listNotifications } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { type Bus, createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, type HttpClient, manualClock, type Service } from '@guanlan/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Robot, startDingtalk } from '../support/robot-receivers.ts';
import { tell } from './dispatcher-world.ts';

/** From an assessed event to a robot's group, by the dispatcher: real database, real queue, a robot that checks. */
const start = new Date('2026-11-23T11:00:00+08:00');
const logger = createLogger({ level: 'silent' });
let clock: ReturnType<typeof manualClock>;
let database: TestDatabase;
let bus: Bus;
let http: HttpClient;
let robot: Robot;
let dispatcher: Service;

beforeEach(async () => {
  clock = manualClock(start);
  database = await createTestDatabase();
  bus = createBus({ backend: { kind: 'postgres', connectionString: database.connectionString }, logger });
  await bus.start();
  http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  robot = await startDingtalk({ clock, secret: 'SECright' });
  dispatcher = createDispatcher({ db: database.db, bus, clock, logger, http, publicUrl: 'https://guanlan.example/' });
  await dispatcher.start();
});
afterEach(async () => {
  await dispatcher.stop();
  await bus.close();
  await http.close();
  await robot.close();
  await database.drop();
});

async function alertThrough(secret: string): Promise<number> {
  const options = { url: robot.url, secret, format: 'markdown' };
  const { id } = await addChannel(database.db, { kind: 'dingtalk', name: '值班群', options, allowPrivate: true });
  await bus.ring('events.assessed', { eventIds: await tell(database.db, [{ story: '一中食堂', level: 'II' }], clock.now()) });
  return id;
}

const settles = (expected: object) =>
  expect.poll(async () => (await listNotifications(database.db, { limit: 1 }))[0], { timeout: 15_000 }).toMatchObject(expected);

test('an alert reaches the group, signed, with the address of its case; the channel knows when it last worked', async () => {
  const channel = await alertThrough('SECright');
  await settles({ state: 'delivered', tries: [{ ok: true, status: 200 }] });
  expect(JSON.stringify(robot.received)).toMatch(/【建议II级】一中食堂.*https:\/\/guanlan\.example\/alerts\/\d+/u);
  await expect.poll(() => getChannel(database.db, channel)).toMatchObject({ lastSuccessAt: start, lastFailureAt: null });
});

test('a wrong secret ends it at once: ledger, timeline and channel say why, in words', async () => {
  const channel = await alertThrough('SECwrong');
  await settles({ state: 'dead', attempts: 1, tries: [{ ok: false, response: expect.stringContaining('签名不符') }] });
  const [alert] = await listAlerts(database.db, { limit: 1 });
  const timeline = (await getAlert(database.db, alert?.id ?? 0))?.timeline ?? [];
  expect(timeline.at(-1)).toMatchObject({ kind: 'undelivered', note: expect.stringContaining('请核对加签密钥') });
  expect(await getChannel(database.db, channel)).toMatchObject({
    lastSuccessAt: null,
    lastFailureAt: start,
    lastFailure: expect.stringContaining('签名不符'),
  });
});

test('a robot that is held back is left alone for as long as its maker says, then has the message', async () => {
  robot.answerOnce(200, '{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}');
  await alertThrough('SECright');
  await settles({ state: 'pending', attempts: 1, dueAt: new Date(start.getTime() + 600_000) });
  clock.advance(611_000);
  // A reminder of the case's clock may have come meanwhile: the alert's own message is the oldest.
  const first = async () => (await listNotifications(database.db, { limit: 10 })).at(-1);
  await expect.poll(first, { timeout: 15_000 }).toMatchObject({ state: 'delivered', attempts: 2 });
  expect(JSON.stringify(robot.received)).toContain('新预警');
});
