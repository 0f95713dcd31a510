import { addChannel, createSetupLink, getAlert, verifyAudit } from '@guanlan/database';
import { type AlertPolicy, levelRank } from '@guanlan/domain';
import { loadAlertPolicy } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';

let harness: ApiHarness;
let cookie: string;
let channelId: number;

beforeAll(async () => {
  harness = await startApi();
  cookie = await setUp(harness);
  channelId = (await addChannel(harness.db, { kind: 'log', name: '日志', options: {}, allowPrivate: false })).id;
});
afterAll(() => harness.stop());

const ask = (method: string) => (path: string, body?: unknown) =>
  harness.browse(cookie, `/api/v1${path}`, { method, ...(body === undefined ? {} : { body }) });
const [get, post, put, del] = ['GET', 'POST', 'PUT', 'DELETE'].map(ask) as [
  ReturnType<typeof ask>,
  ReturnType<typeof ask>,
  ReturnType<typeof ask>,
  ReturnType<typeof ask>,
];
const ahead = (minutes: number) => new Date(harness.clock.now().getTime() + minutes * 60_000).toISOString();
const acts = async () => (await harness.db.selectFrom('audit_entry').select('act').orderBy('id').execute()).map((row) => row.act);

describe('the clocks of a case', () => {
  test('are shown, paused with a reason, let go on, recorded and waived; each act is in the timeline and the audit log', async () => {
    const { alertId } = await seedAlert(harness.db, harness.clock.now());
    const kinds = async () =>
      ((await get(`/alerts/${alertId}`)).body.deadlines as { kind: string; state: string }[]).map(({ kind, state }) => `${kind} ${state}`);
    expect(await kinds()).toEqual([
      'acknowledge running',
      'verify running',
      'first-information running',
      'press-conference running',
      'response running',
    ]);
    expect((await post(`/alerts/${alertId}/pause`, { until: ahead(60), note: '等待' })).status).toBe(409);
    await post(`/alerts/${alertId}/acknowledge`, {});
    expect((await post(`/alerts/${alertId}/pause`, { until: ahead(60), note: '' })).status).toBe(400);
    expect((await post(`/alerts/${alertId}/pause`, { until: ahead(9 * 1_440), note: '等待水务局' })).status).toBe(400);
    const paused = await post(`/alerts/${alertId}/pause`, { until: ahead(60), note: '等待水务局' });
    expect(paused.body.pausedUntil).toBe(ahead(60));
    expect((await post(`/alerts/${alertId}/resume`, {})).body.pausedUntil).toBeNull();
    expect((await post(`/alerts/${alertId}/settle`, { deadline: 'press-conference', waive: true })).status).toBe(400);
    await post(`/alerts/${alertId}/settle`, { deadline: 'press-conference', waive: true, note: '未达到标准' });
    await post(`/alerts/${alertId}/settle`, { deadline: 'first-information', note: '官网已发' });
    expect((await post(`/alerts/${alertId}/settle`, { deadline: 'verify' })).status).toBe(400);
    expect((await post(`/alerts/${alertId}/answer`, { answer: 'deleted' })).status).toBe(400);
    const answered = await post(`/alerts/${alertId}/answer`, { answer: 'clarified', note: '已公开澄清' });
    expect(answered.body).toMatchObject({ state: 'answered', answer: 'clarified' });
    expect(await kinds()).toEqual(['acknowledge met', 'verify met', 'first-information met', 'press-conference waived', 'response met']);
    const timeline = (await getAlert(harness.db, alertId))?.timeline.map(({ kind, actor }) => `${kind} ${actor}`);
    expect(timeline).toEqual(['acknowledged', 'paused', 'resumed', 'waived', 'met', 'answered'].map((kind) => `${kind} 管理员`));
    expect(await acts()).toEqual(expect.arrayContaining(['alert.pause', 'alert.resume', 'alert.settle', 'alert.answer']));
  });
});

test('a silence needs an end and a reason, is listed with its state, and can be ended before', async () => {
  const given = { categories: ['food'], places: ['城关镇'], maxLevel: 'III', endsAt: ahead(60), reason: '集中检查' };
  expect((await post('/silences', { ...given, reason: '' })).status).toBe(400);
  expect((await post('/silences', { ...given, maxLevel: 'I' })).status).toBe(400);
  expect((await post('/silences', { ...given, endsAt: ahead(-1) })).status).toBe(400);
  expect((await post('/silences', { ...given, endsAt: ahead(31 * 1_440) })).status).toBe(400);
  const { id } = (await post('/silences', given)).body;
  expect((await get('/silences')).body.rows).toMatchObject([{ id, state: 'active', actor: '管理员', maxLevel: 'III', reason: '集中检查' }]);
  expect((await post(`/silences/${id}/end`)).status).toBe(204);
  expect((await get('/silences')).body.rows).toMatchObject([{ state: 'over', endedBy: '管理员' }]);
  expect((await post(`/silences/${id}/end`)).status).toBe(404);
  const rule = (await post('/inhibitions', { minLevel: 'II', minutes: 30, reason: '汛期', endsAt: ahead(600) })).body;
  expect((await get('/inhibitions')).body.rows).toMatchObject([
    { id: rule.id, state: 'active', minutes: 30 },
    { reason: '同一地点、同一类别' },
  ]);
  expect((await post(`/inhibitions/${rule.id}/end`)).status).toBe(204);
  expect(await acts()).toEqual(expect.arrayContaining(['silence.add', 'silence.end', 'inhibition.add', 'inhibition.end']));
});

test('the roster: colleagues, shifts, swaps, gaps, the note at a shift’s end', async () => {
  const person = async (name: string) => (await post('/receivers', { name, channelIds: [channelId] })).body.id as number;
  const [zhang, li] = [await person('张三'), await person('李四')];
  expect((await post('/receivers', { name: '张三' })).status).toBe(409);
  const shift = { name: '全天', weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 0, receiverIds: [zhang, li] };
  expect((await post('/roster/shifts', { ...shift, receiverIds: [4711] })).status).toBe(400);
  const added = (await post('/roster/shifts', shift)).body;
  expect((await get('/roster')).body).toMatchObject({ now: { name: '全天', receiverIds: [zhang, li] }, gaps: [], swaps: [] });
  expect((await post('/roster/swaps', { from: ahead(-1), to: ahead(60), receiverId: zhang, byId: zhang, reason: '出差' })).status).toBe(
    400,
  );
  const swap = (await post('/roster/swaps', { from: ahead(-1), to: ahead(60), receiverId: zhang, byId: li, reason: '出差' })).body;
  expect((await get('/roster')).body.now.receiverIds).toEqual([li]);
  expect((await del(`/roster/swaps/${swap.id}`)).status).toBe(204);
  expect((await get('/roster')).body.handoverMissing).toBe('全天');
  expect((await post('/roster/handovers', { note: '九点回电' })).status).toBe(201);
  expect((await get('/roster')).body.handoverMissing).toBeNull();
  expect((await get('/roster')).body.handovers).toMatchObject([
    { actor: '管理员', shift: '全天', note: '九点回电', openAlerts: expect.any(Number) },
  ]);
  expect((await del(`/receivers/${li}`)).status).toBe(409);
  expect((await del(`/roster/shifts/${added.id}`)).status).toBe(204);
  expect((await get('/roster')).body).toMatchObject({ now: null, gaps: [], shifts: [] });
  expect((await put(`/receivers/${li}`, { name: '李四', leader: true, channelIds: [] })).status).toBe(204);
  expect((await del(`/receivers/${li}`)).status).toBe(204);
});

test('routes: a tree without loops, and the default one stays', async () => {
  const top = (await post('/routes', { name: '食药', position: 10, categories: ['food'], channelIds: [channelId] })).body.id as number;
  expect((await post('/routes', { name: '占位', position: 10 })).status).toBe(409);
  const child = (
    await post('/routes', {
      name: '夜间',
      parentId: top,
      position: 10,
      fromMinute: 1_320,
      toMinute: 420,
      quiet: { fromMinute: 1_320, toMinute: 420, floor: 'II' },
    })
  ).body.id as number;
  expect((await post('/routes', { name: '半个', position: 11, fromMinute: 5 })).status).toBe(400);
  expect((await put(`/routes/${top}`, { name: '食药', parentId: child, position: 10 })).status).toBe(400);
  const rows = (await get('/routes')).body.rows as { id: number; isDefault: boolean }[];
  expect(rows.find(({ id }) => id === child)).toMatchObject({ quiet: { floor: 'II' }, minLevel: 'IV', fromMinute: 1_320 });
  const last = rows.find(({ isDefault }) => isDefault);
  expect((await del(`/routes/${last?.id}`)).status).toBe(409);
  expect((await del(`/routes/${top}`)).status).toBe(204);
  expect((await get('/routes')).body.rows).toHaveLength(1);
});

test('a channel may have another to follow it, but never in a circle', async () => {
  const second = (await addChannel(harness.db, { kind: 'log', name: '备用', options: {}, allowPrivate: false })).id;
  expect((await put(`/channels/${channelId}/fallback`, { fallbackId: second })).status).toBe(204);
  expect((await put(`/channels/${second}/fallback`, { fallbackId: channelId })).status).toBe(400);
  expect((await get('/channels')).body.rows).toMatchObject([{ fallbackId: second, downSince: null }, { fallbackId: null }]);
});

test('rules of handling are published as revisions; a bad one names what is wrong', async () => {
  const policy: AlertPolicy = await loadAlertPolicy();
  expect(
    (await post('/alert-policies', { policy: { ...policy, deadlines: [...policy.deadlines, policy.deadlines[0]] }, note: '重复' })).status,
  ).toBe(400);
  expect((await post('/alert-policies', { policy: { ...policy, storm: {} }, note: '缺项' })).body.fields.length).toBeGreaterThan(0);
  expect((await post('/alert-policies', { policy: { ...policy, version: '本县-1' }, note: '签收放宽' })).status).toBe(201);
  const { rows, shipped } = (await get('/alert-policies')).body;
  expect(rows[0]).toMatchObject({ policy: { version: '本县-1' }, note: '签收放宽', actor: '管理员' });
  expect(shipped).toEqual(policy);
  const stale = await post('/alert-policies', { policy: { ...policy, version: '本县-2' }, note: '又改', base: rows[0].id + 1 });
  expect([stale.status, stale.body.detail]).toEqual([409, expect.stringContaining('签收放宽')]);
  expect((await post('/alert-policies', { policy: { ...policy, version: '本县-2' }, note: '又改', base: rows[0].id })).status).toBe(201);
});

test('the ledger lists, adds up, and a dead letter is sent again by a person', async () => {
  const { alertId } = await seedAlert(harness.db, harness.clock.now(), '死信');
  const values = {
    alert_id: alertId,
    channel_id: channelId,
    rank: levelRank('II'),
    reason: '新预警',
    message: JSON.stringify({ title: '死信' }),
    state: 'dead' as const,
  };
  const { id } = await harness.db
    .insertInto('notification')
    .values({
      ...values,
      notice_id: null,
      idempotency_key: 'dead-1',
      receiver: null,
      fallback_of: null,
      carrier_id: null,
      hold: null,
      carries: null,
      admitted_at: harness.clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  expect((await get('/notifications?state=dead')).body).toMatchObject({
    rows: [{ id, title: '死信', reason: '新预警' }],
    sums: { total: 1, dead: 1 },
  });
  expect((await post(`/notifications/${id}/resend`)).status).toBe(204);
  expect((await post(`/notifications/${id}/resend`)).status).toBe(409);
  expect((await get('/notifications')).body.sums).toEqual({ total: 1, delivered: 0, carried: 0, waiting: 1, dead: 0 });
  expect((await acts()).at(-1)).toBe('notification.resend');
});

test('a leader looks and does nothing; the audit chain holds', async () => {
  expect(await createSetupLink(harness.db, harness.clock.now())).toBeNull();
  await harness.db.updateTable('account').set({ role: 'leader' }).execute();
  for (const path of ['/notifications', '/silences', '/roster', '/routes', '/drills', '/alert-policies'])
    expect((await get(path)).status, path).toBe(200);
  const refused: [string, unknown][] = [
    ['/silences', { maxLevel: 'III', endsAt: ahead(60), reason: '理由' }],
    ['/drills', { script: 'school-canteen' }],
    ['/roster/handovers', { note: '交班' }],
    ['/routes', { name: '新', position: 5 }],
    ['/alert-policies', { policy: await loadAlertPolicy(), note: '放宽' }],
    ['/notifications/1/resend', {}],
  ];
  for (const [path, body] of refused) expect((await post(path, body)).status, path).toBe(403);
  expect(await verifyAudit(harness.db)).toMatchObject({ ok: true });
});
