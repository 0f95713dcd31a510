import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { prepareItem } from '@guanlan/domain';
import { rootDir } from '@guanlan/runtime';
import { parseFeed } from '@guanlan/sources';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { allChecked, countRows, openWorld, until } from './path-world.ts';

const shared = path.resolve(rootDir, '../shared/data/dev');
const suites = ['rssparser', 'nodefeedparser', 'chardet_zh-feeds'];

/** One document as a site would serve it. */
interface Served {
  body: Buffer;
  contentType: string;
}

test('real feeds, served over loopback, are stored, judged and counted once', { timeout: 300_000 }, async ({ skip }) => {
  if (!existsSync(path.join(shared, 'feed/cases.jsonl'))) skip('needs shared/data/dev beside the project');
  const feeds = realFeeds();
  expect(feeds.size).toBeGreaterThan(100);
  const w = await openWorld();
  try {
    const origin = await w.serve((request, response) => {
      const feed = feeds.get(request.url ?? '');
      if (feed === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': feed.contentType }).end(feed.body);
    });
    const ids = new Map<string, number>();
    for (const name of feeds.keys()) ids.set(name, await w.watch(`${origin}${name}`, { local: true }));
    await w.counter();
    await w.dispatcher();
    await w.classifier();
    await w.crawler();
    await allChecked(w);
    const n = await until(
      () => countRows(w.db),
      (seen) => seen.pending === 0 && seen.undecided === 0 && seen.tallied === seen.relevant,
      240_000,
    );

    const wanted = new Set<string>();
    for (const [name, feed] of feeds) {
      const keys = keysOf(feed, `${origin}${name}`, ids.get(name) ?? 0);
      const { fault_code } = await w.db
        .selectFrom('source')
        .select('fault_code')
        .where('url', '=', `${origin}${name}`)
        .executeTakeFirstOrThrow();
      expect(fault_code === null, `${name}: ${fault_code}`).toBe(keys !== null);
      for (const key of keys ?? []) wanted.add(key);
    }
    const stored = (await w.db.selectFrom('item').select(sql<string>`replace(key::text, '-', '')`.as('key')).execute()).map((r) => r.key);
    expect(stored.length, 'every entry of every readable feed').toBe(wanted.size);
    expect(new Set(stored)).toEqual(wanted);
    expect(n).toMatchObject({ items: wanted.size, assessments: wanted.size });
    expect(n.grouped, 'every item with a level is in an event').toBeGreaterThanOrEqual(n.levelled);
    expect(n.relevant, 'real text has incidents').toBeGreaterThan(0);
    const { rows } = await sql<{ distinct: number; events: number; alerted: number }>`
      select (select count(distinct i.fingerprint) from assessment a join item i on i.id = a.item_id where a.relevant) as distinct,
        (select count(*) from event where relevant) as events, (select count(distinct event_id) from alert) as alerted`.execute(w.db);
    expect(n.counted).toBe(rows[0]?.distinct);
    expect(n.counted + n.duplicates).toBe(n.relevant);
    expect(rows[0]?.alerted).toBe(rows[0]?.events);
    expect(n.alerts).toBe(rows[0]?.events);
    expect(await w.bus.deadLetters()).toEqual([]);
  } finally {
    await w.close();
  }
});

/** By path: the public accounts' JSON feeds and the real-feed suites. */
function realFeeds(): Map<string, Served> {
  const feeds = new Map<string, Served>();
  const json = path.join(shared, 'stream/jsonfeeds');
  for (const file of readdirSync(json)) {
    feeds.set(`/json/${encodeURIComponent(file)}`, { body: readFileSync(path.join(json, file)), contentType: 'application/feed+json' });
  }
  for (const line of readFileSync(path.join(shared, 'feed/cases.jsonl'), 'utf8').trim().split('\n')) {
    const { suite, file, headers } = JSON.parse(line) as { suite: string; file: string; headers: Record<string, string> };
    if (!suites.includes(suite)) continue;
    const contentType = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'application/xml';
    feeds.set(`/feed/${encodeURIComponent(path.basename(file))}`, { body: readFileSync(path.join(shared, 'feed', file)), contentType });
  }
  return feeds;
}

/** The keys its entries have to be stored under; null when the document is no feed. */
function keysOf({ body, contentType }: Served, url: string, sourceId: number): Set<string> | null {
  try {
    const { entries } = parseFeed(body, { url, contentType });
    const items = entries.map((e) => prepareItem({ ...e, externalId: e.id }, { sourceId, authorKind: 'media' }));
    return new Set(items.filter((i) => i.title !== '' || i.text !== '').map((i) => i.key));
  } catch {
    return null;
  }
}
