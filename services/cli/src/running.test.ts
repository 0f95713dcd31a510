import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noteRunning, runningOn } from './running.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'guanlan-running-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is known to the commands beside it until it stops', async () => {
  expect(await runningOn(folder)).toBeNull();
  const forget = await noteRunning(path.join(folder, '新的'), 'http://127.0.0.1:8899');
  expect(await runningOn(path.join(folder, '新的'))).toEqual({ pid: process.pid, address: 'http://127.0.0.1:8899' });
  await forget();
  expect(await runningOn(path.join(folder, '新的'))).toBeNull();
});

it('is not believed of a process that is gone, nor of a note that is damaged', async () => {
  await writeFile(path.join(folder, 'running.json'), '{"pid": 4194305, "address": "http://127.0.0.1:1"}');
  expect(await runningOn(folder)).toBeNull();
  await writeFile(path.join(folder, 'running.json'), '{"pid":');
  expect(await runningOn(folder)).toBeNull();
});
