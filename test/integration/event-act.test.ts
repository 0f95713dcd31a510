import { type EventActed, mergeEvent, splitEvent } from '@guanlan/database';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { countRows, openWorld, rss, until, type World } from './path-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const text =
  '11月24日上午9时许，巨鹿县官亭镇工业园区一家塑料制品厂的厂房突发火灾，现场浓烟滚滚，有3名工人一度被困。消防救援大队接警后出动6车28人赶赴现场，' +
  '10时20分明火被扑灭，被困人员全部救出，其中2人轻伤，已送医治疗。起火原因正在调查，周边群众已有序疏散。';
const fire = { title: '巨鹿县官亭镇一塑料厂厂房突发火灾', link: 'http://a.example/1', text };
const rewritten = {
  title: '官亭镇一塑料厂厂房突发火灾 消防出动6车28人',
  link: 'http://b.example/1',
  text: `据县融媒体中心消息，${text.replace('浓烟滚滚', '冒出大量黑烟').replace('起火原因正在调查', '具体起火原因有关部门正在进一步调查')}`,
};
const other = {
  title: '巨鹿县小吕寨镇一纺织厂厂房突发火灾',
  link: 'http://d.example/1',
  text:
    '11月24日下午3时许，巨鹿县小吕寨镇一家纺织厂的厂房突发火灾，现场浓烟滚滚，有7名工人一度被困。消防救援大队接警后出动9车41人赶赴现场，' +
    '17时05分明火被扑灭，被困人员全部救出，其中1人轻伤，已送医治疗。起火原因正在调查。',
};
type Told = typeof fire;
const copyOf = (entry: Told): Told => ({ ...entry, link: `${entry.link}/copy` });
/** The same told once more, a word changed. */
const retold = (entry: Told): Told => ({ ...entry, link: `${entry.link}/retold`, text: entry.text.replace('赶赴现场', '赶到现场') });

interface Member {
  event: number;
  seed: number;
  seq: number;
  copyOf: number | null;
  id: number;
}

interface Watched extends World {
  /** Publishes entries, one source each, and waits until all is grouped, decided and counted. */
  publish(...entries: Told[]): Promise<void>;
  restart(): Promise<void>;
  member(entry: Told): Promise<Member>;
  acted(act: (tx: World['db']) => Promise<EventActed>): Promise<EventActed>;
}

async function watched(): Promise<Watched> {
  const w = await openWorld({ way: 'at the door' });
  closers.push(() => w.close());
  const bodies = new Map<string, string>();
  const origin = await w.serve((request, response) => {
    const body = bodies.get(request.url ?? '');
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
  });
  const start = async () => {
    await w.classifier();
    await w.crawler();
    await w.dispatcher();
    await w.counter(50);
  };
  await start();
  let published = 0;
  return {
    ...w,
    publish: async (...entries) => {
      for (const entry of entries) {
        published += 1;
        bodies.set(`/${published}.xml`, rss([entry]));
        await w.watch(`${origin}/${published}.xml`, { local: true });
        await settled(w, published);
      }
    },
    restart: async () => {
      await w.stop();
      await start();
    },
    member: async ({ link }) => {
      const { rows } = await sql<Member>`
        select ei.event_id as event, ei.seed_id as seed, ei.seq, ei.copy_of as "copyOf", i.id
        from event_item ei join item i on i.id = ei.item_id where i.url = ${link}`.execute(w.db);
      const [row] = rows;
      if (!row) throw new Error(`${link} is in no event`);
      return row;
    },
    acted: async (act) => {
      const done = await w.db.transaction().execute(act);
      const waiting = await w.db.selectFrom('event').select('id').where('decide_at', 'is not', null).execute();
      await w.bus.ring('events.assessed', { eventIds: waiting.map((event) => event.id) });
      await settled(w, published);
      return done;
    },
  };
}

const settled = (w: World, items: number) =>
  until(
    () => countRows(w.db),
    (n) => n.grouped === items && n.tallied === items && n.undecided === 0,
  );

const eventRow = (w: World, id: number) =>
  w.db
    .selectFrom('event')
    .select(['title', 'rank', 'relevant', 'item_count', 'merged_into', 'categories', 'first_seen_at', 'last_seen_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

const act = { actor: '值班员甲', note: '', now: new Date() };

describe.each(['while all runs on', 'after a restart'])('what comes later follows the decision, %s', (when) => {
  const then = async (w: Watched) => {
    if (when === 'after a restart') await w.restart();
  };

  test('split: the text and what reads like it join the new event, the rest the old one', { timeout: 120_000 }, async () => {
    const w = await watched();
    await w.publish(fire, rewritten, copyOf(rewritten));
    const before = await w.member(fire);
    const moving = await w.member(rewritten);
    expect(moving.event).toBe(before.event);

    // Its copy is not named, and goes along.
    const { eventId, items } = await w.acted((tx) => splitEvent(tx, before.event, { ...act, itemIds: [moving.id] }));
    expect(items).toBe(2);
    const moved = await w.member(rewritten);
    expect(moved).toMatchObject({ event: eventId, seed: moving.id });
    expect(moved.seq).toBeGreaterThan((await w.member(fire)).seq);
    expect(await w.member(copyOf(rewritten))).toMatchObject({ event: eventId, seed: moving.id, copyOf: moving.id });
    expect(await w.member(fire)).toEqual(before);
    expect(await eventRow(w, before.event)).toMatchObject({ item_count: 1, title: fire.title, relevant: true });
    expect(await eventRow(w, eventId)).toMatchObject({ item_count: 2, title: rewritten.title, relevant: true, categories: ['accident'] });
    // A story of its own is a case of its own.
    const alerts = await w.db.selectFrom('alert').select('event_id').orderBy('id').execute();
    expect(alerts.map((alert) => alert.event_id)).toEqual([before.event, eventId]);

    await then(w);
    await w.publish(retold(rewritten), { ...copyOf(rewritten), link: 'http://late.example/1' }, retold(fire), copyOf(fire));
    expect((await w.member(retold(rewritten))).event).toBe(eventId);
    expect((await w.member({ ...rewritten, link: 'http://late.example/1' })).event).toBe(eventId);
    expect((await w.member(retold(fire))).event).toBe(before.event);
    expect((await w.member(copyOf(fire))).event).toBe(before.event);
    expect(await countRows(w.db)).toMatchObject({ tallied: 7, counted: 4, duplicates: 3, struck: 0 });
  });

  test('split: when what the event began with leaves, the first that stays takes its place', { timeout: 120_000 }, async () => {
    const w = await watched();
    await w.publish(fire, rewritten, retold(rewritten));
    const before = await w.member(rewritten);
    const leaving = await w.member(fire);
    const { eventId } = await w.acted((tx) => splitEvent(tx, before.event, { ...act, itemIds: [leaving.id] }));
    expect(await w.member(fire)).toMatchObject({ event: eventId, seed: leaving.id });
    expect(await w.member(rewritten)).toMatchObject({ event: before.event, seed: before.id });
    expect(await w.member(retold(rewritten))).toMatchObject({ event: before.event, seed: before.id });
    expect(await eventRow(w, before.event)).toMatchObject({ title: rewritten.title, item_count: 2 });

    await then(w);
    await w.publish(retold(fire), copyOf(rewritten));
    expect((await w.member(retold(fire))).event).toBe(eventId);
    expect((await w.member(copyOf(rewritten))).event).toBe(before.event);
  });

  test('merge: copies and retellings of either join the one', { timeout: 120_000 }, async () => {
    const w = await watched();
    await w.publish(fire, other);
    const [one, two] = [await w.member(fire), await w.member(other)];
    expect(two.event).not.toBe(one.event);
    const { items } = await w.acted((tx) => mergeEvent(tx, two.event, { ...act, into: one.event }));
    expect(items).toBe(1);
    expect(await eventRow(w, two.event)).toMatchObject({ item_count: 0, rank: 0, relevant: false, merged_into: one.event });
    expect(await eventRow(w, one.event)).toMatchObject({ item_count: 2, title: fire.title, merged_into: null });

    await then(w);
    await w.publish(copyOf(other), retold(other), retold(fire));
    for (const entry of [copyOf(other), retold(other), retold(fire)]) expect((await w.member(entry)).event).toBe(one.event);
    // The group it began with is remembered: what is near the one need not be near the other.
    expect((await w.member(retold(other))).seed).toBe(two.id);
    expect(await countRows(w.db)).toMatchObject({ tallied: 5, counted: 4, duplicates: 1 });
  });
});

test('merged and split again, the two events are as they were', { timeout: 120_000 }, async () => {
  const w = await watched();
  await w.publish(fire, other, copyOf(other));
  const [one, two] = [await w.member(fire), await w.member(other)];
  const before = [await eventRow(w, one.event), await eventRow(w, two.event)];
  await w.acted((tx) => mergeEvent(tx, two.event, { ...act, into: one.event }));
  const { eventId } = await w.acted((tx) => splitEvent(tx, one.event, { ...act, itemIds: [two.id] }));
  expect([await eventRow(w, one.event), await eventRow(w, eventId)]).toEqual(before);
  expect(await w.member(copyOf(other))).toMatchObject({ event: eventId, seed: two.id, copyOf: two.id });
});
