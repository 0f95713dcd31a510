import { addSource, getItem, listRevisions } from '@guanlan/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSourceWorld, hour, hourly, minute, rss, type SourceWorld } from './source-world.ts';

const start = new Date('2026-11-02T08:00:00+08:00');

describe('an article that is changed at the same address', () => {
  let world: SourceWorld;
  beforeEach(async () => {
    world = await createSourceWorld(start);
  });
  afterEach(() => world.close());

  const items = () => world.test.db.selectFrom('item').select(['id', 'title', 'text']).orderBy('id').execute();
  const pending = async () => (await world.test.db.selectFrom('item_pending').select('item_id').execute()).length;

  test('in a feed: what it says now is kept beside what it said first, once, redacted; nothing is judged or counted again', async () => {
    let text = (n: number) => `第 ${n} 条，伤者两人`;
    let numbers = [3, 2, 1];
    world.site.answer = (request, response) =>
      request.url === '/robots.txt'
        ? response.writeHead(404).end()
        : response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(rss(numbers, { text: (n) => text(n) }));
    const id = await world.add({ url: `${world.site.origin}/feed.xml` });
    await world.watch(id, { for: 0 });
    const before = await items();
    expect([before.length, await pending()]).toEqual([3, 3]);
    text = (n) => (n === 2 ? '第 2 条，伤者五人，联系13800138000' : `第 ${n} 条，伤者两人`);
    await world.watch(id, { for: 2 * hour });
    expect(await items()).toEqual(before);
    expect(await pending()).toBe(3);
    const changed = before.find(({ text: said }) => said.startsWith('第 2 条'));
    expect(await listRevisions(world.test.db, changed?.id ?? 0)).toMatchObject([
      { title: '第 2 条公告', text: '第 2 条，伤者五人，联系〔手机号〕', at: expect.any(Date) },
    ]);
    expect(await world.test.db.selectFrom('item_revision').select('item_id').execute()).toHaveLength(1);
    expect((await getItem(world.test.db, changed?.id ?? 0))?.text).toBe('第 2 条，伤者两人');

    // Another source that tells the same address in other words has changed nothing.
    const other = await addSource(world.test.db, {
      ...{ kind: 'feed', name: '转载', url: `${world.site.origin}/other.xml`, options: {}, local: false, allowPrivate: true },
      ...{ authorKind: 'media', everySeconds: 1_800 },
    });
    text = (n) => `转载：第 ${n} 条`;
    await world.test.db.updateTable('source').set({ next_check_at: world.clock.now() }).where('id', '=', other.id).execute();
    await world.watch(other.id, { for: 0 });
    expect(await world.test.db.selectFrom('item_revision').select('item_id').execute()).toHaveLength(1);

    // A text that counts its own readers does not fill the table.
    numbers = [1];
    for (let n = 0; n < 20; n += 1) {
      text = () => `阅读 ${n} 次`;
      await world.watch(id, { for: 40 * minute });
    }
    expect((await world.test.db.selectFrom('item_revision').select('item_id').execute()).length).toBe(11);
  });

  test('behind a list page: one of the newest is read again every hour, and no other', async () => {
    let victims = '两';
    const read: string[] = [];
    const article = (n: number) =>
      `<html><head><title>第 ${n} 条公告</title></head><body><h1>第 ${n} 条公告</h1><p>2026-11-02 08:00</p><div><p>${`第 ${n} 条公告，伤者${victims}人。`.repeat(30)}</p></div></body></html>`;
    const numbers = hourly(start, 3);
    world.site.answer = (request, response) => {
      const n = /^\/a\/(\d+)\.html$/u.exec(request.url ?? '')?.[1];
      const html = { 'content-type': 'text/html; charset=utf-8' };
      if (n) {
        read.push(n);
        response.writeHead(200, html).end(article(Number(n)));
      } else if (request.url === '/list.html')
        response
          .writeHead(200, html)
          .end(
            `<ul>${numbers.map((m) => `<li><a href="/a/${m}.html">第 ${m} 条公告的全部内容</a><span>2026-11-02</span></li>`).join('')}</ul>`,
          );
      else response.writeHead(404).end();
    };
    const id = await world.add({ kind: 'list', url: `${world.site.origin}/list.html`, everySeconds: 900 });
    await world.watch(id, { for: 0 });
    expect(read.splice(0).length).toBe(3);
    victims = '五';
    await world.watch(id, { for: 4 * hour });
    expect(read.length).toBeLessThanOrEqual(4);
    expect(new Set(read)).toEqual(new Set(numbers.map(String)));
    const [first] = await items();
    expect(await listRevisions(world.test.db, first?.id ?? 0)).toMatchObject([{ text: expect.stringContaining('伤者五人') }]);
    expect((await world.row(id)).conditions).toEqual([]);
    // Three days on nobody edits it any more.
    world.clock.advance(72 * hour);
    read.length = 0;
    await world.watch(id, { for: 4 * hour });
    expect(read).toEqual([]);
  });
});
