import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createApiToken } from '@guanlan/database';
import { sendTest } from '@guanlan/dispatcher';
import { createHttpClient, createLogger, systemClock } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { guanlan } from '../support/product.ts';
import { type Robot, startDingtalk, startFeishu } from '../support/robot-receivers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const secret = 'SECof-the-tests';

describe('channels over the API', () => {
  let api: ApiHarness;
  let cookie: string;
  let robot: Robot;
  const http = createHttpClient({ userAgent: 'Guanlan-test' });
  const logger = createLogger({ level: 'silent' });

  beforeAll(async () => {
    robot = await startDingtalk({ clock: systemClock, secret });
    api = await startApi({ testChannel: (id) => sendTest({ db: api.db, http, clock: systemClock, logger }, id) });
    cookie = await setUp(api);
  });
  afterAll(async () => {
    await api.stop();
    await http.close();
    await robot.close();
  });

  const get = (route: string) => api.browse(cookie, route);
  const post = (route: string, body: unknown = {}) => api.browse(cookie, route, { method: 'POST', body });
  const wanted = (over: object = {}) => ({
    kind: 'dingtalk',
    name: '值班群',
    options: { url: robot.url, secret },
    allowPrivate: true,
    ...over,
  });

  test('the kinds come with their forms, secrets marked', async () => {
    const { body } = await get('/api/v1/channel-kinds');
    expect(body.rows.map((row: { kind: string }) => row.kind)).toEqual(
      expect.arrayContaining(['dingtalk', 'wecom', 'feishu', 'email', 'sms']),
    );
    const dingtalk = body.rows.find((row: { kind: string }) => row.kind === 'dingtalk');
    expect(dingtalk.guide).toContain('加签');
    expect(dingtalk.fields).toEqual([
      expect.objectContaining({ name: 'url', required: true, secret: true, type: 'text' }),
      expect.objectContaining({ name: 'secret', title: '加签密钥', required: false, secret: true }),
      expect.objectContaining({ name: 'format', type: 'choice', choices: ['markdown', 'text'], default: 'markdown', secret: false }),
      expect.objectContaining({ name: 'atAll', type: 'choice', choices: ['never', 'I', 'II'], default: 'never' }),
    ]);
  });

  test('wrong options are told field by field, and a kind there is none of by its name', async () => {
    const wrong = await post('/api/v1/channels', wanted({ options: { url: 'https://oapi.dingtalk.com/robot/send', secret: '' } }));
    expect(wrong.status).toBe(400);
    expect(wrong.body.fields).toEqual([
      { field: 'url', message: expect.stringContaining('access_token') },
      { field: 'secret', message: '请填写加签密钥' },
    ]);
    expect((await post('/api/v1/channels', wanted({ kind: 'pager' }))).body.detail).toContain('没有名为“pager”');
  });

  test('a channel is added, tried and listed with how it fared; nothing shows its secrets', async () => {
    const added = await post('/api/v1/channels', wanted());
    expect(added.status).toBe(201);
    const { id } = added.body;
    expect(added.body).toMatchObject({ kind: 'dingtalk', name: '值班群', lastSuccessAt: null, lastFailureAt: null, lastFailure: '' });
    expect((await post(`/api/v1/channels/${id}/test`)).body).toMatchObject({ ok: true, status: 200 });
    expect(JSON.stringify(robot.received)).toContain('【测试】观澜通知渠道测试');

    robot.answerOnce(200, JSON.stringify({ errcode: 310000, errmsg: `sign not match for ${secret} at ${robot.url}` }));
    const failed = await post(`/api/v1/channels/${id}/test`);
    expect(failed.body).toMatchObject({ ok: false, response: expect.stringContaining('签名不符') });
    const list = await get('/api/v1/channels');
    expect(list.body.rows).toEqual([
      expect.objectContaining({
        id,
        lastSuccessAt: expect.any(String),
        lastFailureAt: expect.any(String),
        lastFailure: failed.body.response,
      }),
    ]);
    const audit = await get('/api/v1/audit');
    expect(audit.body.rows.map((row: { act: string }) => row.act)).toEqual(expect.arrayContaining(['channel.add', 'channel.test']));
    for (const answer of [added, failed, list, audit]) expect(JSON.stringify(answer.body)).not.toMatch(/SECof-the-tests|dingtalk-token/u);

    expect((await api.browse(cookie, `/api/v1/channels/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await get('/api/v1/channels')).body.rows).toEqual([]);
    expect((await post(`/api/v1/channels/${id}/test`)).status).toBe(404);
    expect((await api.browse(cookie, `/api/v1/channels/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('a key is changed by itself; what is left out stays', async () => {
    const { body: added } = await post('/api/v1/channels', wanted({ options: { url: robot.url, secret: 'SECold', format: 'text' } }));
    const change = (body: unknown) => api.browse(cookie, `/api/v1/channels/${added.id}`, { method: 'PATCH', body });
    expect((await post(`/api/v1/channels/${added.id}/test`)).body.ok).toBe(false);
    expect((await change({ options: { secret } })).body).toMatchObject({ id: added.id, name: '值班群', allowPrivate: true });
    expect((await post(`/api/v1/channels/${added.id}/test`)).body.ok).toBe(true);
    expect(robot.received.at(-1)).toMatchObject({ msgtype: 'text' });
    expect((await change({ options: { format: 'html' } })).body.fields).toEqual([expect.objectContaining({ field: 'format' })]);
    await post('/api/v1/channels', wanted({ name: '指挥群' }));
    expect((await change({ name: '指挥群' })).status).toBe(409);
    expect((await change({ name: '值班二群', allowPrivate: false })).body).toMatchObject({ name: '值班二群', allowPrivate: false });
    const audit = await get('/api/v1/audit');
    expect(audit.body.rows.find((row: { act: string }) => row.act === 'channel.change')).toMatchObject({
      data: { name: '值班二群', options: [] },
    });
    expect(JSON.stringify(audit.body)).not.toMatch(/SECold|SECof-the-tests/u);
    expect((await api.browse(cookie, '/api/v1/channels/4711', { method: 'PATCH', body: { name: '无' } })).status).toBe(404);
  });

  test('only who manages may, and the key that browsers subscribe with stays the same', async () => {
    const { token } = await createApiToken(api.db, { name: '只读', scopes: ['read'], now: api.clock.now() });
    const headers = { authorization: `Bearer ${token}` };
    expect((await api.ask('/api/v1/channels', { headers })).status).toBe(200);
    expect((await api.ask('/api/v1/channels', { method: 'POST', body: wanted(), headers })).status).toBe(403);
    const [first, second] = await Promise.all([get('/api/v1/push-key'), get('/api/v1/push-key')]);
    expect(first.body).toEqual(second.body);
    expect(Buffer.from(first.body.publicKey, 'base64url')).toHaveLength(65);
  });
});

describe('channels on the command line', () => {
  let database: TestDatabase;
  let robot: Robot;
  beforeAll(async () => {
    database = await createTestDatabase();
    robot = await startFeishu({ clock: systemClock, secret });
  });
  afterAll(async () => {
    await robot.close();
    await database.drop();
  });

  test('are added, tried and listed, a secret read from a file, and never shown', async () => {
    const folder = await temporaryFolder();
    const run = (...args: string[]) => guanlan(['channel', ...args], { DATABASE_URL: database.connectionString });
    const keyFile = path.join(folder.dir, 'key');
    await writeFile(keyFile, `${secret}\n`);
    const wrong = await run('add', 'feishu', '--set', `url=${robot.url}`, 'secrets=x');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('没有名为“secrets”的选项，可用：url、secret') });
    const added = await run('add', 'feishu', '--name', '指挥群', '--set', `url=${robot.url}`, `secret=@${keyFile}`, '--allow-private');
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('已添加渠道 1（指挥群），已加入默认路由') });
    const tried = await run('test', '1');
    expect(tried).toMatchObject({ code: 0, stdout: expect.stringContaining('测试消息已送达') });
    expect(JSON.stringify(robot.received)).toContain('【测试】');
    const list = await run('list');
    expect(list.stdout).toMatch(/1\s+feishu\s+指挥群\s+允许\s+—\s+正常\s+20\d\d-/u);
    expect(await run('set', '1', '--set', 'secret=SECother-key')).toMatchObject({ code: 0, stdout: '已修改渠道 1（指挥群）\n' });
    expect(await run('test', '1')).toMatchObject({ code: 1, stderr: expect.stringContaining('签名不符') });
    const kinds = await run('kinds', 'email');
    expect(kinds.stdout).toContain('授权码');
    for (const { stdout, stderr } of [added, tried, list]) expect(stdout + stderr).not.toMatch(/SECof-the-tests|feishu-hook/u);
    const kept = await database.db.selectFrom('audit_entry').select('data').execute();
    expect(JSON.stringify(kept)).not.toMatch(/SECof-the-tests|SECother|feishu-hook/u);
    await folder.remove();
  }, 60_000);
});
