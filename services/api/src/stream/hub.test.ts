import type { AlertView, ProgressView } from '@guanlan/contracts';
import { createLogger } from '@guanlan/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from './connection.ts';
import { createHub, type Hub } from './hub.ts';

const start = Date.parse('2026-11-23T00:00:00.000Z');
let alerts: AlertView[] = [];
let asked = 0;
let counted = 0;
let pulse = '';
let hub: Hub;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  alerts = [];
  asked = 0;
  counted = 0;
  pulse = '';
  hub = createHub({
    logger: createLogger({ level: 'silent' }),
    now: () => new Date(),
    changedAlerts: async ({ updatedAt, id, limit }) => {
      asked += 1;
      const key = (at: string, alertId: number) => `${at} ${String(alertId).padStart(9, '0')}`;
      return alerts
        .filter((alert) => key(alert.updatedAt, alert.id) > key(updatedAt.toISOString(), id))
        .sort((a, b) => (key(a.updatedAt, a.id) < key(b.updatedAt, b.id) ? -1 : 1))
        .slice(0, limit);
    },
    readProgress: async () => ({ year: 2026, items: { counted } }) as ProgressView,
    readPulse: async () => pulse,
  });
});
afterEach(async () => {
  await hub.stop();
  vi.useRealTimers();
});

const changed = (id: number, after: number) => alerts.push({ id, updatedAt: new Date(start + after).toISOString() } as AlertView);

function page() {
  const heard: { name: string; data: string }[] = [];
  const connection: Connection = {
    open: true,
    send: ({ name, data }) => heard.push({ name, data }),
    beat: () => heard.push({ name: 'beat', data: '' }),
    close: () => heard.push({ name: 'closed', data: '' }),
  };
  return {
    connection,
    heard,
    ids: () => heard.filter((e) => e.name === 'alert').map((e) => (JSON.parse(e.data) as AlertView).id),
    count: (name: string) => heard.filter((e) => e.name === name).length,
  };
}
const allowed = { since: null, stillAllowed: async () => true };

test('one look a second serves everybody, and nobody listening means no look', async () => {
  const [one, two] = [page(), page()];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBe(0);
  await hub.join(one.connection, allowed);
  await hub.join(two.connection, allowed);
  asked = 0;
  changed(1, 10_500);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toBeLessThanOrEqual(10);
  expect([one.ids(), two.ids()]).toEqual([[1], [1]]);
  hub.leave(one.connection);
  hub.leave(two.connection);
  await vi.advanceTimersByTimeAsync(2_000);
  asked = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(0);
});

test('a change that is committed after a later one is still told, each once', async () => {
  const listener = page();
  await hub.join(listener.connection, allowed);
  changed(2, 5_000);
  await vi.advanceTimersByTimeAsync(6_000);
  changed(1, 1_000);
  await vi.advanceTimersByTimeAsync(6_000);
  changed(1, 12_500);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(listener.ids()).toEqual([2, 1, 1]);
});

test('more changes at one moment than one look takes are all told', async () => {
  const listener = page();
  await hub.join(listener.connection, allowed);
  for (let id = 1; id <= 1_300; id += 1) changed(id, 500);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(listener.ids()).toEqual(Array.from({ length: 1_300 }, (_, i) => i + 1));
});

test('a heartbeat every 15 s; a page whose session has ended is sent away', async () => {
  const [stays, goes] = [page(), page()];
  let session = true;
  await hub.join(stays.connection, allowed);
  await hub.join(goes.connection, { since: null, stillAllowed: async () => session });
  await vi.advanceTimersByTimeAsync(31_000);
  session = false;
  await vi.advanceTimersByTimeAsync(15_000);
  expect(stays.count('beat')).toBeGreaterThanOrEqual(3);
  expect([stays.count('closed'), goes.count('closed')]).toEqual([0, 1]);
});

test('progress: once on joining, then only when it changed, even without a new row', async () => {
  const listener = page();
  await hub.join(listener.connection, allowed);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(listener.count('progress')).toBe(1);
  pulse = 'a row more';
  await vi.advanceTimersByTimeAsync(5_000);
  expect(listener.count('progress')).toBe(1);
  counted = 1;
  pulse = 'and one more';
  await vi.advanceTimersByTimeAsync(5_000);
  expect(listener.count('progress')).toBe(2);
  counted = 0;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(listener.count('progress')).toBe(3);
  const late = page();
  await hub.join(late.connection, allowed);
  expect(late.count('progress')).toBe(1);
});
