import { createReassessor, type JudgeHolder } from '@guanlan/classifier';
import {
  acknowledgeAlert,
  closeAlert,
  type Db,
  insertItems,
  publishLexicon,
  readReassessment,
  requestReassessment,
} from '@guanlan/database';
import { prepareItem } from '@guanlan/domain';
import { compileLexicon, createJudge, type Judge, lexiconDigest } from '@guanlan/lexicon';
import { manualClock } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countRows, openWorld, until, type World } from './path-world.ts';

const places = '[地名]\n县 巨鹿县|巨鹿\n';
const first = `[类别 accident]\n规则 火 IV\n 条件 起火\n${places}`;
const second = `[类别 accident]\n规则 火 II\n 条件 起火\n规则 炸 III\n 条件 爆炸\n${places}`;

describe('judging stored items anew', () => {
  let world: World;
  let clock: ReturnType<typeof manualClock>;
  beforeEach(async () => {
    clock = manualClock(new Date('2026-11-25T02:00:00Z'));
    world = await openWorld({ clock });
  });
  afterEach(() => world.close());

  const publish = async (db: Db, body: string) => {
    const id = await publishLexicon(db, { digest: lexiconDigest(body), body, note: '' });
    await requestReassessment(db, id, clock.now());
    return id;
  };
  const reassessor = (more = {}) =>
    createReassessor({
      ...{ db: world.db, bus: world.bus, clock, logger: world.logger },
      everyMs: 20,
      settleMs: 0,
      restMs: 0,
      batch: 7,
      ...more,
    });
  const finished = () =>
    until(
      () => readReassessment(world.db),
      (row) => row !== null && row.finishedAt !== null,
    );
  const store = async (titles: readonly string[], from = 0, at = clock.now()) => {
    const sourceId = await world.watch(`http://127.0.0.1:9/feed${from}`);
    const prepared = titles.map((title, n) => {
      const raw = { url: `https://news.example/${from + n}`, externalId: null, title, text: '', publishedAt: null };
      return { ...prepareItem(raw, { sourceId, authorKind: 'media' }), sourceId };
    });
    await insertItems(world.db, prepared, at);
    await world.bus.ring('items.collected', { itemIds: (await world.db.selectFrom('item').select('id').execute()).map((row) => row.id) });
    await until(
      () => countRows(world.db),
      (rows) => rows.pending === 0 && rows.undecided === 0 && rows.tallied === rows.relevant,
    );
  };
  const settled = () =>
    until(
      () => countRows(world.db),
      (rows) => rows.undecided === 0,
    );

  test('appends, keeps the old, counts each item once, and raises what rose', async () => {
    await publishLexicon(world.db, { digest: lexiconDigest(first), body: first, note: '' });
    await world.classifier();
    await world.dispatcher();
    await world.counter(50);
    const titles = Array.from({ length: 30 }, (_, n) =>
      n % 3 === 0 ? `巨鹿县第${n}处起火` : n % 3 === 1 ? `巨鹿县第${n}处爆炸` : `第${n}天晴`,
    );
    await store(titles);
    expect(await countRows(world.db)).toMatchObject({ assessments: 30, tallied: 10, alerts: 10 });

    const revisionId = await publish(world.db, second);
    const work = reassessor();
    await work.start();
    const row = await finished();
    await work.stop();
    expect(row).toMatchObject({ revisionId, total: 30, done: 30, raised: 20, lowered: 0 });
    await until(
      () => countRows(world.db),
      (rows) => rows.tallied === 20 && rows.alerts === 20 && rows.undecided === 0,
    );
    // Thirty of each revision; relevant ones of both, tallied once.
    expect(await countRows(world.db)).toMatchObject({ assessments: 60, relevant: 30, tallied: 20, counted: 20 });
    const alerts = await world.db.selectFrom('alert').select(['rank']).orderBy('id').execute();
    expect(alerts.filter((alert) => alert.rank === 3)).toHaveLength(10);
    const ranks = await world.db
      .selectFrom('assessment')
      .innerJoin('item', 'item.id', 'assessment.item_id')
      .select(['rank', 'revision_id'])
      .where('title', '=', '巨鹿县第0处起火')
      .orderBy('revision_id')
      .execute();
    expect(ranks.map((one) => one.rank)).toEqual([1, 3]);
  });

  test('is resumed where it was stopped, by whoever comes, and judges nothing twice', async () => {
    await publishLexicon(world.db, { digest: lexiconDigest(first), body: first, note: '' });
    await world.classifier();
    await world.dispatcher();
    await world.counter(50);
    await store(Array.from({ length: 40 }, (_, n) => `巨鹿县第${n}处起火`));
    const revisionId = await publish(world.db, second);
    // Judges that stop the work after ten items, in the middle of a batch.
    let judged = 0;
    const breaking: JudgeHolder = {
      current: async () => {
        const judge = createJudge(compileLexicon(second));
        if (judged >= 10) throw new Error('the machine was switched off');
        const assess: Judge['assess'] = (item) => {
          judged++;
          return judge.assess(item);
        };
        return { revisionId, judge: { ...judge, assess } };
      },
    };
    const broken = reassessor({ judges: breaking });
    await broken.start();
    await until(
      () => readReassessment(world.db),
      (row) => (row?.done ?? 0) >= 10,
    );
    await broken.stop();
    expect(await readReassessment(world.db)).toMatchObject({ done: 14, finishedAt: null });

    const both = [reassessor(), reassessor()];
    for (const one of both) await one.start();
    const row = await finished();
    for (const one of both) await one.stop();
    expect(row).toMatchObject({ total: 40, done: 40, raised: 40 });
    await settled();
    expect(await countRows(world.db)).toMatchObject({ assessments: 80, tallied: 40, counted: 40, alerts: 40 });
  });

  test('old happenings call nobody because rules changed; what was never judged does, however late', async () => {
    await publishLexicon(world.db, { digest: lexiconDigest(first), body: first, note: '' });
    await world.classifier();
    await world.dispatcher();
    await world.counter(50);
    await store(Array.from({ length: 30 }, (_, n) => `巨鹿县第${n}处爆炸`));
    clock.advance(3 * 86_400_000);
    await store(['巨鹿县北关爆炸'], 100);
    expect(await countRows(world.db)).toMatchObject({ alerts: 0, assessments: 31 });
    await publish(world.db, second);
    const work = reassessor();
    await work.start();
    expect(await finished()).toMatchObject({ raised: 31 });
    await work.stop();
    await until(
      () => countRows(world.db),
      (rows) => rows.tallied === 31 && rows.undecided === 0,
    );
    // All of them count and are events; only what happened within two days is a case.
    const cases = () =>
      world.db.selectFrom('alert').innerJoin('event', 'event.id', 'event_id').select('event.title').orderBy('alert.id').execute();
    expect(await cases()).toEqual([{ title: '巨鹿县北关爆炸' }]);
    // Collected three days ago and only judged now, because the classifier was away; it knows the new rules by then.
    clock.advance(10_000);
    await store(['巨鹿县南关爆炸'], 200, new Date(clock.now().getTime() - 3 * 86_400_000));
    expect(await cases()).toEqual([{ title: '巨鹿县北关爆炸' }, { title: '巨鹿县南关爆炸' }]);
  });

  test("never overrules a person's decision, nor calls anybody about an old story; a lower verdict takes nothing back", async () => {
    await publishLexicon(world.db, { digest: lexiconDigest(first), body: first, note: '' });
    await world.classifier();
    await world.dispatcher();
    await world.counter(50);
    await store(['巨鹿县东街起火', '巨鹿县西街爆炸', '巨鹿县南街起火']);
    const [east] = await world.db.selectFrom('alert').select(['id', 'event_id']).orderBy('id').execute();
    if (east === undefined) throw new Error('no alert');
    const act = { actor: '甲', note: '', now: clock.now() };
    await acknowledgeAlert(world.db, east.id, act);
    await closeAlert(world.db, east.id, { ...act, outcome: 'false-alarm' });
    clock.advance(10 * 86_400_000);
    await publish(world.db, second);
    const work = reassessor();
    await work.start();
    await finished();
    await work.stop();
    await until(
      () => countRows(world.db),
      (rows) => rows.tallied === 3,
    );
    // The explosion counts now; it is ten days old and nobody is called. The closed case stays closed, and struck.
    expect(await countRows(world.db)).toMatchObject({ alerts: 2, undecided: 0, struck: 1, counted: 2 });
    expect(await world.db.selectFrom('event').select('rank').where('id', '=', east.event_id).executeTakeFirst()).toEqual({ rank: 3 });

    await publish(world.db, `[类别 accident]\n规则 水 IV\n 条件 停水\n${places}`);
    const again = reassessor();
    await again.start();
    const row = await finished();
    await again.stop();
    expect(row).toMatchObject({ done: 3, lowered: 3 });
    expect(await countRows(world.db)).toMatchObject({ alerts: 2, counted: 2, struck: 1, undecided: 0 });
    expect((await world.db.selectFrom('event').select('rank').orderBy('rank').execute()).map((event) => event.rank)).toEqual([2, 3, 3]);
  });
});
