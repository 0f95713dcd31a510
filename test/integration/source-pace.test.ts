import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { reserveHostStart } from '@guanlan/database';
import { rootDir } from '@guanlan/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

test('starts are booked one interval apart, whoever books them, and none further off than allowed', async () => {
  const book = (hostname: string, maxWaitMs = 600_000) => reserveHostStart(database.db, { hostname, intervalMs: 10_000, maxWaitMs });
  const waits = await Promise.all([book('a'), book('a'), book('a'), book('b')]);
  const ofA = waits.slice(0, 3).map((ms) => Math.round((ms ?? -1) / 10_000));
  expect(ofA.sort()).toEqual([0, 1, 2]);
  expect(waits[3]).toBeLessThan(100);
  expect(await book('a', 15_000)).toBeNull();
  expect(Math.round(((await book('a')) ?? 0) / 10_000)).toBe(3);
});

test('no host is hit faster than its budget by several processes together', async () => {
  const starts = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? '').split(':')[0] ?? '';
    starts.set(host, [...(starts.get(host) ?? []), performance.now()]);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hosts = ['gov.test', 'news.test', 'bbs.test'];
  const input = {
    ...{ databaseUrl: database.connectionString, port: (server.address() as AddressInfo).port },
    ...{ hosts, requests: 3, intervalMs: 1_000 },
  };
  const visitors = [1, 2].map(() =>
    spawn(process.execPath, [path.join(rootDir, 'test', 'support', 'paced-visitor.ts')], {
      env: { ...process.env, VISITOR_INPUT: JSON.stringify(input) },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  expect(await Promise.all(visitors.map(async (child) => (await once(child, 'exit'))[0]))).toEqual([0, 0]);
  server.close();
  for (const host of hosts) {
    const times = starts.get(host) ?? [];
    expect(times).toHaveLength(6);
    const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
    // Measured where requests arrive: a busy machine may bring one late and the next on time. Two budgets would show as none.
    for (const gap of gaps) expect(gap).toBeGreaterThan(700);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(4_700);
  }
}, 60_000);
