import { alertDetail, alertPage } from '@guanlan/contracts';
import { loadEventFacts } from '@guanlan/database';
import { decide } from '@guanlan/dispatcher';
import type { LevelThresholds } from '@guanlan/domain';
import { dayKindOf, loadAlertPolicy } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { type Told, tell } from './dispatcher-world.ts';

const policy = await loadAlertPolicy();
const levels: LevelThresholds = {
  ...{ version: 7, windowHours: 2, mostRaise: 2, highest: 'II' },
  spread: [{ name: '传播面广', sources: 4, raise: 1 }],
  growth: [{ name: '增长快', recent: 6, growth: 3, raise: 1 }],
};

describe('the level of an event', () => {
  let api: ApiHarness;
  let cookie: string;
  const start = new Date('2026-11-25T00:00:00Z');
  const at = (hours: number) => new Date(start.getTime() + hours * 3_600_000);
  beforeEach(async () => {
    api = await startApi();
    cookie = await setUp(api);
    api.clock.set(at(12));
  });
  afterEach(() => api.stop());
  const get = async (id: number) => alertDetail.parse((await api.browse(cookie, `/api/v1/alerts/${id}`)).body);
  const post = (where: string, body: unknown = {}) => api.browse(cookie, where, { method: 'POST', body });
  const story = (source: string): Told => ({ story: '食堂', level: 'IV', source });
  const told = async (items: readonly Told[], now: Date) => {
    const events = await tell(api.db, items, now);
    await decide(api.db, events, { now, publicUrl: null, levels, policy, policyId: null, dayKind: dayKindOf });
    return events;
  };
  const only = async () => (await api.db.selectFrom('alert').select('id').executeTakeFirstOrThrow()).id;

  test('is proposed from contents, then from spread and growth, with the reasons and the version of the thresholds', async () => {
    const [event = 0] = await told([story('甲')], at(0));
    expect(await get(await only())).toMatchObject({ level: 'IV', proposal: { level: 'IV', raisedBy: [], version: 7 }, confirmed: null });
    await told(['乙', '丙', '丁'].map(story), at(4));
    expect(await get(await only())).toMatchObject({ level: 'III', proposal: { level: 'III', raisedBy: ['传播面广（4 个信息源）'] } });
    await told(
      Array.from({ length: 9 }, () => story('戊')),
      at(8),
    );
    const facts = (await loadEventFacts(api.db, [event], { now: at(8), windowMs: 2 * 3_600_000 })).get(event);
    // Four items in the three windows before, nine in this one. Their texts are alike but for the addresses: one.
    expect(facts).toEqual({ rank: 1, items: 1, sources: 5, sourceKinds: 1, recent: 9, growth: 6.75 });
    const alert = await get(await only());
    expect(alert).toMatchObject({
      level: 'II',
      proposal: { level: 'II', raisedBy: [expect.stringContaining('传播面广'), '增长快（近 2 小时 9 条，为此前的 6.8 倍）'] },
    });
    expect(alert.timeline.filter(({ kind }) => kind === 'level-raised').map(({ note }) => note)).toEqual([
      '建议由IV级升为III级；传播面广（4 个信息源）',
      '建议由III级升为II级；传播面广（5 个信息源）；增长快（近 2 小时 9 条，为此前的 6.8 倍）',
    ]);
  });

  test("is a person's once a person has confirmed it; later proposals stand beside it", async () => {
    await told([story('甲')], at(0));
    const id = await only();
    expect((await post(`/api/v1/alerts/${id}/level`, { level: 'none' })).body).toMatchObject({ fields: [{ field: 'level' }] });
    const confirmed = alertDetail.parse((await post(`/api/v1/alerts/${id}/level`, { level: 'III', note: '涉及学校' })).body);
    expect(confirmed).toMatchObject({ level: 'III', proposal: { level: 'IV' }, confirmed: { by: '管理员' } });
    expect(confirmed.timeline.at(-1)).toMatchObject({
      kind: 'level-confirmed',
      title: '核定级别',
      note: '核定III级·较大（建议IV级·一般）：涉及学校',
    });
    expect((await api.browse(cookie, '/api/v1/audit')).body.rows[0]).toMatchObject({ act: 'alert.level', data: { level: 'III' } });
    await told([{ story: '食堂', level: 'I' }], at(1));
    expect(await get(id)).toMatchObject({ level: 'III', proposal: { level: 'I' }, confirmed: { by: '管理员' } });
    const listed = async (level: string) => alertPage.parse((await api.browse(cookie, `/api/v1/alerts?level=${level}`)).body).rows.length;
    expect([await listed('III'), await listed('II')]).toEqual([1, 0]);
    await post(`/api/v1/alerts/${id}/close`, { outcome: 'answered' });
    expect((await post(`/api/v1/alerts/${id}/level`, { level: 'IV' })).body).toMatchObject({ status: 409 });
  });

  test('of a closed story is not raised by its copies, only by what they say', async () => {
    await told([story('甲')], at(0));
    await post(`/api/v1/alerts/${await only()}/close`, { outcome: 'answered' });
    await told(['乙', '丙', '丁', '戊', '己'].map(story), at(1));
    expect(await api.db.selectFrom('alert').select('id').execute()).toHaveLength(1);
    await told([{ story: '食堂', level: 'II', source: '庚' }], at(2));
    expect(await api.db.selectFrom('alert').select('id').execute()).toHaveLength(2);
  });
});
