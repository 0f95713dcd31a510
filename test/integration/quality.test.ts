import { alertPage, qualityView, rankingView, sampleItems } from '@guanlan/contracts';
import { createSampler } from '@guanlan/counter';
import { acknowledgeAlert, closeAlert, type Db, drawSample, verifyAlert } from '@guanlan/database';
import type { Outcome } from '@guanlan/domain';
import { createLogger } from '@guanlan/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';

describe('the quality of judgement', () => {
  let api: ApiHarness;
  let cookie: string;
  beforeAll(async () => {
    api = await startApi();
    cookie = await setUp(api);
    api.clock.set(new Date('2026-11-25T02:00:00Z'));
  });
  afterAll(() => api.stop());
  const get = (where: string) => api.browse(cookie, where);
  const post = (where: string, body?: unknown) => api.browse(cookie, where, { method: 'POST', body });

  /** An alert that one rule spoke for, and how it came out. */
  const alert = async (rule: string, outcome: Outcome | 'verified' | 'open', title = `${rule}的起火`) => {
    const seeded = await seedAlert(api.db, api.clock.now(), title);
    const reason = { rule, category: 'accident', term: '起火', field: 'title', start: 0, end: 2, text: title.slice(0, 2) };
    // Rows of the classifier are never changed; this one is written anew.
    const { revision_id } = await api.db
      .selectFrom('assessment')
      .select('revision_id')
      .where('item_id', '=', seeded.itemId)
      .executeTakeFirstOrThrow();
    await api.db.deleteFrom('assessment').where('item_id', '=', seeded.itemId).execute();
    await api.db
      .insertInto('assessment')
      .values({
        ...{ item_id: seeded.itemId, revision_id, rank: 3, score: 8, local: true, relevant: true },
        ...{ categories: ['accident'], places: ['本县'], reasons: JSON.stringify([reason, { ...reason, start: 2 }]) },
      })
      .execute();
    const act = { actor: '甲', note: outcome === 'false-alarm' ? '是演练' : '', now: api.clock.now() };
    if (outcome !== 'open') await acknowledgeAlert(api.db, seeded.alertId, act);
    if (outcome === 'verified') await verifyAlert(api.db, seeded.alertId, act);
    else if (outcome !== 'open') await closeAlert(api.db, seeded.alertId, { ...act, outcome });
    return seeded;
  };

  test('precision per rule, with an interval, the worst first and with their false alarms', async () => {
    for (let n = 0; n < 8; n++) await alert('火灾', n < 6 ? 'answered' : n < 7 ? 'verified' : 'false-alarm');
    for (let n = 0; n < 8; n++) await alert('停水', n < 2 ? 'no-answer-needed' : 'false-alarm', `第${n}次停水演练`);
    await alert('塌陷', 'handed-over');
    await alert('塌陷', 'open');
    const quality = qualityView.parse((await get('/api/v1/quality')).body);
    expect(quality.alerts).toMatchObject({ confirmed: 10, falseAlarms: 7, undecided: 1, precision: { value: 10 / 17, n: 17 } });
    expect(quality.rules.map((rule) => [rule.rule, rule.confirmed, rule.falseAlarms, rule.undecided])).toEqual([
      ['停水', 2, 6, 0],
      ['火灾', 7, 1, 0],
      ['塌陷', 1, 0, 1],
    ]);
    const [worst] = quality.rules;
    expect(worst?.precision?.value).toBe(0.25);
    expect(worst?.precision?.low).toBeCloseTo(0.0715, 3);
    expect(worst?.precision?.high).toBeCloseTo(0.5907, 3);
    expect(worst?.falseAlarmAlerts).toHaveLength(5);
    expect(worst?.falseAlarmAlerts[0]).toMatchObject({ title: '第7次停水演练', note: '是演练' });
    expect(quality).toMatchObject({ samples: [], missed: null, ranking: null });
  });

  test('the order learned from outcomes explains itself, and has every open alert in it', async () => {
    const before = rankingView.parse((await get('/api/v1/alerts/ranking')).body);
    expect(before.model).toBeNull();
    expect(before.rows.every((row) => row.probability === null)).toBe(true);
    // Noise that mostly is noise, and fires that mostly are fires, mixed as days mix them.
    for (let n = 0; n < 20; n++) {
      await alert('停水', n % 7 === 0 ? 'answered' : 'false-alarm');
      await alert('火灾', n % 7 === 0 ? 'false-alarm' : 'answered');
    }
    const noise = await alert('停水', 'open');
    const fire = await alert('火灾', 'open');
    const late = await alert('停水', 'open');
    const ranking = rankingView.parse((await get('/api/v1/alerts/ranking')).body);
    const open = alertPage.parse((await get('/api/v1/alerts?open=true&limit=200')).body).rows.map((row) => row.id);
    expect(ranking.rows.map((row) => row.id).sort()).toEqual(open.sort());
    const order = ranking.rows.map((row) => row.id);
    expect(order.indexOf(fire.alertId)).toBeLessThan(order.indexOf(noise.alertId));
    expect(order).toContain(late.alertId);
    expect(ranking.model).toMatchObject({ confirmed: 30, falseAlarms: 27 });
    expect(ranking.model?.auc).toBeGreaterThan(0.7);
    const row = ranking.rows.find((one) => one.id === noise.alertId);
    expect(row?.probability).toBeLessThan(0.5);
    expect(row?.because[0]).toMatchObject({ title: '这些规则以往误报多' });
    expect(row?.because[0]?.effect).toBeLessThan(0);
    expect(qualityView.parse((await get('/api/v1/quality')).body).ranking?.features[0]).toMatchObject({ id: 'rule-record' });
  });

  describe('the weekly sample', () => {
    const week = '2026-W47';
    const span = { from: new Date('2026-11-15T16:00:00Z'), to: new Date('2026-11-22T16:00:00Z') };
    beforeEach(() => clear(api.db));

    test('is drawn once a week from what made no alert, and estimates what was missed', async () => {
      await store(api.db, 40, new Date('2026-11-18T02:00:00Z'), { local: true });
      await store(api.db, 300, new Date('2026-11-19T02:00:00Z'), { local: false });
      await store(api.db, 5, new Date('2026-11-23T02:00:00Z'), { local: true });
      api.clock.set(new Date('2026-11-18T02:00:00Z'));
      await alert('火灾', 'open', '预警过的起火');
      api.clock.set(new Date('2026-11-25T02:00:00Z'));
      const two = [0, 1].map(() => createSampler({ db: api.db, clock: api.clock, logger: createLogger({ level: 'silent' }), everyMs: 20 }));
      for (const sampler of two) await sampler.start();
      await expect.poll(async () => (await get('/api/v1/quality')).body.samples.length, { timeout: 20_000 }).toBe(1);
      for (const sampler of two) await sampler.stop();

      const [sample] = qualityView.parse((await get('/api/v1/quality')).body).samples;
      expect(sample).toMatchObject({
        week,
        strata: [
          { stratum: 'local', population: 40, drawn: 30, judged: 0, missed: 0 },
          { stratum: 'other', population: 300, drawn: 20, judged: 0, missed: 0 },
        ],
        missed: null,
      });
      const { rows } = sampleItems.parse((await get(`/api/v1/quality/samples/${week}`)).body);
      expect(rows).toHaveLength(50);
      expect(rows.some((row) => row.title === '预警过的起火')).toBe(false);
      for (const [n, row] of rows.entries()) {
        const answer = await post(`/api/v1/quality/samples/${week}/items/${row.itemId}`, { verdict: n < 3 ? 'missed' : 'fine', note: '' });
        expect(answer.body).toMatchObject({ itemId: row.itemId, judgedBy: '管理员' });
      }
      const quality = qualityView.parse((await get('/api/v1/quality')).body);
      expect(quality.samples[0]?.missed).toMatchObject({ value: 4, judged: 50, population: 340 });
      expect(quality.missed).toMatchObject({ value: 4, low: expect.any(Number), high: expect.any(Number) });
      expect(quality.missed?.low).toBeGreaterThanOrEqual(3);
      expect((await get('/api/v1/audit')).body.rows[0]).toMatchObject({ act: 'quality.judge', data: { week, verdict: 'fine' } });
      expect((await post(`/api/v1/quality/samples/${week}/items/1`, { verdict: 'fine' })).status).toBe(404);
    });

    test('is decided by its seed, and every item is as likely as another', async () => {
      await store(api.db, 30, new Date('2026-11-18T02:00:00Z'), { local: true });
      const draws = new Map<number, number>();
      const drawn = async (seed: number) => {
        await clearSamples(api.db);
        expect(await drawSample(api.db, { week, span, sizes: { local: 10, other: 0 }, seed, now: api.clock.now() })).toBe(true);
        return (await api.db.selectFrom('sample_item').select('item_id').orderBy('item_id').execute()).map((row) => row.item_id);
      };
      expect(await drawn(1)).toEqual(await drawn(1));
      for (let seed = 1; seed <= 60; seed++) for (const id of await drawn(seed)) draws.set(id, (draws.get(id) ?? 0) + 1);
      // 20 of 60 expected each, with a deviation of 3.7: five deviations is never.
      expect(draws.size).toBe(30);
      for (const times of draws.values()) expect(Math.abs(times - 20)).toBeLessThan(19);
    });
  });
});

/** Items that were judged and made no alert. */
async function store(db: Db, count: number, at: Date, { local }: { local: boolean }): Promise<void> {
  const source = await db
    .insertInto('source')
    .values({ kind: 'feed', name: '源', url: `http://127.0.0.1/${crypto.randomUUID()}`, local: false })
    .returning('id')
    .executeTakeFirstOrThrow();
  const revision = await db.selectFrom('lexicon_revision').select('id').executeTakeFirstOrThrow();
  for (let n = 0; n < count; n++) {
    const key = crypto.randomUUID();
    const { id } = await db
      .insertInto('item')
      .values({ key, fingerprint: key, source_id: source.id, author_kind: 'media', title: `第${n}条`, text: '平常', collected_at: at })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .insertInto('assessment')
      .values({ item_id: id, revision_id: revision.id, rank: 0, score: 0, local, relevant: false, reasons: null, suppressed: null })
      .execute();
  }
}

async function clear(db: Db): Promise<void> {
  await clearSamples(db);
  await db.deleteFrom('item').where('id', 'not in', db.selectFrom('event_item').select('item_id')).execute();
}

async function clearSamples(db: Db): Promise<void> {
  for (const table of ['sample_item', 'sample_stratum', 'sample'] as const) await db.deleteFrom(table).execute();
}
