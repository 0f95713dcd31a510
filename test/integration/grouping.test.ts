import { createBus } from '@guanlan/queue';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { post } from '../support/texts.ts';
import { allChecked, countRows, openWorld, rss, until, type World } from './path-world.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(): Promise<World> {
  const opened = await openWorld({ way: 'at the door' });
  closers.push(() => opened.close());
  return opened;
}

const text =
  '11月24日上午9时许，巨鹿县官亭镇工业园区一家塑料制品厂的厂房突发火灾，现场浓烟滚滚，有3名工人一度被困。消防救援大队接警后出动6车28人赶赴现场，' +
  '10时20分明火被扑灭，被困人员全部救出，其中2人轻伤，已送医治疗。起火原因正在调查，周边群众已有序疏散。';
const fire = { title: '巨鹿县官亭镇一塑料厂厂房突发火灾', link: 'http://a.example/1', text };
const rewritten = {
  title: '官亭镇一塑料厂厂房突发火灾 消防出动6车28人',
  link: 'http://b.example/1',
  text: `据县融媒体中心消息，${text.replace('浓烟滚滚', '冒出大量黑烟').replace('起火原因正在调查', '具体起火原因有关部门正在进一步调查')}`,
};
const copied = { ...fire, link: 'http://c.example/1' };
const other = {
  title: '巨鹿县小吕寨镇一纺织厂厂房突发火灾',
  link: 'http://d.example/1',
  text:
    '11月24日下午3时许，巨鹿县小吕寨镇一家纺织厂的厂房突发火灾，现场浓烟滚滚，有7名工人一度被困。消防救援大队接警后出动9车41人赶赴现场，' +
    '17时05分明火被扑灭，被困人员全部救出，其中1人轻伤，已送医治疗。起火原因正在调查。',
};

interface Member {
  url: string;
  event: number;
  copyOf: number | null;
}

async function members({ db }: World): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select i.url, ei.event_id as event, ei.copy_of as "copyOf" from event_item ei join item i on i.id = ei.item_id order by i.url`.execute(
    db,
  );
  return rows;
}

const grouped = (w: World, items: number) =>
  until(
    async () => ({ n: await countRows(w.db), waiting: (await w.db.selectFrom('event_pending').selectAll().execute()).length }),
    ({ n, waiting }) => n.assessments === items && waiting === 0,
  );

describe('one story is told once', () => {
  test('a rewritten report joins its event, a copy is marked, another happening of the same form is another event', async () => {
    const w = await world();
    const bodies: Record<string, string> = {};
    const origin = await w.serve((request, response) => {
      const body = bodies[request.url ?? ''];
      if (body === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(body);
    });
    const feeds = { a: fire, b: rewritten, c: copied, d: other };
    await w.classifier();
    await w.crawler();
    let items = 0;
    for (const [name, entry] of Object.entries(feeds)) {
      bodies[`/${name}.xml`] = rss([entry]);
      await w.watch(`${origin}/${name}.xml`);
      await allChecked(w);
      items += 1;
      await grouped(w, items);
    }
    const [a, b, c, d] = await members(w);
    expect(b?.event).toBe(a?.event);
    expect(c).toMatchObject({ event: a?.event, copyOf: expect.any(Number) });
    expect([a?.copyOf, b?.copyOf]).toEqual([null, null]);
    expect(d?.event).not.toBe(a?.event);
    const event = await w.db
      .selectFrom('event')
      .select('item_count')
      .where('id', '=', a?.event ?? 0)
      .executeTakeFirstOrThrow();
    expect(event.item_count).toBe(3);
  });

  test('all in one round, or after a restart: the same events', async () => {
    const inOne = await world();
    const origin = await inOne.serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss([fire, rewritten, copied, other])),
    );
    await inOne.watch(`${origin}/all.xml`);
    await inOne.classifier();
    await inOne.crawler();
    await grouped(inOne, 4);
    const together = await members(inOne);
    expect(new Set(together.map((m) => m.event)).size).toBe(2);

    const late = await world();
    const first = await late.serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss([fire, other])),
    );
    await late.watch(`${first}/first.xml`);
    await late.classifier();
    await late.crawler();
    await grouped(late, 2);
    await late.stop();
    const second = await late.serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss([rewritten, copied])),
    );
    await late.watch(`${second}/second.xml`);
    // Another process, as it were: it knows of the first two from the rows alone.
    await late.classifier();
    await late.crawler();
    await grouped(late, 4);
    const [a, b, c, d] = await members(late);
    expect([b?.event, c?.event]).toEqual([a?.event, a?.event]);
    expect(d?.event).not.toBe(a?.event);
  });

  test('two classifiers agree, and an everyday text begins no event', { timeout: 60_000 }, async () => {
    const w = await world();
    const entries = Array.from({ length: 400 }, (_, n) => ({ ...post(n, { incidentShare: 0.2 }), link: `http://news.example/${n}` }));
    const origin = await w.serve((request, response) => {
      const part = Number(/\/(\d+)\.xml/u.exec(request.url ?? '')?.[1] ?? Number.NaN);
      if (Number.isNaN(part)) return response.writeHead(404).end();
      // Each item stands in two feeds, at two addresses.
      const own = entries.filter((_, n) => n % 4 === part % 4).map((e) => ({ ...e, link: `${e.link}?copy=${part >= 4}` }));
      response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(own));
    });
    // One at the door, one of another process.
    await w.classifier();
    const bus = createBus({ backend: { kind: 'postgres', connectionString: w.connectionString }, logger: w.logger });
    await bus.start();
    closers.push(() => bus.close());
    await w.classifier({ bus });
    await w.crawler();
    for (let part = 0; part < 8; part += 1) await w.watch(`${origin}/${part}.xml`);
    await allChecked(w);
    await grouped(w, 800);
    const n = await countRows(w.db);
    expect(n.levelled).toBeGreaterThan(100);
    expect(n.grouped).toBe(n.levelled);
    const { rows } = await sql<{ apart: number }>`
      select count(*) as apart from (select fingerprint from event_item group by fingerprint having count(distinct event_id) > 1) x`.execute(
      w.db,
    );
    expect(rows[0]?.apart, 'copies are never in two events').toBe(0);
  });
});
