import { alertDetail, eventDetail, eventItemPage, eventPage, kindredEvents } from '@guanlan/contracts';
import { acknowledgeAlert, closeAlert, countOutcomes, countYear, createApiToken, verifyAlert } from '@guanlan/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { type SeedItem, seedEvent, seedEventAlert } from '../support/seed-event.ts';

let api: ApiHarness;
let cookie: string;
beforeAll(async () => {
  api = await startApi();
  cookie = await setUp(api);
});
afterAll(() => api.stop());

const get = (where: string) => api.browse(cookie, where);
const post = (where: string, body: unknown) => api.browse(cookie, where, { method: 'POST', body });
const ago = (hours: number) => new Date(api.clock.now().getTime() - hours * 3_600_000);
const told = (title: string, hours: number, more: Partial<SeedItem> = {}): SeedItem => ({ title, at: ago(hours), ...more });
const detail = async (id: number) => eventDetail.parse((await get(`/api/v1/events/${id}`)).body);
const listed = async (query: string) => eventPage.parse((await get(`/api/v1/events?${query}`)).body);
const tallies = async (ids: readonly number[]) =>
  (await api.db.selectFrom('tally').select('state').where('item_id', 'in', ids).orderBy('item_id').execute()).map((row) => row.state);
const act = () => ({ actor: '值班员甲', note: '', now: api.clock.now() });

describe('events as people see them', () => {
  test('newest activity first, filtered, page by page, whatever moves up meanwhile', async () => {
    const flood = await seedEvent(api.db, [told('列表甲：暴雨积水', 30, { categories: ['disaster'], rank: 3 }), told('列表甲：又报', 2)]);
    const food = await seedEvent(api.db, [told('列表乙：食堂异物', 5, { categories: ['food'], rank: 1, relevant: false })]);
    const fire = await seedEvent(api.db, [told('列表丙：仓库起火', 60, { rank: 4 })]);
    const ids = async (query: string) => (await listed(`text=列表&${query}`)).rows.map((row) => row.id);
    expect(await ids('')).toEqual([flood.eventId, food.eventId, fire.eventId]);
    expect(await ids('level=II')).toEqual([flood.eventId, fire.eventId]);
    expect(await ids('category=food')).toEqual([food.eventId]);
    expect(await ids('relevant=false')).toEqual([food.eventId]);
    expect(await ids(`since=${ago(10).toISOString()}`)).toEqual([flood.eventId, food.eventId]);
    expect(await ids(`until=${ago(20).toISOString()}`)).toEqual([flood.eventId, fire.eventId]);
    expect((await listed(`text=${food.eventId}`)).rows.map((row) => row.id)).toContain(food.eventId);
    const first = await listed('text=列表&limit=2');
    expect(first.rows).toHaveLength(2);
    // While somebody reads, an event of the first page moves up.
    await api.db
      .updateTable('event')
      .set({ last_seen_at: ago(0) })
      .where('id', '=', food.eventId)
      .execute();
    const second = await listed(`text=列表&limit=2&before=${first.next}`);
    expect(second.rows.map((row) => row.id)).toEqual([fire.eventId]);
    expect(second.next).toBeNull();
    for (const bad of ['before=abc', 'level=V', 'since=gestern', 'limit=0'])
      expect((await get(`/api/v1/events?${bad}`)).status, bad).toBe(400);
  });

  test('events that may be one happening: of one category, place and time, about the same thing, and no drill', async () => {
    const where = { places: ['巨鹿县', '张王疃乡'] };
    const post = await seedEvent(api.db, [told('张王疃乡这边一个轧花厂着火了', 3, where)]);
    const bulletin = await seedEvent(api.db, [told('张王疃乡轧花厂火灾情况通报', 1, { ...where, rank: 3 })]);
    await seedEvent(api.db, [told('张王疃乡一民房起火', 2, where)]);
    await seedEvent(api.db, [told('张王疃乡轧花厂欠薪', 2, { ...where, categories: ['labour-housing'] })]);
    await seedEvent(api.db, [told('堤村乡轧花厂着火', 2, { places: ['巨鹿县', '堤村乡'] })]);
    await seedEvent(api.db, [told('张王疃乡轧花厂着火旧闻', 24 * 9, where)]);
    const practised = await seedEvent(api.db, [told('张王疃乡轧花厂着火演练', 2, where)]);
    const drill = await api.db
      .insertInto('drill')
      .values({ script: 'test', title: '演练', actor: '值班员甲', started_at: ago(2) })
      .returning('id')
      .executeTakeFirstOrThrow();
    const step = { drill_id: drill.id, position: 1, due_at: ago(2), title: '', text: '', author_kind: 'media' as const };
    await api.db
      .insertInto('drill_step')
      .values({ ...step, item_id: practised.itemIds[0] ?? 0 })
      .execute();
    const beside = async (id: number) => kindredEvents.parse((await get(`/api/v1/events/${id}/kindred`)).body).rows;
    expect(await beside(post.eventId)).toMatchObject([{ id: bulletin.eventId, level: 'II', places: ['张王疃乡'], words: ['轧花厂'] }]);
    expect((await beside(bulletin.eventId)).map((row) => row.id)).toEqual([post.eventId]);
    expect(await beside(practised.eventId)).toEqual([]);
    expect(await beside(9_999_999)).toEqual([]);
  });

  test('a case: who spoke, when, what copies what, how hot, and the hours of Shanghai', async () => {
    const at = ago(0);
    const { eventId, itemIds } = await seedEvent(api.db, [
      told('厂房起火', 26, { source: '县融媒体中心', places: ['官亭镇'] }),
      told('厂房起火', 25, { source: '转载站', copyOf: 0 }),
      told('村民说厂房起火', 25, { source: '贴吧', authorKind: 'individual', rank: 3 }),
      told('厂房起火后续', 1, { source: '县融媒体中心' }),
      told('旧事重提', 24 * 40, { source: '县融媒体中心', rank: 1 }),
    ]);
    const alertId = await seedEventAlert(api.db, eventId, at);
    const found = await detail(eventId);
    expect(found).toMatchObject({
      ...{ title: '厂房起火', level: 'II', relevant: true, itemCount: 5, sourceCount: 3, places: ['官亭镇'], mergedInto: null },
      alert: { id: alertId, state: 'firing', outcome: null },
    });
    expect(found.sourceKinds).toEqual([
      { kind: 'media', sources: 2, items: 4 },
      { kind: 'individual', sources: 1, items: 1 },
    ]);
    expect(found.items.map((item) => item.id)).toEqual(itemIds.toReversed());
    expect(found.items.filter((item) => item.copyOf !== null)).toMatchObject([{ id: itemIds[1], copyOf: itemIds[0] }]);
    expect(found.alerts).toMatchObject([{ id: alertId, state: 'firing', level: 'III' }]);
    // 14 days of hours, whole ones, and what was before them as a number.
    expect(found.curve.hours).toHaveLength(336);
    expect(found.curve.earlier).toBe(1);
    expect(found.curve.hours.every((hour) => hour.at.endsWith(':00:00.000Z'))).toBe(true);
    expect(found.curve.hours.reduce((sum, hour) => sum + hour.reports + 100 * hour.copies, 0)).toBe(103);
    // Yesterday's: two items by new sources and a copy by another, halved; today's one by a source that has spoken.
    expect(found.heat).toBeGreaterThan(1 + (1 + 3 + 2.25) * 0.4);
    expect(found.heat).toBeLessThan(1 + (3 + 3 + 2.25) * 0.6);
    expect(found.burst).toMatchObject({ bursts: false, recent: 1 });
    expect((await get('/api/v1/events/999999')).body).toMatchObject({ status: 404, detail: '没有编号为 999999 的事件。' });
  });

  test('its items are read page by page, each once, however many there are', async () => {
    const { eventId, itemIds } = await seedEvent(
      api.db,
      Array.from({ length: 230 }, (_, n) => told(`长事件 ${n}`, 300 - n)),
    );
    const first = await detail(eventId);
    expect(first.items).toHaveLength(200);
    const page = async (before: number, limit: number) =>
      eventItemPage.parse((await get(`/api/v1/events/${eventId}/items?before=${before}&limit=${limit}`)).body);
    const second = await page(first.items.at(-1)?.id ?? 0, 20);
    const third = await page(second.next ?? 0, 20);
    expect([...first.items, ...second.rows, ...third.rows].map(({ id }) => id)).toEqual(itemIds.toReversed());
    expect(third.next).toBeNull();
    expect((await get(`/api/v1/events/${eventId}/items?limit=201`)).status).toBe(400);
  });

  test('what an office says after the matter was told is its response; what it says first is the news', async () => {
    const office = { source: '县应急管理局', authorKind: 'agency' } as const;
    const { eventId, itemIds } = await seedEvent(api.db, [
      told('仓库起火', 20),
      told('仓库火灾现场', 19, { source: '贴吧', authorKind: 'individual' }),
      told('关于仓库火灾的情况通报', 10, office),
      told('县融媒：官方通报仓库火灾', 9),
      told('关于仓库火灾的进展情况通报', 5, office),
    ]);
    expect((await detail(eventId)).response).toMatchObject({ itemId: itemIds[2], source: '县应急管理局', count: 2 });
    const alertId = await seedEventAlert(api.db, eventId, ago(20));
    const alert = alertDetail.parse((await get(`/api/v1/alerts/${alertId}`)).body);
    expect(alert.response).toMatchObject({ itemId: itemIds[2], title: '关于仓库火灾的情况通报', at: ago(10).toISOString() });
    const first = await seedEvent(api.db, [told('关于化工厂泄漏的情况通报', 3, office), told('化工厂泄漏', 2)]);
    expect((await detail(first.eventId)).response).toBeNull();
  });

  test('an event bursts against what its category and it itself usually bring', async () => {
    for (let n = 0; n < 30; n += 1) await seedEvent(api.db, [told(`平常 ${n}`, 50 + n, { categories: ['traffic'] })]);
    const loud = await seedEvent(
      api.db,
      Array.from({ length: 12 }, (_, n) => told(`突然很多 ${n}`, n / 8, { categories: ['traffic'], source: `源${n}` })),
    );
    const steady = await seedEvent(
      api.db,
      Array.from({ length: 72 }, (_, n) => told(`一直在说 ${n}`, n / 3, { categories: ['traffic'] })),
    );
    expect((await detail(loud.eventId)).burst).toMatchObject({ bursts: true, recent: 12, own: null });
    const { burst } = await detail(steady.eventId);
    expect(burst).toMatchObject({ bursts: false });
    expect(burst.own).toBeGreaterThan(6);
    const row = (await listed('text=突然很多')).rows[0];
    expect(row).toMatchObject({ id: loud.eventId, sourceCount: 12, burst: { bursts: true } });
  });
});

describe('split', () => {
  test('the items are an event of their own; both, the alert and the audit log say so', async () => {
    const { eventId, itemIds } = await seedEvent(api.db, [
      told('拆分前：甲镇停水', 3, { rank: 3 }),
      told('拆分前：乙镇停电', 2, { categories: ['public-service'] }),
      told('拆分前：乙镇停电', 1, { copyOf: 1, categories: ['public-service'] }),
    ]);
    const alertId = await seedEventAlert(api.db, eventId, ago(3));
    const answer = await post(`/api/v1/events/${eventId}/split`, { itemIds: [itemIds[2]], note: '两回事' });
    expect(answer.status).toBe(200);
    const made = eventDetail.parse(answer.body);
    expect(made).toMatchObject({ title: '拆分前：乙镇停电', level: 'III', itemCount: 2, categories: ['public-service'], alert: null });
    expect(made.entries).toMatchObject([{ kind: 'split-from', otherId: eventId, items: 2, actor: '管理员', note: '两回事' }]);
    const left = await detail(eventId);
    expect(left).toMatchObject({ title: '拆分前：甲镇停水', level: 'II', itemCount: 1, categories: ['accident'] });
    expect(left.lastSeenAt).toBe(ago(3).toISOString());
    expect(left.entries).toMatchObject([{ kind: 'split-off', title: '拆出', otherId: made.id, items: 2 }]);
    const alert = (await get(`/api/v1/alerts/${alertId}`)).body;
    expect(alert).toMatchObject({ eventId, state: 'firing' });
    expect(alert.timeline.at(-1)).toMatchObject({ kind: 'event-split', title: '事件拆分', actor: '管理员' });
    expect(alert.timeline.at(-1).note).toBe(`2 条信息已拆出，成为事件 ${made.id}。两回事`);
    expect((await get('/api/v1/audit')).body.rows[0]).toMatchObject({
      ...{ actor: '管理员', act: 'event.split', subject: `event:${eventId}`, data: { into: made.id, items: 2 } },
    });
    expect(await tallies(itemIds)).toEqual(['counted', 'counted', 'duplicate']);
    // The dispatcher is to look at both.
    const waiting = await api.db.selectFrom('event').select('id').where('decide_at', 'is not', null).orderBy('id').execute();
    expect(waiting.map((row) => row.id)).toEqual(expect.arrayContaining([eventId, made.id]));
  });

  test('history taken apart calls nobody', async () => {
    const { eventId, itemIds } = await seedEvent(api.db, [told('旧事甲', 24 * 30), told('旧事乙', 24 * 29)]);
    const { body } = await post(`/api/v1/events/${eventId}/split`, { itemIds: [itemIds[1]] });
    const rows = await api.db.selectFrom('event').select(['relevant', 'decide_at']).where('id', 'in', [eventId, body.id]).execute();
    expect(rows).toEqual([
      { relevant: true, decide_at: null },
      { relevant: true, decide_at: null },
    ]);
  });

  test('what makes no sense is refused with one sentence, and changes nothing', async () => {
    const one = await seedEvent(api.db, [told('甲', 2), told('乙', 1), told('乙', 1, { copyOf: 1 })]);
    const [a = 0, b = 0] = one.itemIds;
    const before = await detail(one.eventId);
    const split = async (id: number, itemIds: unknown) => {
      const { body } = await post(`/api/v1/events/${id}/split`, { itemIds });
      return `${body.code}: ${body.detail}`;
    };
    expect(await split(one.eventId, [])).toMatch(/^bad-input: /u);
    expect(await split(one.eventId, [a, 999_999])).toBe(`bad-input: 信息 999999 不在事件 ${one.eventId} 中，请刷新后重新勾选。`);
    expect(await split(one.eventId, [a, b])).toMatch(/^bad-input: 选中的是事件 \d+ 的全部信息/u);
    expect(await split(999_999, [a])).toBe('not-found: 没有编号为 999999 的事件。');
    expect(await detail(one.eventId)).toEqual(before);
    const reader = await createApiToken(api.db, { name: 'reader', scopes: ['read'], now: api.clock.now() });
    const refused = await api.ask(`/api/v1/events/${one.eventId}/split`, {
      method: 'POST',
      headers: { authorization: `Bearer ${reader.token}` },
      body: { itemIds: [a] },
    });
    expect(refused.status).toBe(403);
  });

  test('what is taken out of a false alarm is counted again', async () => {
    const { eventId, itemIds } = await seedEvent(api.db, [told('误报甲', 3), told('误报乙', 2), told('误报乙', 1, { copyOf: 1 })]);
    const alertId = await seedEventAlert(api.db, eventId, ago(3));
    await closeAlert(api.db, alertId, { ...act(), outcome: 'false-alarm' });
    expect(await tallies(itemIds)).toEqual(['struck', 'struck', 'struck']);
    await post(`/api/v1/events/${eventId}/split`, { itemIds: [itemIds[1]] });
    expect(await tallies(itemIds)).toEqual(['struck', 'counted', 'duplicate']);
  });
});

test('a split and the closing of the alert at the same moment wait for one another, and whoever is second sees the first', async () => {
  for (let turn = 0; turn < 8; turn += 1) {
    const { eventId, itemIds } = await seedEvent(api.db, [told(`同时甲 ${turn}`, 2), told(`同时乙 ${turn}`, 1)]);
    const alertId = await seedEventAlert(api.db, eventId, ago(2));
    const [split, closed] = await Promise.all([
      post(`/api/v1/events/${eventId}/split`, { itemIds: [itemIds[1]] }),
      post(`/api/v1/alerts/${alertId}/close`, { outcome: 'false-alarm' }),
    ]);
    expect([split.status, closed.status]).toEqual([200, 200]);
    expect(await tallies(itemIds)).toEqual(['struck', 'counted']);
  }
});

describe('merge', () => {
  test('the open alert goes along; the emptied event says where its items are and is in no list', async () => {
    const from = await seedEvent(api.db, [told('合并甲：一处起火', 4, { rank: 3 }), told('合并甲：续报', 3)]);
    const into = await seedEvent(api.db, [told('合并乙：同一处起火', 2, { categories: ['disaster'] })]);
    const alertId = await seedEventAlert(api.db, from.eventId, ago(4));
    const answer = await post(`/api/v1/events/${from.eventId}/merge`, { into: into.eventId, note: '同一场火' });
    const merged = eventDetail.parse(answer.body);
    expect(merged).toMatchObject({
      ...{ id: into.eventId, title: '合并乙：同一处起火', level: 'II', itemCount: 3, alert: { id: alertId, state: 'firing' } },
      ...{ firstSeenAt: ago(4).toISOString(), lastSeenAt: ago(2).toISOString(), categories: ['accident', 'disaster'] },
      entries: [{ kind: 'merged-from', otherId: from.eventId, items: 2, note: '同一场火' }],
    });
    expect(await detail(from.eventId)).toMatchObject({ mergedInto: into.eventId, itemCount: 0, items: [], alerts: [], level: 'none' });
    expect((await listed('text=合并')).rows.map((row) => row.id)).toEqual([into.eventId]);
    const alert = (await get(`/api/v1/alerts/${alertId}`)).body;
    expect(alert).toMatchObject({ eventId: into.eventId, state: 'firing', itemCount: 3 });
    expect(alert.timeline.at(-1).note).toBe(
      `事件 ${from.eventId} 已并入事件 ${into.eventId}，本预警随之转到事件 ${into.eventId}。同一场火`,
    );
    expect((await get('/api/v1/audit')).body.rows[0]).toMatchObject({
      ...{ act: 'event.merge', subject: `event:${from.eventId}`, data: { into: into.eventId, items: 2 } },
    });
    expect((await get('/api/v1/audit/verification')).body.ok).toBe(true);

    // Further on: whoever asks for the first finds the last.
    const last = await seedEvent(api.db, [told('合并丙', 1)]);
    await post(`/api/v1/events/${into.eventId}/merge`, { into: last.eventId });
    expect(await detail(from.eventId)).toMatchObject({ mergedInto: last.eventId });
    expect(await tallies([...from.itemIds, ...into.itemIds])).toEqual(['counted', 'counted', 'counted']);
  });

  test('where both have an open alert, one goes on and the other is closed with its number', async () => {
    const [from, into] = [await seedEvent(api.db, [told('双警甲', 2)]), await seedEvent(api.db, [told('双警乙', 1)])];
    const [closing, staying] = [await seedEventAlert(api.db, from.eventId, ago(2)), await seedEventAlert(api.db, into.eventId, ago(1))];
    await post(`/api/v1/events/${from.eventId}/merge`, { into: into.eventId });
    const closed = (await get(`/api/v1/alerts/${closing}`)).body;
    expect(closed).toMatchObject({ state: 'closed', outcome: 'no-answer-needed', eventId: from.eventId });
    expect(closed.timeline.at(-1).note).toBe(`事件 ${from.eventId} 已并入事件 ${into.eventId}，由预警 ${staying} 继续处理。`);
    const open = (await get(`/api/v1/alerts/${staying}`)).body;
    expect(open).toMatchObject({ state: 'firing', itemCount: 2 });
    expect(open.timeline.at(-1)).toMatchObject({ kind: 'event-merged' });
    expect(open.timeline.at(-1).note).toContain(`预警 ${closing} 随之办结`);
    expect(await tallies([...from.itemIds, ...into.itemIds])).toEqual(['counted', 'counted']);
  });

  test('what was confirmed stays confirmed, and nothing is confirmed by merging alone', async () => {
    const confirmed = async () => (await countYear(api.db, api.clock.now().getFullYear())).confirmed;
    const story = async (title: string, verify: boolean, close = false) => {
      const { eventId } = await seedEvent(api.db, [told(`${title}甲`, 8), told(`${title}乙`, 7)]);
      const id = await seedEventAlert(api.db, eventId, ago(7));
      if (verify) await acknowledgeAlert(api.db, id, act());
      if (verify) await verifyAlert(api.db, id, act());
      if (close) await closeAlert(api.db, id, { ...act(), outcome: 'answered' });
      return eventId;
    };
    const merge = async (id: number, into: number) => expect((await post(`/api/v1/events/${id}/merge`, { into })).status).toBe(200);
    const before = await confirmed();
    const outcomes = await countOutcomes(api.db, ago(24));
    const both = [await story('属实一', true), await story('属实二', true)] as const;
    const answered = [await story('已答一', true, true), await story('已答二', true, true)] as const;
    const [real, unknown] = [await story('属实三', true), await story('未核', false)];
    const neither = [await story('未核一', false), await story('未核二', false)] as const;
    expect(await confirmed()).toBe(before + 10);
    await merge(both[0], both[1]);
    await merge(answered[0], answered[1]);
    expect(await confirmed(), 'two confirmed stories are one').toBe(before + 10);
    await merge(real, unknown);
    expect(await confirmed(), 'the story is confirmed, with all that tells it').toBe(before + 12);
    await merge(neither[0], neither[1]);
    expect(await confirmed(), 'its alert was closed by the merge, and by nobody who knew').toBe(before + 12);
    // And wherever it is merged on.
    await merge(unknown, neither[1]);
    expect(await confirmed()).toBe(before + 16);
    const now = await countOutcomes(api.db, ago(24));
    expect(now.confirmed - outcomes.confirmed).toBe(5);
  });

  test('a false alarm never strikes what is merged into it; merged into a true one it is counted again', async () => {
    const [wrong, right] = [await seedEvent(api.db, [told('并误报', 2)]), await seedEvent(api.db, [told('并真事', 1)])];
    const alertId = await seedEventAlert(api.db, wrong.eventId, ago(2));
    await closeAlert(api.db, alertId, { ...act(), outcome: 'false-alarm' });
    const refused = (await post(`/api/v1/events/${right.eventId}/merge`, { into: wrong.eventId })).body;
    expect(refused).toMatchObject({ status: 409 });
    expect(refused.detail).toContain(`请改为把事件 ${wrong.eventId} 并入事件 ${right.eventId}`);
    await post(`/api/v1/events/${wrong.eventId}/merge`, { into: right.eventId });
    expect(await tallies([...wrong.itemIds, ...right.itemIds])).toEqual(['counted', 'counted']);
    expect((await get(`/api/v1/alerts/${alertId}`)).body).toMatchObject({ eventId: wrong.eventId, outcome: 'false-alarm' });
  });

  test('an answered story does not call again when it is merged into what concerned nobody', async () => {
    const from = await seedEvent(api.db, [told('已答复的事', 2)]);
    const into = await seedEvent(api.db, [told('外地的同一件事', 1, { relevant: false })]);
    const alertId = await seedEventAlert(api.db, from.eventId, ago(2));
    await closeAlert(api.db, alertId, { ...act(), outcome: 'answered' });
    await post(`/api/v1/events/${from.eventId}/merge`, { into: into.eventId });
    expect(await detail(into.eventId)).toMatchObject({ relevant: true, alert: { id: alertId, state: 'closed', outcome: 'answered' } });
  });

  test('itself, the unknown and the merged are refused with one sentence', async () => {
    const [a, b, c] = [
      await seedEvent(api.db, [told('拒绝甲', 3), told('拒绝甲二', 3)]),
      await seedEvent(api.db, [told('拒绝乙', 2)]),
      await seedEvent(api.db, [told('拒绝丙', 1)]),
    ];
    await post(`/api/v1/events/${a.eventId}/merge`, { into: b.eventId });
    const merge = async (id: number, into: number) => (await post(`/api/v1/events/${id}/merge`, { into })).body.detail;
    const gone = `事件 ${a.eventId} 已并入事件 ${b.eventId}，请到那里操作。`;
    expect(await merge(c.eventId, c.eventId)).toContain('不能把事件');
    expect(await merge(c.eventId, 999_999)).toBe('没有编号为 999999 的事件。');
    expect(await merge(a.eventId, c.eventId)).toBe(gone);
    expect(await merge(c.eventId, a.eventId)).toBe(gone);
    expect((await post(`/api/v1/events/${a.eventId}/split`, { itemIds: [a.itemIds[0]] })).body.detail).toBe(gone);
    expect(await detail(c.eventId)).toMatchObject({ itemCount: 1, entries: [] });
  });
});
