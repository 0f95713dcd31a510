import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acknowledgeAlert, addChannel, listAlerts, listNotices, listNotifications } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { createBus } from '@guanlan/queue';
import { createHttpClient, createLogger, manualClock } from '@guanlan/runtime';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { createReceiver, tell } from './dispatcher-world.ts';

const logger = createLogger({ level: 'silent' });
const patient = { timeout: 15_000 };

async function world(
  work: (parts: {
    database: Awaited<ReturnType<typeof createTestDatabase>>;
    clock: ReturnType<typeof manualClock>;
    receiver: Awaited<ReturnType<typeof createReceiver>>;
    start: (options?: { heartbeatUrl?: string }) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const database = await createTestDatabase();
  const clock = manualClock(new Date('2026-11-25T10:00:00+08:00'));
  const bus = createBus({ backend: { kind: 'postgres', connectionString: database.connectionString }, logger });
  await bus.start();
  const http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  const receiver = await createReceiver(clock);
  await addChannel(database.db, { kind: 'webhook', name: '值班群', options: receiver.options, allowPrivate: true });
  let stop = async () => {};
  const start = async (options: { heartbeatUrl?: string } = {}) => {
    const dispatcher = createDispatcher({
      db: database.db,
      bus,
      clock,
      logger,
      http,
      sweepMs: 50,
      noticeMs: 50,
      dailyHour: 23,
      ...options,
    });
    await dispatcher.start();
    stop = () => dispatcher.stop();
  };
  try {
    await work({ database, clock, receiver, start });
  } finally {
    await stop();
    await bus.close();
    await http.close();
    await receiver.down();
    await database.drop();
  }
}

test('the outside is told that the path moves, and no more once it stands still; then people are', async () => {
  let beats = 0;
  const outside: Server = createServer((_request, response) => {
    beats += 1;
    response.end('ok');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  try {
    await world(async ({ database: { db }, clock, receiver, start }) => {
      await start({ heartbeatUrl: `http://127.0.0.1:${(outside.address() as AddressInfo).port}/ping` });
      await expect.poll(() => beats, patient).toBeGreaterThan(2);
      // An item that nobody judges: the classifier is away.
      const [source] = await db
        .insertInto('source')
        .values({ kind: 'intake', name: '接口', url: 'intake:x', paused_at: clock.now() })
        .returning('id')
        .execute();
      const [item] = await db
        .insertInto('item')
        .values({
          key: crypto.randomUUID(),
          fingerprint: crypto.randomUUID(),
          source_id: source?.id ?? 0,
          author_kind: 'media',
          title: '一',
          text: '',
          collected_at: clock.now(),
        })
        .returning('id')
        .execute();
      await db
        .insertInto('item_pending')
        .values({ item_id: item?.id ?? 0, rung_at: clock.now() })
        .execute();
      clock.advance(11 * 60_000);
      await expect.poll(() => receiver.received.map(({ message }) => message.title), patient).toContain('信息积压未研判');
      const standing = beats;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(beats).toBe(standing);
      expect((await listNotices(db, 10)).filter(({ kind }) => kind === 'path')).toHaveLength(1);
      await db.deleteFrom('item_pending').execute();
      await expect.poll(() => beats, patient).toBeGreaterThan(standing);
    });
  } finally {
    outside.close();
  }
});

test('a machine whose clock jumps a day ahead and back again says nothing twice, and goes on', async () => {
  await world(async ({ database: { db }, clock, receiver, start }) => {
    await start();
    // What is said of the watching itself, which is late as well, is not asked about here.
    const said = () => receiver.received.filter(({ message }) => message.notice === undefined);
    await tell(db, [{ story: '大火', level: 'III' }], new Date(clock.now().getTime() - 60_000));
    await expect.poll(() => said().length, patient).toBe(1);
    clock.advance(24 * 3_600_000);
    // Both clocks ran out long ago: two escalations of each, and no warning any more. The response still has a day.
    await expect.poll(() => said().length, patient).toBe(5);
    expect(said().filter(({ message }) => message.reason.includes('还剩'))).toEqual([]);
    expect(said().filter(({ message }) => message.reason.includes('“签收”时限'))).toHaveLength(2);
    clock.set(new Date('2026-11-25T10:01:00+08:00'));
    const [alert] = await listAlerts(db, { limit: 1 });
    await acknowledgeAlert(db, alert?.id ?? 0, { actor: '张三', note: '', now: clock.now() });
    clock.advance(24 * 3_600_000);
    // Another event shows that the dispatcher has gone through its rounds.
    await tell(db, [{ story: '停水', level: 'III', places: ['官亭镇'] }], new Date(clock.now().getTime() - 60_000));
    await expect.poll(() => said().length, patient).toBe(6);
    expect(said().at(-1)?.message.title).toContain('停水');
    expect(new Set(said().map(({ key }) => key)).size).toBe(6);
    await expect
      .poll(async () => (await listNotifications(db, { limit: 20 })).every(({ state }) => state === 'delivered'), patient)
      .toBe(true);
  });
});
