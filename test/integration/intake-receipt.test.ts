import { createApiToken, revokeApiToken } from '@guanlan/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, startApi } from '../support/api-harness.ts';

describe('intake identity', () => {
  let api: ApiHarness;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const sender = async (name: string, local = false) => {
    const { token, id } = await createApiToken(api.db, { name, scopes: ['intake'], local, now: api.clock.now() });
    const send = (items: object[]) =>
      api.ask('/api/v1/intake', { method: 'POST', body: { items }, headers: { authorization: `Bearer ${token}` } });
    return { send, id };
  };
  const results = async (answer: Promise<{ body: { results: { result: string; itemId: number }[] } }>) =>
    (await answer).body.results.map(({ result, itemId }) => [result, itemId]);

  test('an externalId is one item, whatever its address becomes', async () => {
    const { send } = await sender('热线');
    const [[, id] = []] = await results(send([{ externalId: 'X1', title: '停水', url: 'https://example.org/1' }]));
    expect(await results(send([{ externalId: 'X1', title: '停水', url: 'https://example.org/2' }]))).toEqual([['duplicate', id]]);
    expect(await results(send([{ externalId: 'X1', title: '没有网址了' }]))).toEqual([['duplicate', id]]);
    // Another id at a known address is that item too, and is then known by its own id.
    expect(await results(send([{ externalId: 'X2', title: '停水', url: 'https://example.org/1' }]))).toEqual([['duplicate', id]]);
    expect(await results(send([{ externalId: 'X2', title: '停水', url: 'https://example.org/9' }]))).toEqual([['duplicate', id]]);
  });

  test('within one batch, and for another sender', async () => {
    const { send } = await sender('服务商');
    const answer = await results(
      send([
        { externalId: 'X1', title: '甲', url: 'https://example.org/a' },
        { externalId: 'X1', title: '乙', url: 'https://example.org/b' },
        { externalId: 'X3', title: '丙', url: 'https://example.org/a' },
        { externalId: 'X4', title: '丁' },
      ]),
    );
    expect(answer.map(([result]) => result)).toEqual(['accepted', 'duplicate', 'duplicate', 'accepted']);
    expect(new Set(answer.slice(0, 3).map(([, id]) => id)).size).toBe(1);
  });

  test('two batches with the same id at the same moment store it once', async () => {
    const { send } = await sender('并发');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => results(send([{ externalId: 'C1', title: '同一件', url: `https://example.org/c${i}` }]))),
    );
    expect(answers.flat().filter(([result]) => result === 'accepted')).toHaveLength(1);
    expect(new Set(answers.flat().map(([, id]) => id)).size).toBe(1);
  });

  test('the sender’s id is kept as a digest only', async () => {
    const { send } = await sender('电话当编号');
    await send([{ externalId: '13800138000', title: '路灯不亮' }]);
    const rows = await api.db.selectFrom('intake_receipt').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('13800138000');
  });

  test('a local token’s source is local, and follows the token', async () => {
    const source = () => api.db.selectFrom('source').select('local').where('url', '=', 'intake:本地').executeTakeFirstOrThrow();
    const first = await sender('本地', true);
    await first.send([{ externalId: '1', title: '某处停电' }]);
    expect(await source()).toEqual({ local: true });
    await revokeApiToken(api.db, first.id, api.clock.now());
    await (await sender('本地')).send([{ externalId: '2', title: '某处停电了' }]);
    expect(await source()).toEqual({ local: false });
  });

  test('what bears the mark of a secret is refused, the batch with it', async () => {
    const { send } = await sender('涉密');
    const answer = await send([
      { externalId: '1', title: '正常' },
      { externalId: '2', title: '通报', text: '秘密★\n内容' },
    ]);
    expect(answer.body).toMatchObject({ code: 'bad-input', fields: [{ field: 'items.1.text' }] });
    expect(await api.db.selectFrom('item').select('id').where('title', '=', '正常').execute()).toEqual([]);
  });
});
