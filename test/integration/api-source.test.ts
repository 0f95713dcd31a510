import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sourceDetail, sourceKindList, sourceList, sourceTrial, sourceView } from '@guanlan/contracts';
import { assessSources, collectNow, describeSource, trySource } from '@guanlan/crawler';
import { addSource, createApiToken } from '@guanlan/database';
import { createHttpClient, createLogger } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { hourly, rss } from './source-world.ts';

const minute = 60_000;

/** Sources as the console sees and changes them. The API, the database, the site on loopback and the crawler's code are real. */
describe('sources over the API', () => {
  let api: ApiHarness;
  let cookie: string;
  let origin: string;
  let answer: RequestListener;
  let resources: Parameters<typeof collectNow>[0];
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    const site = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const http = createHttpClient({ userAgent: 'Guanlan-test/1.0', perHostIntervalMs: 0 });
    closers.push(
      () => http.close(),
      () => site.closeAllConnections(),
      () => site.close(),
    );
    const held: { api?: ApiHarness } = {};
    const look = () => {
      const { db, bus, clock } = held.api as ApiHarness;
      return { db, bus, clock, http, logger: createLogger({ level: 'silent' }), config: { userAgent: 'Guanlan-test/1.0' } };
    };
    api = await startApi({
      sourceLook: {
        describe: (asked) => describeSource(look(), asked),
        try: (source, allowPrivate) => trySource(look(), source, allowPrivate),
      },
    });
    held.api = api;
    resources = look();
    cookie = await setUp(api);
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await api.stop();
  });

  const get = (path: string) => api.browse(cookie, path);
  const send = (method: string, path: string, body: unknown = {}) => api.browse(cookie, path, { method, body });
  const feed: RequestListener = (request, response) =>
    request.url === '/robots.txt'
      ? response.writeHead(404).end()
      : response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(hourly(api.clock.now())));
  const add = async (path: string, more = {}) => {
    const body = { kind: 'feed', url: `${origin}${path}`, name: `源${path}`, allowPrivate: true, ...more };
    return sourceView.parse((await send('POST', '/api/v1/sources', body)).body);
  };
  const check = async (id: number) => {
    await collectNow(resources, [id]);
    await assessSources(api.db, api.clock.now());
  };
  const acts = async () =>
    (await get('/api/v1/audit?limit=200')).body.rows.map((row: { act: string; subject: string }) => `${row.act} ${row.subject}`);

  test('what is the matter with a source is one sentence, since when, and what to do; coverage is measured', async () => {
    answer = feed;
    const { id, health, minSeconds, maxSeconds } = await add('/well.xml');
    expect(health).toMatchObject({ state: 'new', title: '待首次读取', advice: null });
    // Nobody named an interval: it is free.
    expect([minSeconds, maxSeconds]).toEqual([120, 10_800]);
    for (let n = 0; n < 12; n += 1) {
      await check(id);
      // A session that nobody uses for half an hour ends.
      await get('/api/v1/session');
      api.clock.advance(25 * minute);
    }
    await check(id);
    const list = sourceList.parse((await get('/api/v1/sources')).body);
    expect(list.rows[0]).toMatchObject({ id, health: { state: 'healthy', title: '正常', since: null, advice: null }, conditions: [] });
    expect(list.rows[0]?.coverage).toBeGreaterThan(0.9);
    expect(list.coverage).toEqual({ score: list.rows[0]?.coverage, days: 7, sources: 1 });

    answer = (_, response) => response.writeHead(503).end();
    api.clock.advance(minute);
    const since = api.clock.now().toISOString();
    await check(id);
    expect(sourceView.parse((await get('/api/v1/sources')).body.rows[0]).health).toMatchObject({ state: 'failing', since });
    api.clock.advance(minute);
    await check(id);
    const detail = sourceDetail.parse((await get(`/api/v1/sources/${id}`)).body);
    expect(detail.health).toMatchObject({
      ...{ state: 'failing', title: '读取失败', since },
      sentence: expect.stringMatching(/^自 .* 起读取失败，已连续 2 次：/u),
      advice: expect.stringContaining('请在浏览器里打开网址看看'),
    });
    expect(detail.checks.slice(0, 3).map(({ fault }) => fault)).toEqual(['网站返回错误状态', '网站返回错误状态', null]);
    answer = feed;
    api.clock.advance(minute);
    await check(id);
    const well = sourceDetail.parse((await get(`/api/v1/sources/${id}`)).body);
    expect(well.health.state).toBe('healthy');
    expect(well.past).toMatchObject([{ kind: 'failing', title: '读取失败', since }]);
  });

  test('a trial shows what would be stored, masked, and why the rest is refused; nothing is stored', async () => {
    const items = async () => (await api.db.selectFrom('item').select('id').execute()).length;
    const before = [await items(), (await api.db.selectFrom('source').select('id').execute()).length];
    answer = (request, response) => {
      const type = { 'content-type': 'text/html; charset=utf-8' };
      if (request.url === '/robots.txt') response.writeHead(200).end('User-agent: *\nDisallow: /closed/\n');
      else if (request.url === '/list.html') {
        const links = Array.from(
          { length: 9 },
          (_, n) => `<li><a href="/a/${n}.html">关于第 ${n} 号事项的公告全文</a><span>2026-11-0${n + 1}</span></li>`,
        );
        response.writeHead(200, type).end(`<ul>${links.join('')}</ul>`);
      } else response.writeHead(200, type).end(`<h1>公告</h1><p>${'有事请打13800138000联系。'.repeat(20)}</p>`);
    };
    const trial = sourceTrial.parse((await send('POST', '/api/v1/sources/test', { url: `${origin}/list.html`, allowPrivate: true })).body);
    expect(trial).toMatchObject({ kind: 'list', count: 5, limit: 5, fault: null });
    expect(trial.items[0]?.snippet).toContain('〔手机号〕');
    expect(trial.items[0]?.redactions).toBe(20);
    expect(trial.refused).toEqual([{ why: '超过每次 5 篇的上限，下次再读', count: 4, examples: expect.any(Array) }]);
    const fault = async (url: string, allowPrivate = true) =>
      sourceTrial.parse((await send('POST', '/api/v1/sources/test', { kind: 'list', url, allowPrivate })).body).fault;
    expect(await fault(`${origin}/closed/list.html`)).toMatchObject({ code: 'robots-disallowed' });
    expect(await fault(`${origin}/list.html`, false)).toMatchObject({ code: 'address-private' });
    const wrong = await send('POST', '/api/v1/sources/test', { kind: 'list', url: origin, options: { limit: 0 } });
    expect(wrong.body).toMatchObject({ code: 'bad-input', fields: [{ field: 'limit' }] });
    expect([await items(), (await api.db.selectFrom('source').select('id').execute()).length]).toEqual(before);
    expect((await acts())[0]).toBe('source.test sources');
  });

  test('an edit begins anew where something else is read, keeps secrets, and is audited', async () => {
    answer = feed;
    const { id } = await add('/old.xml', { everySeconds: 600 });
    await check(id);
    const edited = await send('PATCH', `/api/v1/sources/${id}`, { name: '新名', everySeconds: null, local: true });
    expect(sourceView.parse(edited.body)).toMatchObject({ name: '新名', local: true, everySeconds: 300, maxSeconds: 10_800 });
    expect(sourceDetail.parse((await get(`/api/v1/sources/${id}`)).body).checks).toHaveLength(1);
    await send('PATCH', `/api/v1/sources/${id}`, { url: `${origin}/new.xml` });
    const detail = sourceDetail.parse((await get(`/api/v1/sources/${id}`)).body);
    expect(detail).toMatchObject({ url: `${origin}/new.xml`, checks: [], entries: [{ title: '已修改' }] });
    // Options that only spell out their defaults are the same options: nothing begins anew.
    const bare = await addSource(api.db, {
      ...{ kind: 'list', name: '栏目', url: `${origin}/bare.html`, options: {}, local: false, allowPrivate: true },
      ...{ authorKind: 'unknown', everySeconds: 600 },
    });
    await send('PATCH', `/api/v1/sources/${bare.id}`, { name: '通知栏目', url: `${origin}/bare.html`, options: { limit: 30 } });
    expect(sourceDetail.parse((await get(`/api/v1/sources/${bare.id}`)).body)).toMatchObject({ name: '通知栏目', entries: [] });
    await add('/taken.xml');
    expect((await send('PATCH', `/api/v1/sources/${id}`, { url: `${origin}/taken.xml` })).status).toBe(409);

    const rsshub = await add('/weibo/keyword/x', { kind: 'rsshub', options: { key: 'hidden-key' } });
    const secret = async () =>
      (await api.db.selectFrom('source').select('options').where('id', '=', rsshub.id).executeTakeFirst())?.options;
    const shown = await get(`/api/v1/sources/${rsshub.id}`);
    expect(shown.body).toMatchObject({ options: {}, secrets: ['key'] });
    expect(JSON.stringify(shown.body)).not.toContain('hidden-key');
    await send('PATCH', `/api/v1/sources/${rsshub.id}`, { options: { instance: origin } });
    expect(await secret()).toEqual({ instance: origin, key: 'hidden-key' });
    await send('PATCH', `/api/v1/sources/${rsshub.id}`, { options: { key: null } });
    expect(await secret()).toEqual({});

    expect((await send('DELETE', `/api/v1/sources/${rsshub.id}`)).status).toBe(204);
    expect((await get(`/api/v1/sources/${rsshub.id}`)).status).toBe(404);
    expect((await acts()).slice(0, 4)).toEqual([
      `source.remove source:${rsshub.id}`,
      `source.edit source:${rsshub.id}`,
      `source.edit source:${rsshub.id}`,
      `source.add source:${rsshub.id}`,
    ]);
    expect(JSON.stringify((await get('/api/v1/audit?limit=200')).body)).not.toContain('hidden-key');
  });

  test('every kind is told with its options, and who may not define sources neither tries nor changes one', async () => {
    const { rows } = sourceKindList.parse((await get('/api/v1/source-kinds')).body);
    expect(rows.map(({ kind }) => kind)).toEqual(['feed', 'json', 'list', 'page', 'rsshub', 'sitemap']);
    expect(rows.find(({ kind }) => kind === 'rsshub')?.options).toMatchObject([{ name: 'instance' }, { name: 'key', secret: true }]);
    expect(rows.find(({ kind }) => kind === 'list')?.options.at(-1)).toMatchObject({
      name: 'limit',
      type: 'number',
      default: '30',
      max: 200,
    });
    const { token } = await createApiToken(api.db, { name: '读', scopes: ['read'], now: api.clock.now() });
    const { id } = await add('/kept.xml');
    for (const [method, path] of [
      ['POST', '/api/v1/sources/test'],
      ['POST', `/api/v1/sources/${id}/test`],
      ['PATCH', `/api/v1/sources/${id}`],
      ['DELETE', `/api/v1/sources/${id}`],
    ] as const) {
      const asked = { method, body: { url: origin }, headers: { authorization: `Bearer ${token}` } };
      expect((await api.ask(path, asked)).status, `${method} ${path}`).toBe(403);
    }
    expect((await get(`/api/v1/sources/${id}`)).status).toBe(200);
  });
});
