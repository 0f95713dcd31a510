import { createReassessor } from '@guanlan/classifier';
import {
  explanationView,
  lexiconCheckView,
  lexiconPreviewLine,
  lexiconRevisionPage,
  lexiconView,
  lexiconVolumeView,
} from '@guanlan/contracts';
import { addSource, insertItems, publishLexicon } from '@guanlan/database';
import { prepareItem } from '@guanlan/domain';
import { compileLexicon, createJudge, lexiconDigest } from '@guanlan/lexicon';
import { createLogger, loadAlertPolicy } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';

const places = '[地名]\n县 巨鹿县|巨鹿\n';
const first = `[类别 accident]\n规则 火 III\n 条件 起火\n${places}`;
const better = `[类别 accident]\n规则 火 III\n 条件 起火\n 排除 晚霞\n 不应命中 晚霞像起火\n规则 炸 II\n 条件 爆炸\n${places}`;

describe('changing the rules', () => {
  let api: ApiHarness;
  let cookie: string;
  beforeAll(async () => {
    api = await startApi();
    cookie = await setUp(api);
    await seedAlert(api.db, api.clock.now(), '晚霞像起火一样');
    await seedAlert(api.db, api.clock.now(), '城西仓库起火');
    await publishLexicon(api.db, { digest: lexiconDigest(first), body: first, note: '随程序提供的词库' });
  });
  afterAll(() => api.stop());
  const get = (where: string) => api.browse(cookie, where);
  const send = (method: string, where: string, body?: unknown) => api.browse(cookie, where, { method, body });

  test('a draft is checked where it is wrong, saved by one person at a time', async () => {
    const wrong = lexiconCheckView.parse(
      (await send('POST', '/api/v1/lexicon/check', { body: '[类别 accident]\n规则 火 III\n 条件 起*\n' })).body,
    );
    expect(wrong.faults).toEqual([
      { file: '', line: 3, column: 5, message: '不支持“*”', hint: '没有通配符：把几种写法用“|”列出，中间可隔几个字用 ~8~（最多 100）' },
    ]);
    const failing = lexiconCheckView.parse(
      (await send('POST', '/api/v1/lexicon/check', { body: `[类别 accident]\n规则 火 III\n 条件 起火\n 应命中 停水了\n` })).body,
    );
    expect(failing).toMatchObject({ rules: 1, faults: [], examples: 1, failed: [{ line: 4, message: '规则“火”没有命中例子' }] });

    const { revision } = lexiconView.parse((await get('/api/v1/lexicon')).body);
    const begun = await send('PUT', '/api/v1/lexicon/draft', { body: better, baseRevisionId: revision?.id, version: 0 });
    expect([begun.status, begun.body.version]).toEqual([200, 1]);
    expect((await send('PUT', '/api/v1/lexicon/draft', { body: first, baseRevisionId: revision?.id, version: 0 })).status).toBe(409);
    const saved = await send('PUT', '/api/v1/lexicon/draft', { body: better, baseRevisionId: revision?.id, version: 1 });
    expect(saved.body.version).toBe(2);
    expect((await send('PUT', '/api/v1/lexicon/draft', { body: first, baseRevisionId: revision?.id, version: 1 })).body).toMatchObject({
      code: 'conflict',
    });
  });

  test('a preview says what would change on stored items, with progress', async () => {
    const answer = await send('POST', '/api/v1/lexicon/preview', { body: better });
    const lines = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => lexiconPreviewLine.parse(JSON.parse(line)));
    expect(lines[0]).toEqual({ done: 2, total: 2 });
    expect(lines.at(-1)).toMatchObject({
      result: { items: 2, changed: 1, lowered: 1, lost: 1, rules: [{ rule: '火', before: 2, after: 1, stops: { count: 1 } }] },
    });
    expect((await send('POST', '/api/v1/lexicon/preview', { body: '规则' })).body).toMatchObject({ status: 422, code: 'lexicon-invalid' });
  });

  test('a draft that fails its own examples, or loses the places, is not published', async () => {
    const base = lexiconView.parse((await get('/api/v1/lexicon')).body).draft;
    const save = async (body: string, version: number) =>
      (await send('PUT', '/api/v1/lexicon/draft', { body, baseRevisionId: base?.baseRevisionId, version })).body.version as number;
    let version = await save(better.replace('不应命中 晚霞', '应命中 晚霞'), base?.version ?? 0);
    const failing = await send('POST', '/api/v1/lexicon/publish', { version, note: '试' });
    expect(failing.body).toMatchObject({ status: 422, code: 'lexicon-invalid', detail: expect.stringContaining('第 5 行') });
    version = await save(better.replace(places, ''), version);
    expect((await send('POST', '/api/v1/lexicon/publish', { version, note: '试' })).body.detail).toContain('地名表');
    version = await save(first, version);
    expect((await send('POST', '/api/v1/lexicon/publish', { version, note: '试' })).body).toMatchObject({ status: 409 });
    expect((await send('POST', '/api/v1/lexicon/publish', { version, note: ' ' })).body).toMatchObject({ fields: [{ field: 'note' }] });
    await save(better, version);
  });

  test('publishing makes a revision with note and author, asks for a reassessment, and is in the audit log', async () => {
    const { draft } = lexiconView.parse((await get('/api/v1/lexicon')).body);
    const published = await send('POST', '/api/v1/lexicon/publish', { version: draft?.version, note: '晚霞不是火' });
    expect(published.body).toMatchObject({ note: '晚霞不是火', author: '管理员', digest: lexiconDigest(better) });
    const now = lexiconView.parse((await get('/api/v1/lexicon')).body);
    expect(now).toMatchObject({
      revision: { body: better },
      draft: null,
      reassessment: { revisionId: published.body.id, finishedAt: null },
    });
    const { rows } = (await get('/api/v1/audit')).body;
    expect(rows[0]).toMatchObject({ act: 'lexicon.publish', actor: '管理员', subject: `lexicon:${published.body.id}` });

    // What was in force may be again, as a revision of its own.
    await send('PUT', '/api/v1/lexicon/draft', { body: first, baseRevisionId: published.body.id, version: 0 });
    const back = await send('POST', '/api/v1/lexicon/publish', { version: 1, note: '退回' });
    const history = lexiconRevisionPage.parse((await get('/api/v1/lexicon/revisions?limit=2')).body);
    expect(history.rows.map((row) => [row.id, row.note])).toEqual([
      [back.body.id, '退回'],
      [published.body.id, '晚霞不是火'],
    ]);
    expect((await get(`/api/v1/lexicon/revisions/${published.body.id}`)).body.body).toBe(better);
  });

  test('a draft of an earlier revision does not undo what came between', async () => {
    const { revision } = lexiconView.parse((await get('/api/v1/lexicon')).body);
    const begun = await send('PUT', '/api/v1/lexicon/draft', { body: better, baseRevisionId: (revision?.id ?? 0) - 1, version: 0 });
    const refused = await send('POST', '/api/v1/lexicon/publish', { version: begun.body.version, note: '旧稿' });
    expect(refused.body).toMatchObject({ status: 409, detail: expect.stringContaining('其间已发布') });
    const rebased = await send('PUT', '/api/v1/lexicon/draft', { body: better, baseRevisionId: revision?.id, version: begun.body.version });
    expect(lexiconView.parse((await get('/api/v1/lexicon')).body).draft?.baseRevisionId).toBe(revision?.id);
    expect((await send('DELETE', `/api/v1/lexicon/draft?version=${begun.body.version}`)).status).toBe(409);
    expect((await send('DELETE', `/api/v1/lexicon/draft?version=${rebased.body.version}`)).status).toBe(204);
    expect(lexiconView.parse((await get('/api/v1/lexicon')).body).draft).toBeNull();
  });

  test('the card of an item is what its judge says under the revision of its assessment', async () => {
    const work = createReassessor({ ...api, logger: createLogger({ level: 'silent' }), everyMs: 20, settleMs: 0, restMs: 0 });
    await work.start();
    await expect.poll(async () => (await get('/api/v1/lexicon/reassessment')).body.finishedAt, { timeout: 20_000 }).not.toBeNull();
    await work.stop();
    const { rows } = (await get('/api/v1/items')).body;
    const fire = rows.find((row: { title: string }) => row.title === '城西仓库起火');
    const card = explanationView.parse((await get(`/api/v1/items/${fire.id}/explanation`)).body);
    expect(card).toEqual(createJudge(compileLexicon(first)).explain({ title: '城西仓库起火', text: '消防已到场', sourceKind: 'media' }));
    expect(card.level).toBe(fire.assessment.level);
  });

  test('who may only look may not change', async () => {
    await api.db.updateTable('account').set({ role: 'leader' }).execute();
    expect((await get('/api/v1/lexicon')).status).toBe(200);
    for (const [method, where, body] of [
      ['PUT', '/api/v1/lexicon/draft', { body: better, baseRevisionId: 1, version: 0 }],
      ['POST', '/api/v1/lexicon/publish', { version: 1, note: 'x' }],
      ['DELETE', '/api/v1/lexicon/draft?version=1', undefined],
    ] as const)
      expect((await send(method, where, body)).status).toBe(403);
  });
});

describe('a revision that would bring a flood of cases', () => {
  let api: ApiHarness;
  let cookie: string;
  const broad = `${first.replace(places, '')}规则 天气 IV\n 条件 天气\n${places}`;
  beforeAll(async () => {
    api = await startApi();
    cookie = await setUp(api);
    await publishLexicon(api.db, { digest: lexiconDigest(first), body: first, note: '随程序提供的词库' });
    await arrive('天气', 25, 1);
    await arrive('天气', 4, 24 * 5);
    await arrive('天气', 40, 24 * 8);
    await arrive('雪', 30, 1);
  });
  afterAll(() => api.stop());
  const send = (method: string, where: string, body?: unknown) => api.browse(cookie, where, { method, body });
  /** Items about the county, collected so many hours ago. */
  async function arrive(word: string, count: number, hoursAgo: number): Promise<void> {
    const now = new Date(api.clock.now().getTime() - hoursAgo * 3_600_000);
    const { id: sourceId } = await addSource(api.db, {
      ...{ kind: 'feed', name: `${word}${hoursAgo}`, url: `https://news.example/${encodeURIComponent(word)}${hoursAgo}`, options: {} },
      ...{ local: false, allowPrivate: false, authorKind: 'media', everySeconds: 300 },
    });
    const items = Array.from({ length: count }, (_, n) => {
      const raw = {
        url: `https://news.example/${word}/${hoursAgo}/${n}`,
        externalId: null,
        title: `巨鹿县第${n}天${word}${hoursAgo}`,
        text: '',
      };
      return { ...prepareItem({ ...raw, publishedAt: now }, { sourceId, authorKind: 'media' }), sourceId };
    });
    await insertItems(api.db, items, now);
  }
  const draft = async (body: string) => {
    const { revision, draft: begun } = lexiconView.parse((await send('GET', '/api/v1/lexicon')).body);
    const saved = await send('PUT', '/api/v1/lexicon/draft', { body, baseRevisionId: revision?.id, version: begun?.version ?? 0 });
    return saved.body.version as number;
  };

  test('is weighed on the last week, beside what that week brought', async () => {
    const { volume } = lexiconVolumeView.parse((await send('POST', '/api/v1/lexicon/volume', { body: broad })).body);
    expect(volume).toMatchObject({ alerts: 29, atOnce: 25, raised: 0, usual: 0, bound: 20, rules: [{ rule: '天气', alerts: 29 }] });
    expect(volume?.items).toBe(59);
    const narrow = `${first.replace(places, '')}规则 天气 IV\n 条件 第3天天气\n${places}`;
    const little = lexiconVolumeView.parse((await send('POST', '/api/v1/lexicon/volume', { body: narrow })).body);
    expect(little.volume).toMatchObject({ alerts: 2, atOnce: 1 });
  });

  test('is not published until somebody accepts the figure, and the audit log has it', async () => {
    const version = await draft(broad);
    const refused = await send('POST', '/api/v1/lexicon/publish', { version, note: '天气也要看' });
    expect(refused.body).toMatchObject({ status: 409, code: 'volume-unaccepted', detail: expect.stringContaining('“天气”29 件') });
    expect((await send('POST', '/api/v1/lexicon/publish', { version, note: '天气也要看', acceptVolume: 28 })).body).toMatchObject({
      status: 409,
    });
    expect(lexiconView.parse((await send('GET', '/api/v1/lexicon')).body).revision?.body).toBe(first);
    const published = await send('POST', '/api/v1/lexicon/publish', { version, note: '天气也要看', acceptVolume: 29 });
    expect(published.body).toMatchObject({ note: '天气也要看' });
    expect((await send('GET', '/api/v1/audit')).body.rows[0]).toMatchObject({ act: 'lexicon.publish', data: { alerts: 29, usual: 0 } });
  });

  test('the office sets what goes without saying', async () => {
    const policy = { ...(await loadAlertPolicy()), version: '2026-12', volume: { floor: 40, factor: 2 } };
    expect((await send('POST', '/api/v1/alert-policies', { policy, note: '放宽' })).status).toBe(201);
    const snow = `${broad.replace(places, '')}规则 雪 IV\n 条件 天雪\n${places}`;
    const version = await draft(snow);
    expect((await send('POST', '/api/v1/lexicon/publish', { version, note: '雪也要看' })).status).toBe(200);
  });
});
