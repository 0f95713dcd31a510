import { alertDetail, alertPage, itemDetail, itemPage, progressView, sourceList, tallyPage } from '@guanlan/contracts';
import { createApiToken } from '@guanlan/database';
import { yearOf } from '@guanlan/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';

describe('the API', () => {
  let api: ApiHarness;
  let cookie: string;
  beforeAll(async () => {
    api = await startApi();
    cookie = await setUp(api);
  });
  afterAll(() => api.stop());
  const get = (where: string) => api.browse(cookie, where);
  const post = (where: string, body?: unknown) => api.browse(cookie, where, { method: 'POST', body });

  test('an alert is taken from firing to closed; a step that is not possible is refused with what is', async () => {
    const { alertId, itemId } = await seedAlert(api.db, api.clock.now());
    const listed = alertPage.parse((await get('/api/v1/alerts?open=true&level=II&category=accident')).body);
    expect(listed.rows.map((row) => row.id)).toEqual([alertId]);
    expect((await get('/api/v1/alerts?level=I')).body.rows).toEqual([]);

    expect((await post(`/api/v1/alerts/${alertId}/verify`, {})).body).toMatchObject({ status: 409, code: 'conflict' });
    const acknowledged = alertDetail.parse((await post(`/api/v1/alerts/${alertId}/acknowledge`, { note: '已联系消防' })).body);
    expect(acknowledged).toMatchObject({ state: 'acknowledged', next: ['verified', 'assigned', 'answered', 'closed'] });
    expect(acknowledged.timeline.at(-1)).toMatchObject({ kind: 'acknowledged', title: '签收', actor: '管理员', note: '已联系消防' });
    expect(acknowledged.items[0]?.reasons[0]).toMatchObject({ term: '起火', field: 'title' });
    await post(`/api/v1/alerts/${alertId}/verify`, {});
    expect((await post(`/api/v1/alerts/${alertId}/assign`, { department: '' })).body).toMatchObject({
      code: 'bad-input',
      fields: [{ field: 'department' }],
    });
    await post(`/api/v1/alerts/${alertId}/assign`, { department: '应急管理局' });
    expect((await post(`/api/v1/alerts/${alertId}/close`, { outcome: 'deleted' })).body).toMatchObject({
      code: 'bad-input',
      fields: [{ field: 'outcome' }],
    });
    const closed = await post(`/api/v1/alerts/${alertId}/close`, { outcome: 'false-alarm', note: '演练' });
    expect(closed.body).toMatchObject({ state: 'closed', outcome: 'false-alarm', next: [] });

    expect(itemDetail.parse((await get(`/api/v1/items/${itemId}`)).body)).toMatchObject({
      tally: { state: 'struck' },
      alertIds: [alertId],
    });
    const { body } = await get('/api/v1/audit');
    expect(body.rows.slice(0, 4).map((row: { act: string }) => row.act)).toEqual([
      'alert.close',
      'alert.assign',
      'alert.verify',
      'alert.acknowledge',
    ]);
    expect(body.rows[0]).toMatchObject({ actor: '管理员', subject: `alert:${alertId}`, data: { outcome: 'false-alarm' } });
    expect((await get('/api/v1/audit/verification')).body.ok).toBe(true);
  });

  test('items, tally, progress and sources answer as the contracts say, page by page', async () => {
    for (let i = 0; i < 3; i += 1) await seedAlert(api.db, api.clock.now(), `第${i}处起火`);
    const first = itemPage.parse((await get('/api/v1/items?limit=2&relevant=true&level=III')).body);
    const second = itemPage.parse((await get(`/api/v1/items?limit=2&before=${first.next}`)).body);
    expect([...first.rows, ...second.rows].map((row) => row.title)).toEqual(['第2处起火', '第1处起火', '第0处起火', '某小区起火']);
    expect(first.rows[0]?.assessment).toMatchObject({ level: 'II', categories: ['accident'], relevant: true });
    expect((await get('/api/v1/items?level=I')).body.rows).toEqual([]);
    expect((await get('/api/v1/items?relevant=false')).body.rows).toEqual([]);

    const progress = progressView.parse((await get('/api/v1/progress')).body);
    const tally = tallyPage.parse((await get('/api/v1/tally?state=counted')).body);
    expect(tally.rows.length).toBe(progress.items.counted);
    expect(progress.items).toMatchObject({ relevant: 4, counted: 3, target: 2500 });
    expect(sourceList.parse((await get('/api/v1/sources')).body).rows.map((row) => row.state)).toEqual(['new', 'new', 'new', 'new']);
  });

  test('a source is added once, with options its kind understands, and is paused, resumed and run', async () => {
    const source = { kind: 'feed', url: 'https://example.org/feed.xml', name: '县政府', everySeconds: 600 };
    const added = await post('/api/v1/sources', source);
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({ name: '县政府', state: 'new', fault: null });
    const again = await post('/api/v1/sources', source);
    expect([again.status, again.body.id]).toEqual([200, added.body.id]);
    expect((await post('/api/v1/sources', { ...source, kind: 'nonsense' })).body).toMatchObject({ code: 'bad-input' });
    expect((await post('/api/v1/sources', { ...source, url: 'ftp://example.org/' })).body).toMatchObject({ fields: [{ field: 'url' }] });
    const { id } = added.body;
    expect((await post(`/api/v1/sources/${id}/pause`)).body.state).toBe('paused');
    expect((await post(`/api/v1/sources/${id}/run`)).body.code).toBe('conflict');
    expect((await post(`/api/v1/sources/${id}/resume`)).body.state).toBe('new');
    expect((await post(`/api/v1/sources/${id}/run`)).status).toBe(200);
    const depth = await api.bus.depth();
    expect(depth.find((d) => d.topic === 'source.due')?.waiting).toBe(1);
  });

  test('trainings go into the ledger once; channels never show their secrets', async () => {
    const training = { kind: 'media', heldOn: '2026-05-06', topic: '从业人员培训', people: 40 };
    expect((await post('/api/v1/trainings', training)).body).toMatchObject({
      title: '互联网新闻信息服务从业人员和自媒体人员培训',
      evidence: null,
    });
    expect((await post('/api/v1/trainings', training)).body).toMatchObject({ status: 409, code: 'conflict' });
    const planned = { ...training, heldOn: `${yearOf(api.clock.now()) + 1}-03-01` };
    expect((await post('/api/v1/trainings', planned)).body).toMatchObject({ status: 400, detail: expect.stringContaining('还没有到') });
    expect((await get('/api/v1/trainings?year=2026')).body.rows).toHaveLength(1);
    expect((await get('/api/v1/progress?year=2026')).body.trainings).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'media', held: 1, people: 40 })]),
    );

    await api.db
      .insertInto('channel')
      .values({ kind: 'webhook', name: '值班群', options: JSON.stringify({ url: 'https://hook.example/k3y', secret: 's3cret' }) })
      .execute();
    const channels = await get('/api/v1/channels');
    expect(channels.body.rows).toEqual([expect.objectContaining({ kind: 'webhook', name: '值班群' })]);
    expect(JSON.stringify(channels.body)).not.toMatch(/s3cret|k3y/u);
  });

  test('intake stores each item once by its externalId, masks personal data, rings, and counts as a paused source', async () => {
    const { token } = await createApiToken(api.db, { name: '12345热线', scopes: ['intake'], now: api.clock.now() });
    const send = (items: object[]) =>
      api.ask('/api/v1/intake', { method: 'POST', body: { items }, headers: { authorization: `Bearer ${token}` } });
    const before = (await api.bus.depth()).find((d) => d.topic === 'items.collected')?.waiting ?? 0;
    const items = [
      { externalId: 'A-1', title: '物业停水', text: '联系电话13800138000，速处理', publishedAt: '2026-11-20T08:00:00+08:00' },
      { externalId: 'A-2', title: '路面塌陷', url: 'https://example.org/post/2?utm_source=x#top' },
      { externalId: 'A-1', title: '物业停水（重复）' },
    ];
    const first = await send(items);
    expect(first.body).toMatchObject({
      accepted: 2,
      duplicates: 1,
      results: [{ result: 'accepted' }, { result: 'accepted' }, { result: 'duplicate' }],
    });
    expect(first.body.results[2].itemId).toBe(first.body.results[0].itemId);
    const second = await send(items.slice(0, 2));
    expect(second.body).toMatchObject({ accepted: 0, duplicates: 2 });
    expect(second.body.results.map((r: { itemId: number }) => r.itemId)).toEqual(
      first.body.results.slice(0, 2).map((r: { itemId: number }) => r.itemId),
    );
    // Another text under the same id, and the same address under another id, are still the stored items.
    expect(
      (
        await send([
          { externalId: 'A-1', title: '改过的标题', url: 'https://example.org/new' },
          { externalId: 'A-9', title: '同一网址', url: 'https://example.org/post/2?utm_source=x' },
        ])
      ).body.accepted,
    ).toBe(0);

    const stored = await api.db
      .selectFrom('item')
      .select(['id', 'title', 'text'])
      .where('id', '=', first.body.results[0].itemId)
      .executeTakeFirstOrThrow();
    expect(stored.text).not.toContain('13800138000');
    expect(stored.text).toContain('速处理');
    expect((await api.bus.depth()).find((d) => d.topic === 'items.collected')?.waiting).toBe(before + 1);
    const source = await api.db
      .selectFrom('source')
      .select(['name', 'url', 'paused_at'])
      .where('kind', '=', 'intake')
      .executeTakeFirstOrThrow();
    expect(source).toMatchObject({ url: 'intake:12345热线', paused_at: expect.any(Date) });

    expect((await send([{ externalId: 'B-1', title: ' ' }])).body).toMatchObject({
      code: 'bad-input',
      fields: [{ field: 'items.0.text', message: '标题和正文至少要有一项' }],
    });
    expect((await send(Array.from({ length: 501 }, (_, i) => ({ externalId: String(i), title: '多' })))).body).toMatchObject({
      code: 'bad-input',
      fields: [{ field: 'items' }],
    });
    expect((await send([{ externalId: 'C-1', title: '坏字符\u0000\ud800' }])).body.accepted).toBe(1);
  });

  test('what goes wrong is told as problem+json, in Chinese, without the inside', async () => {
    const missing = await get('/api/v1/alerts/424242');
    expect(missing.headers.get('content-type')).toBe('application/problem+json');
    expect(missing.body).toEqual({
      type: 'urn:guanlan:problem:not-found',
      title: '找不到',
      status: 404,
      detail: '没有编号为 424242 的预警。',
      code: 'not-found',
    });
    expect((await get('/api/v1/nowhere')).body).toMatchObject({ status: 404, code: 'not-found' });
    expect((await get('/api/v1/items?limit=many&before=0')).body).toMatchObject({
      status: 400,
      code: 'bad-input',
      fields: [{ field: 'before' }, { field: 'limit' }],
    });
    expect((await post('/api/v1/trainings', '{"kind":')).body).toMatchObject({
      status: 400,
      detail: '请求格式有误：内容应为合法的 JSON。',
    });
    expect((await post('/api/v1/trainings', { topic: 'x'.repeat(70_000) })).body).toMatchObject({
      detail: '请求内容超过大小上限，请分批发送。',
    });
    expect((await get('/api/v1/alerts/9007199254740993')).status).toBe(400);
    expect((await get('/api/v1/%zz')).body).toMatchObject({ status: 400, code: 'bad-input' });

    const broken = await startApi();
    const admin = await setUp(broken);
    await broken.db.schema.dropTable('training').execute();
    const answer = await broken.browse(admin, '/api/v1/trainings');
    expect(answer.body).toMatchObject({ status: 500, code: 'internal', title: '内部错误' });
    expect(JSON.stringify(answer.body)).not.toMatch(/training|relation|select/iu);
    await broken.stop();
  });
});
