import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { addChannel, sumLedger } from '@guanlan/database';
import { type DeliveryStep, deliverySteps } from '@guanlan/dispatcher';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createReceiver, type Receiver, type Told, tell } from '../integration/dispatcher-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { VictimInput } from '../support/dispatcher-victim.ts';

const victim = fileURLToPath(new URL('../support/dispatcher-victim.ts', import.meta.url));
/** Longer than a claim may be held, so that the next process finds what the dead one had in its hands. */
const laterMs = 60_000;

let test_: TestDatabase;
let receiver: Receiver;
let children: ChildProcess[];

beforeEach(async () => {
  test_ = await createTestDatabase();
  receiver = await createReceiver({ now: () => new Date() });
  children = [];
  await addChannel(test_.db, { kind: 'webhook', name: '值班群', options: receiver.options, allowPrivate: true });
});
afterEach(async () => {
  for (const child of children.filter((one) => one.exitCode === null && one.signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await receiver.down();
  await test_.drop();
});

function start(input: Omit<VictimInput, 'connectionString'>): ChildProcess {
  const argument: VictimInput = { connectionString: test_.connectionString, ...input };
  const child = spawn(process.execPath, [victim, JSON.stringify(argument)], { stdio: 'ignore' });
  children.push(child);
  return child;
}

/** A process dies after the step, another one comes later. Everything must have arrived, each message under its one key. */
async function dieAndGoOn(dies: { step: DeliveryStep; at: number }): Promise<void> {
  const first = start({ aheadMs: 0, dies });
  const [, signal] = (await once(first, 'exit')) as [number | null, string | null];
  expect(signal, 'died where it should').toBe('SIGKILL');
  start({ aheadMs: laterMs, dies: null });
  await expect
    .poll(
      async () => {
        const { total, delivered, carried } = await sumLedger(test_.db);
        return total > 0 && delivered + carried === total;
      },
      { timeout: 60_000, interval: 100 },
    )
    .toBe(true);
}

// All events that wait are decided at once, so nobody can die at the second decision.
const deaths = deliverySteps.flatMap((step): { step: DeliveryStep; at: number }[] =>
  step === 'decided' ? [{ step, at: 1 }] : [1, 2].map((at) => ({ step, at })),
);

describe('kill -9 between every two steps of a delivery', () => {
  test.each(deaths)('$step ($at): nothing is lost, and what comes twice has the same key and text', { timeout: 90_000 }, async (dies) => {
    const told: Told[] = [
      { story: '红', level: 'I', places: ['甲镇'] },
      { story: '黄', level: 'III', places: ['乙镇'] },
      { story: '蓝', level: 'IV', places: ['丙镇'] },
    ];
    await tell(test_.db, told, new Date(Date.now() - 60_000));
    await dieAndGoOn(dies);
    const rows = await test_.db.selectFrom('notification').select(['idempotency_key as key', 'state']).execute();
    expect(rows.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    const byKey = Map.groupBy(receiver.received, ({ key }) => key);
    expect([...byKey.keys()].sort()).toEqual(rows.map(({ key }) => key).sort());
    // At most what two dying workers had in their hands.
    expect(receiver.received.length).toBeLessThanOrEqual(5);
    for (const copies of byKey.values()) expect(new Set(copies.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  });
});

test('kill -9 while a digest is on its way: it comes again with the same key and the same text', { timeout: 90_000 }, async () => {
  const told = Array.from({ length: 40 }, (_, n): Told => ({ story: `黄${n}`, level: 'III', places: [`村${n}`] }));
  await tell(test_.db, told, new Date(Date.now() - 60_000));
  // Five single messages, then the digest.
  await dieAndGoOn({ step: 'sent', at: 6 });
  const digests = Map.groupBy(
    receiver.received.filter(({ message }) => message.notice === 'digest'),
    ({ key }) => key,
  );
  for (const copies of digests.values()) expect(new Set(copies.map(({ message }) => JSON.stringify(message))).size).toBe(1);
  const alerts = new Set(receiver.received.flatMap(({ message }) => message.alerts?.map((one) => one.alertId) ?? [message.alertId]));
  expect(alerts.size).toBe(40);
  expect(await sumLedger(test_.db)).toMatchObject({ total: 40, delivered: 5, carried: 35, waiting: 0, dead: 0 });
});
