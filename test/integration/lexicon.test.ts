import { createReassessor } from '@guanlan/classifier';
import { explanationView, lexiconCheckView, lexiconPreviewLine, lexiconRevisionPage, lexiconView } from '@guanlan/contracts';
import { publishLexicon } from '@guanlan/database';
import { compileLexicon, createJudge, lexiconDigest } from '@guanlan/lexicon';
import { createLogger } from '@guanlan/runtime';
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
