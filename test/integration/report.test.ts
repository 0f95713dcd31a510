import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { createClassifier } from '@guanlan/classifier';
import { attachmentView, reportFormView, reportPage, reportReceiptView } from '@guanlan/contracts';
import { addChannel, createApiToken, getAlert, insertItems, listNotifications } from '@guanlan/database';
import { createDispatcher } from '@guanlan/dispatcher';
import { prepareItem } from '@guanlan/domain';
import { createHttpClient, createLogger } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { guanlan } from '../support/product.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const png = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.from('\0\0\0\u0004IHDRheadCRC0\0\0\0\u0003tEXtGPSCRC0\0\0\0\0IENDCRC0', 'latin1'),
]);

describe('direct reports', () => {
  let api: ApiHarness;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let cookie: string;
  let unit: string;
  let other: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    api = await startApi({ attachmentsDir: `${folder.dir}/attachments` });
    cookie = await setUp(api);
    unit = await addUnit('巨鹿镇东街村');
    other = await addUnit('西郭城镇');
  });
  afterAll(async () => {
    await api.stop();
    await folder.remove();
  });

  const addUnit = async (name: string) => {
    const { status, body } = await api.browse(cookie, '/api/v1/report-units', { method: 'POST', body: { name } });
    expect(status).toBe(201);
    return /^\/report\?unit=(gu_[\w-]{43})$/u.exec(body.link)?.[1] ?? '';
  };
  const as = (token: string, path: string, init = {}) => api.ask(path, { ...init, headers: { authorization: `Bearer ${token}` } });
  const file = (token: string, report: object) =>
    as(token, '/api/v1/reports', { method: 'POST', body: { idempotencyKey: randomUUID(), what: '东街村自来水停了', ...report } });
  const upload = async (token: string, bytes: Buffer) => {
    const response = await fetch(`${api.api.address()}/api/v1/report-attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const get = (path: string) => api.browse(cookie, path);

  test('a report becomes a redacted item of its unit’s local, paused source, rings, and answers with a receipt', async () => {
    const form = reportFormView.parse((await as(unit, '/api/v1/report-form')).body);
    expect(form.unit).toEqual({ name: '巨鹿镇东街村', kind: 'village' });
    expect(form.places).toContain('王虎寨镇');
    const before = (await api.bus.depth()).find((d) => d.topic === 'items.collected')?.waiting ?? 0;
    const answer = await file(unit, {
      what: '小学食堂有学生腹痛。联系一三八零零零零零零零零或 zhang(at)qq.com',
      ...{
        place: '巨鹿镇',
        detail: '东街3号楼2单元501室对面',
        people: 12,
        done: '已送医，13800138000',
        happenedAt: '2026-11-20T11:30:00+08:00',
      },
    });
    expect(answer.status).toBe(201);
    const view = reportReceiptView.parse(answer.body);
    expect(view).toMatchObject({
      state: 'received',
      stateTitle: '已收到',
      outcome: null,
      people: 12,
      happenedAt: '2026-11-20T03:30:00.000Z',
    });
    expect(view.receipt).toMatch(/^ZB\d{8}-0001-\d$/u);
    const item = await api.db
      .selectFrom('item')
      .innerJoin('source', 'source.id', 'item.source_id')
      .select(['item.id', 'item.title', 'item.text', 'source.kind', 'source.local', 'source.paused_at', 'source.name'])
      .executeTakeFirstOrThrow();
    expect(item).toMatchObject({
      kind: 'report',
      local: true,
      paused_at: expect.any(Date),
      name: '直报：巨鹿镇东街村',
      title: '小学食堂有学生腹痛',
    });
    const everything = JSON.stringify([item, await api.db.selectFrom('direct_report').selectAll().execute(), answer.body]);
    expect(everything).not.toMatch(/13800138000|一三八零|qq\.com|501/u);
    expect(item.text).toContain('地点：巨鹿镇，东街〔门牌号〕对面');
    expect((await api.bus.depth()).find((d) => d.topic === 'items.collected')?.waiting).toBe(before + 1);
    const { body } = await get('/api/v1/audit?limit=1');
    expect(body.rows[0]).toMatchObject({ act: 'report.file', actor: '巨鹿镇东街村', subject: `report:${view.receipt}` });
  });

  test('the same key is filed once, also when it comes eight times at the same moment', async () => {
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => file(unit, { idempotencyKey })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.receipt)).size).toBe(1);
    const later = await file(unit, { idempotencyKey, what: '后来改了说法' });
    expect(later.body.what).toBe('东街村自来水停了');
    // A key is a unit's own.
    expect((await file(other, { idempotencyKey })).status).toBe(201);
  });

  test('a filed report is never changed, not even by SQL; a correction is a new entry that both sides show', async () => {
    const { receipt } = (await file(unit, { what: '约十人受困' })).body;
    const correction = await file(unit, { what: '更正：共八人受困，已全部救出', corrects: receipt.toLowerCase() });
    expect(correction.body.corrects).toBe(receipt);
    expect((await as(unit, `/api/v1/reports/${receipt}`)).body).toMatchObject({
      what: '约十人受困',
      correctedBy: [correction.body.receipt],
    });
    for (const statement of [
      api.db.updateTable('direct_report').set({ what: '没有这回事' }),
      api.db.deleteFrom('direct_report'),
      api.db.updateTable('report_attachment').set({ name: 'x' }),
    ])
      await expect(statement.execute()).rejects.toThrow('append-only');
    expect((await file(other, { corrects: receipt })).body.detail).toContain('没有回执号');
  });

  test('feedback is read off the alert of the event, the same event as a crawled account of it', async () => {
    const classifier = createClassifier({
      ...{ db: api.db, bus: api.bus, clock: api.clock, logger: createLogger({ level: 'silent' }), sweepMs: 50, staleMs: 0 },
    });
    const feed = await api.db
      .insertInto('source')
      .values({ kind: 'feed', name: '新闻', url: 'https://example.org/feed' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const crawled = prepareItem(
      {
        url: 'https://example.org/1',
        externalId: null,
        title: '巨鹿县巨鹿镇东街一仓库起火，两人受伤',
        text: '今天上午，巨鹿镇东街一仓库起火，两人受伤，消防已到场，正在扑救。',
        publishedAt: null,
      },
      { sourceId: feed.id, authorKind: 'media' },
    );
    const [stored] = await insertItems(api.db, [{ ...crawled, sourceId: feed.id }], api.clock.now());
    await api.bus.ring('items.collected', { itemIds: [stored?.id ?? 0] });
    const { receipt } = (await file(unit, { what: '巨鹿镇东街一仓库起火，两人受伤，正在扑救', place: '巨鹿镇' })).body;
    await classifier.start();
    const view = async () => reportPage.parse((await get('/api/v1/reports?limit=1')).body).rows[0];
    await expect.poll(async () => (await view())?.eventId, { timeout: 20_000 }).toBeTypeOf('number');
    await classifier.stop();
    const eventId = (await view())?.eventId ?? 0;
    expect(await api.db.selectFrom('event_item').select('item_id').where('event_id', '=', eventId).execute()).toHaveLength(2);
    expect((await get('/api/v1/reports?unalerted=true&limit=1')).body.rows[0].receipt).toBe(receipt);

    const { id } = await api.db
      .insertInto('alert')
      .values({ event_id: eventId, rank: 3, outcome: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect(await view()).toMatchObject({ receipt, alertId: id, state: 'received' });
    const state = async () => (await as(unit, `/api/v1/reports/${receipt}`)).body;
    const act = (name: string, body: object) => api.browse(cookie, `/api/v1/alerts/${id}/${name}`, { method: 'POST', body });
    await act('acknowledge', {});
    expect(await state()).toMatchObject({ state: 'handling', stateTitle: '正在处理' });
    await act('assign', { department: '应急管理局' });
    expect(await state()).toMatchObject({ state: 'handling' });
    await act('close', { outcome: 'answered' });
    expect(await state()).toMatchObject({ state: 'answered', stateTitle: '已答复', outcome: 'answered', outcomeTitle: '已回应' });
    expect((await getAlert(api.db, id))?.items.map(({ source }) => source).toSorted()).toEqual(['新闻', '直报：巨鹿镇东街村']);
  });

  test('what no rule matches comes to the desk all the same, once, and its reporter learns what becomes of it', async () => {
    const logger = createLogger({ level: 'silent' });
    const common = { db: api.db, bus: api.bus, clock: api.clock, logger };
    const http = createHttpClient({ userAgent: 'Guanlan-test/1.0', perHostIntervalMs: 0 });
    await addChannel(api.db, { kind: 'log', name: '日志', options: {}, allowPrivate: false });
    const services = [
      createClassifier({ ...common, sweepMs: 50, staleMs: 0 }),
      createDispatcher({ ...common, http, sweepMs: 50, noticeMs: 3_600_000 }),
    ];
    for (const service of services) await service.start();
    const [near, far] = [await addUnit('阎疃镇南街村'), await addUnit('阎疃镇')];
    const what = '村里老戏台的瓦松动了几片，已拉线提醒大家绕行';
    const { receipt } = (await file(near, { what })).body;
    const own = async (token: string, number: string) => (await as(token, `/api/v1/reports/${number}`)).body;
    const listed = async (number: string) =>
      reportPage.parse((await get('/api/v1/reports?limit=5')).body).rows.find((row) => row.receipt === number);
    await expect.poll(async () => (await listed(receipt))?.alertId, { timeout: 20_000 }).toBeTypeOf('number');
    const alertId = (await listed(receipt))?.alertId ?? 0;
    const alert = (await api.browse(cookie, `/api/v1/alerts/${alertId}`)).body;
    expect(alert).toMatchObject({ level: 'IV', state: 'firing', categories: [] });
    expect(alert.timeline.map(({ title, note }: { title: string; note: string }) => [title, note])).toEqual(
      expect.arrayContaining([
        ['发现', '直报：阎疃镇南街村。没有规则命中，请人工研判'],
        ['收到直报', `阎疃镇南街村，回执 ${receipt}`],
      ]),
    );
    const messages = async () => (await listNotifications(api.db, { alertId, limit: 9 })).map(({ reason }) => reason);
    expect(await messages()).toEqual(['直报：阎疃镇南街村。没有规则命中，请人工研判']);
    // It is on the desk, and in no figure: the rules said nothing of it.
    expect(await api.db.selectFrom('tally').selectAll().execute()).toEqual([]);

    expect(await own(near, receipt)).toMatchObject({ stateTitle: '已收到' });
    const act = (name: string, body: object) => api.browse(cookie, `/api/v1/alerts/${alertId}/${name}`, { method: 'POST', body });
    await act('acknowledge', {});
    expect(await own(near, receipt)).toMatchObject({ stateTitle: '正在处理' });
    // The same words from another unit: the same case, told quietly, with feedback of its own.
    const second = (await file(far, { what })).body.receipt;
    await expect.poll(async () => (await listed(second))?.alertId, { timeout: 20_000 }).toBe(alertId);
    await expect
      .poll(async () => (await getAlert(api.db, alertId))?.timeline.filter(({ kind }) => kind === 'reported').length, { timeout: 20_000 })
      .toBe(2);
    expect(await messages()).toHaveLength(1);
    expect(await own(far, second)).toMatchObject({ stateTitle: '正在处理' });
    await act('close', { outcome: 'answered' });
    for (const [token, number] of [[near, receipt] as const, [far, second] as const])
      expect(await own(token, number)).toMatchObject({ stateTitle: '已答复', outcomeTitle: '已回应' });
    // Reported once more after the case was closed: somebody is to look again.
    const third = (await file(near, { what })).body.receipt;
    await expect.poll(async () => (await listed(third))?.alertId ?? alertId, { timeout: 20_000 }).toBeGreaterThan(alertId);
    expect(await own(near, third)).toMatchObject({ stateTitle: '已收到' });
    expect(await api.db.selectFrom('report_pending').selectAll().execute()).toEqual([]);
    for (const service of services) await service.stop();
    await http.close();
  });

  test('files are known by their bytes, cleaned, kept outside the web, and given to who is signed in only', async () => {
    const sent = await upload(unit, png);
    expect(sent.status).toBe(201);
    const { sha256, mediaType, bytes } = attachmentView.parse(sent.body);
    expect([mediaType, bytes]).toEqual(['image/png', png.length - 15]);
    expect((await upload(unit, png)).body.sha256).toBe(sha256);
    for (const bad of [Buffer.from('<svg onload=alert(1)>......'), Buffer.from('MZ executable here'), png.subarray(0, 30)])
      expect((await upload(unit, bad)).body.code).toBe('bad-input');
    expect((await upload(unit, Buffer.concat([png, Buffer.alloc(10 * 2 ** 20)]))).status).toBe(400);
    expect((await upload('gu_nobody', png)).status).toBe(401);

    const named = { attachments: [{ sha256, name: '现场13800138000.png' }] };
    expect((await file(other, named)).body.detail).toContain('没有传到');
    const { receipt, attachments } = (await file(unit, named)).body;
    expect(attachments).toEqual([{ name: '现场〔手机号〕.png', bytes }]);
    const where = `/api/v1/reports/${receipt}/attachments/1`;
    const answer = await get(where);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `attachment; filename="${receipt}-1.png"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    });
    expect(answer.body).not.toContain('GPS');
    expect((await get('/api/v1/audit?limit=1')).body.rows[0]).toMatchObject({ act: 'report.open-attachment', actor: '管理员' });
    expect((await api.ask(where)).status).toBe(401);
    expect((await as(unit, where)).status).toBe(403);
    const { token } = await createApiToken(api.db, { name: '读', scopes: ['read'], now: api.clock.now() });
    expect((await as(token, where)).status).toBe(403);
    expect((await get(`/api/v1/reports/${receipt}/attachments/2`)).status).toBe(404);
    const [fold = ''] = await readdir(`${folder.dir}/attachments`);
    expect(await readdir(`${folder.dir}/attachments/${fold}`)).toEqual([sha256]);
  });

  test('what bears the mark of a secret, in any text or name, is refused, and nothing is kept', async () => {
    const count = async () => (await api.db.selectFrom('direct_report').select('id').execute()).length;
    const before = await count();
    const { sha256 } = (await upload(unit, png)).body;
    for (const report of [
      { what: '机密★20年\n某某事项' },
      { done: '按【绝密】通知办理' },
      { detail: '密级：秘密' },
      { attachments: [{ sha256, name: '机密文件.png' }] },
    ]) {
      const { status, body } = await file(unit, report);
      expect([status, body.code]).toEqual([400, 'bad-input']);
      expect(body.detail).toContain('请按保密规定通过涉密渠道报送');
    }
    expect(await count()).toBe(before);
    expect((await file(unit, { what: '一企业涉嫌侵犯商业秘密，职工聚集讨薪' })).status).toBe(201);
  });

  test('a unit sees its own reports only, and its link opens nothing else', async () => {
    const { receipt } = (await file(unit, {})).body;
    expect((await as(other, `/api/v1/reports/${receipt}`)).status).toBe(404);
    expect(
      (await as(unit, `/api/v1/reports/${receipt.replace(/\d$/u, (d: string) => String((Number(d) + 1) % 10))}`)).body.detail,
    ).toContain('回执号不对');
    for (const path of ['/api/v1/reports', '/api/v1/items', '/api/v1/alerts', '/api/v1/report-units', '/api/v1/stream'])
      expect((await as(unit, path)).status, path).toBe(403);
    expect(
      (await api.browse(cookie, '/api/v1/reports', { method: 'POST', body: { idempotencyKey: randomUUID(), what: '本人上报一件事' } }))
        .status,
    ).toBe(403);
    const fresh = await addUnit('王虎寨镇');
    expect((await file(fresh, { happenedAt: '2199-01-01T00:00:00Z' })).body.detail).toContain('还没有到');
    expect((await file(fresh, { what: '短' })).body.fields).toEqual([{ field: 'what', message: '请写清楚发生了什么（至少 5 个字）' }]);
  });

  test('units are managed by administrators; a revoked link is dead, its reports stay; a name works once', async () => {
    const spare = await addUnit('小吕寨镇');
    expect((await api.browse(cookie, '/api/v1/report-units', { method: 'POST', body: { name: '小吕寨镇' } })).status).toBe(409);
    await file(spare, {});
    const row = (await get('/api/v1/report-units')).body.rows.find(({ name }: { name: string }) => name === '小吕寨镇');
    expect(row).toMatchObject({ reports: 1, revokedAt: null });
    expect(JSON.stringify(row)).not.toContain('gu_');
    expect((await api.browse(cookie, `/api/v1/report-units/${row.id}/revoke`, { method: 'POST' })).body.revokedAt).toBeTypeOf('string');
    expect((await file(spare, {})).body).toMatchObject({ status: 401, detail: '这个直报链接无效或已停用，请联系县网信办要新的链接。' });
    await addUnit('小吕寨镇');
    expect((await get('/api/v1/reports?limit=1')).body.rows[0].unit.name).toBe('小吕寨镇');
  });

  test('a link that is used like a program is slowed down', async () => {
    const busy = await addUnit('官亭镇');
    const answers = await Promise.all(Array.from({ length: 25 }, () => file(busy, {})));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
    expect((await file(other, {})).status).toBe(201);
  });

  test('the interface description tells of all of it', async () => {
    const { body } = await api.ask('/api/openapi.json');
    expect(body.paths['/api/v1/reports'].post.security).toEqual([{ unit: [] }]);
    expect(body.paths['/api/v1/report-attachments'].post.requestBody.content['application/octet-stream'].schema).toMatchObject({
      ...{ type: 'string', format: 'binary' },
    });
    expect(Object.keys(body.components.schemas)).toEqual(expect.arrayContaining(['Report', 'ReportReceipt', 'ReportUnit']));
  });

  test('the command line makes units and revokes them', async () => {
    const run = (...args: string[]) => guanlan(['unit', ...args], { DATABASE_URL: api.connectionString, GUANLAN_DATA: folder.dir });
    const added = await run('add', '县教育局', '--kind', 'department');
    const [, token = ''] = /^http:\/\/127\.0\.0\.1:7210\/report\?unit=(gu_[\w-]{43})\n$/u.exec(added.stdout) ?? [];
    expect((await as(token, '/api/v1/report-form')).body.unit).toEqual({ name: '县教育局', kind: 'department' });
    const [, id = ''] = /直报单位 (\d+)：县教育局/u.exec(added.stderr) ?? [];
    expect((await run('list')).stdout).toMatch(/县教育局\s+部门\s+0.*在用/u);
    expect((await run('revoke', id)).stdout).toBe(`已停用直报单位 ${id}\n`);
    expect((await as(token, '/api/v1/report-form')).status).toBe(401);
    expect([(await run('revoke', id)).code, (await run('add', '某处', '--kind', 'person')).code]).toEqual([1, 2]);
  });

  test('files that nobody filed go after a week, those of reports stay', async () => {
    const loose = (await upload(other, Buffer.concat([png, Buffer.from('x')]).subarray(0, png.length))).body;
    const alone = (await upload(other, Buffer.from('%PDF-1.7 alone'))).body;
    api.clock.advance(8 * 86_400_000);
    await upload(other, Buffer.from('%PDF-1.7 fresh'));
    const left = (await readdir(`${folder.dir}/attachments`, { recursive: true }))
      .filter((name) => name.length > 64)
      .map((name) => name.slice(-64));
    expect(left).not.toContain(alone.sha256);
    expect(left).toContain(loose.sha256);
  });
});
