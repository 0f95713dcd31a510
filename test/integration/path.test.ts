import { createJudgeHolder } from '@guanlan/classifier';
import { closeAlert, makeSourcesDue, readProgress } from '@guanlan/database';
import { yearOf } from '@guanlan/domain';
import { manualClock } from '@guanlan/runtime';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { post } from '../support/texts.ts';
import { allChecked, countRows, incident, openWorld, rss, until, type World } from './path-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(...options: Parameters<typeof openWorld>): Promise<World> {
  const opened = await openWorld(...options);
  closers.push(() => opened.close());
  return opened;
}

/** Serves documents by path; everything else (robots.txt among it) is a 404. */
function documents(w: World, bodies: Record<string, string | Buffer>, type = 'application/rss+xml; charset=utf-8'): Promise<string> {
  return w.serve((request, response) => {
    const body = bodies[request.url ?? ''];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(body);
  });
}

/** Crawls what is watched, judges and counts it, and waits for rest. */
async function run(w: World): Promise<void> {
  await w.counter();
  await w.classifier();
  await w.crawler();
  await allChecked(w);
  await atRest(w);
}

function atRest(w: World) {
  return until(
    () => countRows(w.db),
    (n) => n.pending === 0 && n.assessments === n.items && n.tallied === n.relevant,
  );
}

/** Where a text occurs in any column of any table of any schema, the queue's included. */
async function whereIs(w: World, needle: string): Promise<string[]> {
  const { rows } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(w.db);
  expect(rows.map((r) => r.schema)).toContain('queue');
  const hex = Buffer.from(needle).toString('hex');
  const found: string[] = [];
  for (const { schema, name } of rows) {
    const table = sql.table(`${schema}.${name}`);
    const hits = await sql`select 1 from ${table} t where t::text like ${`%${needle}%`} or t::text like ${`%${hex}%`} limit 1`.execute(
      w.db,
    );
    if (hits.rows.length > 0) found.push(`${schema}.${name}`);
  }
  return found;
}

const ways = ['through the queue', 'at the door'] as const;

describe('from a feed to a counted row', () => {
  test('a telephone number in a feed is masked before the first write, in every table and in the queue', async () => {
    const w = await world();
    const phone = '13812345678';
    const entry = {
      title: `${incident.title} 联系 ${phone}`,
      link: 'http://news.example/fire.html',
      guid: `爆料人-${phone}`,
      text: `${incident.text}知情人电话${phone}，或 138 1234 5678。`,
    };
    const body = rss([entry], `热线${phone}`).replace('<item>', `<item><author>张某 ${phone}</author>`);
    const origin = await documents(w, { '/feed.xml': body, '/page': `<html><body>请拨打${phone}</body></html>` });
    await w.watch(`${origin}/feed.xml`, { name: '热线' });
    await w.watch(`${origin}/page`, { name: '网页' });
    // Nobody listens yet, so that the rings still stand in the queue when it is searched.
    await w.crawler();
    await allChecked(w);
    expect(await whereIs(w, '/fire.html'), 'the search finds what is there').toEqual(['public.item']);
    expect((await w.bus.depth()).find((q) => q.topic === 'items.collected')?.waiting).toBe(1);
    expect(await whereIs(w, phone)).toEqual([]);
    await w.dispatcher();
    await w.classifier();
    await w.counter();
    await atRest(w);
    await until(
      () => countRows(w.db),
      (n) => n.alerts === 1,
    );
    expect(await whereIs(w, phone)).toEqual([]);
    expect(await whereIs(w, '138 1234 5678')).toEqual([]);
    const { title, text } = await w.db.selectFrom('item').select(['title', 'text']).executeTakeFirstOrThrow();
    expect(title).toContain('〔手机号〕');
    expect(text.match(/〔手机号〕/gu)).toHaveLength(2);
  });

  test.each(ways)('%s: one address in two feeds is one item; one text at two addresses is one event, counted once', async (way) => {
    const w = await world({ way });
    const other = { title: '巨鹿县官亭镇发生交通事故', text: '巨鹿县官亭镇省道上一辆货车与轿车相撞，造成3人受伤。' };
    const origin = await documents(w, {
      '/a.xml': rss([
        { ...incident, link: 'http://news.example/fire.html?utm_source=a' },
        { ...other, link: 'http://news.example/crash.html' },
      ]),
      '/b.xml': rss([
        { ...incident, link: 'http://news.example/fire.html?utm_source=b#top' },
        { ...other, link: 'http://copy.example/crash.html' },
      ]),
    });
    await w.watch(`${origin}/a.xml`);
    await w.watch(`${origin}/b.xml`);
    await run(w);
    expect(await countRows(w.db)).toMatchObject({ items: 3, assessments: 3, events: 2, relevant: 3, counted: 2, duplicates: 1, struck: 0 });
    const crash = await w.db
      .selectFrom('event')
      .select(['item_count', 'first_seen_at', 'last_seen_at'])
      .where('title', '=', other.title)
      .executeTakeFirstOrThrow();
    expect(crash.item_count).toBe(2);
    expect(crash.first_seen_at <= crash.last_seen_at).toBe(true);
  });

  test.each(ways)('%s: an unchanged feed answers 304 and is healthy, with nothing stored again', async (way) => {
    const w = await world({ way });
    const answers: number[] = [];
    const origin = await w.serve((request, response) => {
      if (request.url !== '/feed.xml') return void response.writeHead(404).end();
      const unchanged = request.headers['if-none-match'] === '"v1"' && request.headers['if-modified-since'] !== undefined;
      answers.push(unchanged ? 304 : 200);
      response.writeHead(unchanged ? 304 : 200, { etag: '"v1"', 'last-modified': 'Mon, 02 Nov 2026 08:00:00 GMT' });
      response.end(unchanged ? undefined : rss([{ ...incident, link: 'http://news.example/1' }]));
    });
    const id = await w.watch(`${origin}/feed.xml`);
    await w.crawler();
    await allChecked(w);
    for (let round = 0; round < 2; round += 1) {
      await makeSourcesDue(w.db, [id], w.clock.now());
      await until(
        async () => answers.length,
        (n) => n === round + 2,
      );
      await allChecked(w);
    }
    expect(answers).toEqual([200, 304, 304]);
    const source = await w.db.selectFrom('source').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(source).toMatchObject({ failing_since: null, failures: 0, fault_code: null });
    expect(source.last_new_item_at?.getTime()).toBeLessThan(source.last_success_at?.getTime() ?? 0);
    expect((await countRows(w.db)).items).toBe(1);
  });

  test.each(ways)('%s: entries without a link, with NUL and with halves of surrogate pairs are stored clean and once', async (way) => {
    const w = await world({ way });
    const json = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: '坏\u0000标\ud83d题',
      items: [
        { id: 'n\u0000ul', title: '标题\u0000一', content_text: `正文\u0000\ud83d与\udc00。${incident.text}` },
        { id: 'half', url: 'http://news.example/half', title: '\udfff半个', content_text: `${incident.text}\ud83d` },
      ],
    });
    const bare = rss([{ title: '只有标题' }, { title: '只有编号', guid: 'g-1' }, { title: '', text: '' }]);
    const origin = await documents(w, { '/bare.xml': bare.replace('只有标题', '只有\0标题&#0;&#xD83D;') });
    const jsonOrigin = await documents(w, { '/f.json': json }, 'application/feed+json');
    const ids = [await w.watch(`${origin}/bare.xml`), await w.watch(`${jsonOrigin}/f.json`)];
    await run(w);
    for (let round = 0; round < 2; round += 1) {
      const items = await w.db.selectFrom('item').select(['title', 'text', 'url']).orderBy('title').execute();
      expect(items).toHaveLength(4);
      for (const item of items) expect(`${item.title}${item.text}`).toSatisfy((s: string) => s.isWellFormed() && !s.includes('\0'));
      expect(items.filter((i) => i.url === null)).toHaveLength(3);
      const faults = await w.db.selectFrom('source').select(['fault_code', 'fault_message']).execute();
      expect(faults).toEqual([
        { fault_code: null, fault_message: null },
        { fault_code: null, fault_message: null },
      ]);
      await makeSourcesDue(w.db, ids, w.clock.now());
      await allChecked(w);
    }
  });

  test.each(ways)('%s: a feed of 5,000 entries is stored whole', { timeout: 60_000 }, async (way) => {
    const w = await world({ way });
    const entries = Array.from({ length: 5_000 }, (_, n) => ({ ...post(n, { length: 80 }), link: `http://news.example/${n}` }));
    const origin = await documents(w, { '/big.xml': rss(entries) });
    await w.watch(`${origin}/big.xml`);
    await run(w);
    const n = await countRows(w.db);
    expect(n).toMatchObject({ items: 5_000, assessments: 5_000, grouped: n.levelled });
    expect(n.relevant).toBeGreaterThan(100);
    expect(n.counted + n.duplicates).toBe(n.relevant);
  });

  test('messages delivered again change nothing', async () => {
    const w = await world();
    const entries = Array.from({ length: 40 }, (_, n) => ({ ...post(n, { incidentShare: 0.5 }), link: `http://news.example/${n}` }));
    let requests = 0;
    const origin = await w.serve((request, response) => {
      if (request.url !== '/feed.xml') return void response.writeHead(404).end();
      requests += 1;
      response.end(rss(entries));
    });
    const id = await w.watch(`${origin}/feed.xml`);
    await w.dispatcher();
    await run(w);
    const decided = () =>
      until(
        () => countRows(w.db),
        (n) => n.undecided === 0 && n.alerts > 0,
      );
    const before = await decided();
    const items = (await w.db.selectFrom('item').select('id').execute()).map((r) => r.id);
    const events = (await w.db.selectFrom('event').select('id').where('relevant', '=', true).execute()).map((r) => r.id);
    for (let round = 0; round < 2; round += 1) {
      await w.bus.ring('source.due', { sourceIds: [id] });
      await w.bus.ring('items.collected', { itemIds: items });
      await w.bus.ring('events.assessed', { eventIds: events });
    }
    await until(
      () => w.bus.depth(),
      (queues) => queues.every((q) => q.waiting + q.active + q.delayed === 0),
    );
    expect(await countRows(w.db)).toEqual(before);
    expect(await w.bus.deadLetters()).toEqual([]);
    expect(requests, 'a source that is not due is not asked again').toBe(1);
  });

  test.each(ways)('%s: an item that cannot be judged is stored unjudged and holds back no other', async (way) => {
    const w = await world({ way });
    const real = createJudgeHolder(w);
    const judges = {
      current: async () => {
        const { revisionId, judge } = await real.current();
        const assess: typeof judge.assess = (item) => {
          if (item.title === '坏了的') throw new Error('a fault of the judge');
          return judge.assess(item);
        };
        return { revisionId, judge: { ...judge, assess } };
      },
    };
    const origin = await documents(w, {
      '/feed.xml': rss([
        { title: '坏了的', text: '正文', link: 'http://news.example/bad' },
        { ...incident, link: 'http://news.example/good' },
      ]),
    });
    await w.watch(`${origin}/feed.xml`);
    await w.classifier({ judges });
    await w.counter();
    await w.crawler();
    await allChecked(w);
    await atRest(w);
    const rows = await w.db
      .selectFrom('assessment')
      .innerJoin('item', 'item.id', 'item_id')
      .select(['title', 'rank', 'suppressed'])
      .orderBy('rank')
      .execute();
    expect(rows.map((r) => r.title)).toEqual(['坏了的', incident.title]);
    expect(rows[0]).toMatchObject({ rank: 0, suppressed: [{ by: '评估出错' }] });
    expect(rows[1]?.rank).toBeGreaterThan(0);
  });

  test('when the queue has lost its messages, the sweeps find the rows', async () => {
    const w = await world();
    const origin = await documents(w, { '/feed.xml': rss([{ ...incident, link: 'http://news.example/1' }]) });
    await w.watch(`${origin}/feed.xml`);
    await w.crawler();
    await allChecked(w);
    await w.stop();
    await loseMessages(w);
    await w.classifier({ sweepMs: 20, staleMs: 0 });
    await until(
      () => countRows(w.db),
      (n) => n.assessments === 1,
    );
    await w.stop();
    await loseMessages(w);
    expect((await countRows(w.db)).tallied).toBe(0);
    await w.counter(20);
    await until(
      () => countRows(w.db),
      (n) => n.counted === 1,
    );
  });

  test.each(ways)('%s: progress says what the rows say; a false alarm is struck, and so is its later copy', async (way) => {
    const w = await world({ way });
    const bodies: Record<string, string> = {
      '/feed.xml': rss([
        { ...incident, link: 'http://news.example/1' },
        { title: '巨鹿县官亭镇发生交通事故', text: '巨鹿县官亭镇省道上货车与轿车相撞，造成3人受伤。', link: 'http://news.example/2' },
        { title: '文化广场举办读书分享会', text: '现场气氛热烈。', link: 'http://news.example/3' },
      ]),
    };
    const origin = await documents(w, bodies);
    const id = await w.watch(`${origin}/feed.xml`);
    await w.dispatcher();
    await run(w);
    const progress = async () => {
      const now = w.clock.now();
      return (await readProgress(w.db, { year: yearOf(now), now, projects: [] })).items;
    };
    await until(
      () => countRows(w.db),
      (n) => n.alerts === 2,
    );
    expect(await progress()).toMatchObject({ collected: 3, relevant: 2, counted: 2, confirmed: 0 });
    const alert = await w.db
      .selectFrom('alert')
      .innerJoin('event', 'event.id', 'event_id')
      .select('alert.id')
      .where('event.title', '=', incident.title)
      .executeTakeFirstOrThrow();
    await closeAlert(w.db, alert.id, { actor: '测试', note: '演练', now: w.clock.now(), outcome: 'false-alarm' });
    expect(await progress()).toMatchObject({ collected: 3, relevant: 2, counted: 1 });
    bodies['/feed.xml'] = rss([{ ...incident, link: 'http://copy.example/1' }]);
    await makeSourcesDue(w.db, [id], w.clock.now());
    await until(
      () => countRows(w.db),
      (n) => n.items === 4,
    );
    await atRest(w);
    expect(await countRows(w.db)).toMatchObject({ items: 4, counted: 1, struck: 2, duplicates: 0 });
    expect(await progress()).toMatchObject({ collected: 4, relevant: 3, counted: 1 });
  });

  test.each(ways)('%s: the year turns at midnight in Shanghai', async (way) => {
    const clock = manualClock(new Date('2026-12-31T15:59:00Z'));
    const w = await world({ way, clock });
    const origin = await documents(w, {
      '/old.xml': rss([{ ...incident, link: 'http://news.example/1' }]),
      '/new.xml': rss([
        { title: '巨鹿县官亭镇发生交通事故', text: '巨鹿县官亭镇省道上货车与轿车相撞，造成3人受伤。', link: 'http://news.example/2' },
      ]),
    });
    await w.watch(`${origin}/old.xml`);
    await run(w);
    clock.set(new Date('2026-12-31T16:30:00Z'));
    await w.watch(`${origin}/new.xml`);
    await until(
      () => countRows(w.db),
      (n) => n.items === 2,
    );
    await atRest(w);
    const rows = await w.db.selectFrom('tally').innerJoin('item', 'item.id', 'item_id').select(['url', 'year']).orderBy('year').execute();
    expect(rows).toEqual([
      { url: 'http://news.example/1', year: 2026 },
      { url: 'http://news.example/2', year: 2027 },
    ]);
    for (const year of [2026, 2027]) {
      const { items } = await readProgress(w.db, { year, now: clock.now(), projects: [] });
      expect(items, String(year)).toMatchObject({ collected: 1, relevant: 1, counted: 1 });
    }
  });
});

/** As when Redis is flushed: the queue stands, its messages are gone. */
async function loseMessages(w: World): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns where table_schema = 'queue' and column_name = 'data'`.execute(w.db);
  expect(rows.length).toBeGreaterThan(0);
  for (const { name } of rows) await sql`delete from ${sql.table(`queue.${name}`)}`.execute(w.db);
  for (const queue of await w.bus.depth()) expect(queue).toMatchObject({ waiting: 0, active: 0, delayed: 0 });
}
