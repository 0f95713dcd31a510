import { createClassifier } from '@guanlan/classifier';
import { createCounter } from '@guanlan/counter';
import { addChannel, countYear, listAlerts, listDrills, listTally, listWeekEvents, readWeekFigures } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { yearOf, yearSpan } from '@guanlan/domain';
import { createHttpClient, createLogger, loadDrillScripts, type Service } from '@guanlan/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { createReceiver, type Receiver } from './dispatcher-world.ts';

/** The whole way of a drill: injected by the API, judged, alerted, delivered to a real receiver, closed by a person, reported. */
let harness: ApiHarness;
let receiver: Receiver;
let services: Service[];
let cookie: string;
let http: ReturnType<typeof createHttpClient>;

beforeEach(async () => {
  harness = await startApi({ drillMs: 50 });
  const { db, bus, clock } = harness;
  receiver = await createReceiver(clock);
  await addChannel(db, { kind: 'webhook', name: '值班群', options: receiver.options, allowPrivate: true });
  const logger = createLogger({ level: 'silent' });
  http = createHttpClient({ userAgent: 'Guanlan-test', clock });
  const common = { db, bus, clock, logger };
  services = [createClassifier(common), createDispatcher({ ...common, http, sweepMs: 50 }), createCounter({ ...common, sweepMs: 50 })];
  for (const service of services) await service.start();
  cookie = await setUp(harness);
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await http.close();
  await receiver.down();
  await harness.stop();
});

const post = (path: string, body: unknown = {}) => harness.browse(cookie, `/api/v1${path}`, { method: 'POST', body });
const get = (path: string) => harness.browse(cookie, `/api/v1${path}`);
const eventually = { timeout: 20_000 };

test('a drill goes the whole way, is marked everywhere and counts nowhere; a second one is a story of its own', async () => {
  const { db, clock } = harness;
  expect((await post('/drills', { script: 'no-such' })).status).toBe(400);
  const { status, body } = await post('/drills', { script: 'school-canteen' });
  expect(status).toBe(201);
  expect((await post('/drills', { script: 'portal-outage' })).status).toBe(409);

  await expect.poll(() => receiver.received.length, eventually).toBe(1);
  const first = receiver.received[0]?.message;
  expect(first).toMatchObject({ drill: true, title: expect.stringMatching(/^【演练】/u), reason: expect.stringMatching(/^演练，/u) });
  clock.advance(60_000);
  await expect.poll(() => receiver.received.length, eventually).toBeGreaterThan(1);
  expect(receiver.received.every((r) => r.message.drill === true)).toBe(true);

  const [alert] = await listAlerts(db, { limit: 10 });
  const id = alert?.id ?? 0;
  expect((await get(`/alerts/${id}`)).body.drill).toBe(true);
  for (const [act, given] of [
    ['acknowledge', {}],
    ['verify', {}],
    ['assign', { department: '教育局' }],
    ['answer', { answer: 'handed-over' }],
    ['close', { outcome: 'handed-over' }],
  ] as const) {
    clock.advance(30_000);
    expect((await post(`/alerts/${id}/${act}`, given)).status, act).toBe(200);
  }
  for (const other of await listAlerts(db, { open: true, limit: 10 })) {
    expect((await post(`/alerts/${other.id}/close`, { outcome: 'no-answer-needed' })).status).toBe(200);
  }
  await expect.poll(async () => (await listDrills(db, 1))[0]?.endedAt ?? null, eventually).not.toBeNull();

  const report = (await get(`/drills/${body.id}/report`)).body;
  expect(report.lines.map((line: { title: string; at: string | null }) => [line.title, line.at !== null])).toEqual(
    ['投放演练信息', '提出建议级别', '生成预警提示', '首条通知送达', '签收', '核实', '交办', '回应', '办结'].map((title) => [title, true]),
  );
  expect(report.lines.at(-1).sinceStartMs).toBe(210_000);
  expect(report.findings).toContain(`预警 ${id} 按时完成：签收、核实、回应`);

  const year = yearOf(clock.now());
  const span = yearSpan(year);
  expect(await countYear(db, year)).toMatchObject({ collected: 0, relevant: 0, counted: 0, confirmed: 0, since: null });
  expect(await listTally(db, { year, after: 0, limit: 10 })).toEqual([]);
  expect(await readWeekFigures(db, span)).toMatchObject({
    collected: 0,
    relevant: 0,
    counted: 0,
    events: {},
    alertsOpened: 0,
    alertsClosed: 0,
  });
  expect(await listWeekEvents(db, span)).toEqual([]);

  // Again at once: the blanks are filled in anew, so it is no copy of the first.
  const before = receiver.received.length;
  expect((await post('/drills', { script: 'portal-outage' })).status).toBe(201);
  await expect.poll(() => receiver.received.length, eventually).toBeGreaterThan(before);
  const second = (await listDrills(db, 1))[0];
  expect((await post(`/drills/${second?.id}/end`)).status).toBe(204);
  expect(await listAlerts(db, { open: true, limit: 10 })).toEqual([]);
  const acts = (await harness.db.selectFrom('audit_entry').select('act').orderBy('id').execute()).map((row) => row.act);
  expect(acts.filter((act) => act.startsWith('drill.'))).toEqual(['drill.start', 'drill.start', 'drill.end']);
});

test('every script that ships makes an alert, and no two fillings of it are one event', async () => {
  for (const script of await loadDrillScripts()) {
    const { body } = await post('/drills', { script: script.id });
    await expect
      .poll(async () => (await listDrills(harness.db, 1))[0]?.alertIds.length ?? 0, { ...eventually, message: script.id })
      .toBeGreaterThan(0);
    expect((await post(`/drills/${body.id}/end`)).status).toBe(204);
    const again = await post('/drills', { script: script.id });
    await expect
      .poll(async () => (await listDrills(harness.db, 1))[0]?.alertIds.length ?? 0, { ...eventually, message: `${script.id} again` })
      .toBeGreaterThan(0);
    expect((await post(`/drills/${again.body.id}/end`)).status).toBe(204);
  }
});

test('a real item that joins a drill’s event makes it a real case', async () => {
  const { db, bus, clock } = harness;
  await post('/drills', { script: 'portal-outage' });
  await expect.poll(() => receiver.received.length, eventually).toBe(1);
  const [drill] = await listAlerts(db, { limit: 1 });
  const [row] = await db.selectFrom('item').selectAll().execute();
  if (!drill || !row) throw new Error('the drill made no alert');
  // The same words from a real source, in the same event.
  const { id: sourceId } = await db
    .insertInto('source')
    .values({ kind: 'feed', name: '真实来源', url: 'http://127.0.0.1/feed', local: true })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('item')
    .values({
      key: crypto.randomUUID(),
      fingerprint: row.fingerprint,
      source_id: sourceId,
      author_kind: 'media',
      title: row.title,
      text: row.text,
      collected_at: clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db.insertInto('item_pending').values({ item_id: id, rung_at: clock.now() }).execute();
  await bus.ring('items.collected', { itemIds: [id] });
  await expect.poll(async () => (await listAlerts(db, { limit: 1 }))[0]?.drillId, eventually).toBeNull();
  await expect.poll(() => receiver.received.length, eventually).toBe(2);
  const last = receiver.received.at(-1)?.message;
  expect(last).toMatchObject({ alertId: drill.id, reason: '出现新的来源类型：媒体' });
  expect(last?.drill).toBeUndefined();
});
