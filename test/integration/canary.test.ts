import { createCanary } from '@guanlan/crawler';
import {
  addChannel,
  listItems,
  listNotifications,
  listSources,
  pendingItems,
  readCanary,
  readProgress,
  readWeekFigures,
  takeCensus,
} from '@guanlan/database';
import { createPathWatch } from '@guanlan/dispatcher';
import { canaryStanding } from '@guanlan/domain';
import { createHttpClient, manualClock } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countRows, incident, openWorld, rss, until, type World } from './path-world.ts';

const minute = 60_000;
const start = new Date('2026-11-24T08:00:00+08:00');

describe('the canary', () => {
  let world: World;
  let clock: ReturnType<typeof manualClock>;
  let canary: ReturnType<typeof createCanary>;
  beforeEach(async () => {
    clock = manualClock(start);
    world = await openWorld({ clock });
    await addChannel(world.db, { kind: 'log', name: '日志', options: {}, allowPrivate: false });
    const { db, bus, http, logger } = world;
    canary = createCanary({ db, bus, clock, http, logger, userAgent: 'GuanlanTest/1.0', tickMs: 20 });
  });
  afterEach(async () => {
    await canary.stop();
    await world.close();
  });

  const state = async () => {
    const read = await readCanary(world.db);
    return read && { ...read, standing: canaryStanding(read, clock.now()) };
  };
  const landed = () => until(state, (seen) => seen?.backAt?.getTime() === clock.now().getTime());
  const flying = () => until(state, (seen) => seen?.flying === true);
  /** Every figure and list that a person sees. */
  const figures = async () => {
    const span = { from: new Date(start.getTime() - 86_400_000), to: new Date(start.getTime() + 86_400_000) };
    const [items, progress, week, census, pending, sources] = await Promise.all([
      listItems(world.db, { limit: 50 }),
      readProgress(world.db, { year: 2026, now: clock.now(), projects: [] }),
      readWeekFigures(world.db, span),
      takeCensus(world.db),
      pendingItems(world.db),
      listSources(world.db),
    ]);
    return {
      ...{ listed: items.length, collected: progress.items.collected, week: week.collected, census: census.items },
      ...{ pending: pending.count + census.itemsPending, oldest: census.oldestPending, sources: sources.length },
      ...{ states: census.sources.length },
    };
  };
  const nothing = {
    ...{ listed: 0, collected: 0, week: 0, census: 0, pending: 0, oldest: null, sources: 0, states: 0 },
  };

  test('flies from fetch to judgement in its rhythm, and nothing of it stays', async () => {
    await world.classifier();
    await canary.start();
    expect((await landed())?.standing).toMatchObject({ state: 'well', sentence: expect.stringMatching(/^自检正常：2026-11-24 08:00 /u) });
    expect(await countRows(world.db)).toMatchObject({ items: 0, pending: 0, assessments: 0, grouped: 0, events: 0, tallied: 0, alerts: 0 });
    expect(await figures()).toEqual(nothing);
    clock.advance(9 * minute);
    // Not yet: the next is due ten minutes after the last.
    expect((await state())?.launchedAt).toEqual(start);
    clock.advance(minute);
    await landed();
    expect((await state())?.launchedAt).toEqual(clock.now());
  });

  test('is counted nowhere while it flies, and is told once when it does not come back', async () => {
    const origin = await world.serve((request, response) =>
      request.url === '/robots.txt' ? response.writeHead(404).end() : response.end(rss([{ ...incident, link: 'http://news.example/1' }])),
    );
    // Something is watched, and the crawler lives: only the classifier is dead, and nothing comes by which that would show.
    await world.watch(`${origin}/feed.xml`, { everySeconds: 86_400 });
    await world.db
      .updateTable('source')
      .set({ next_check_at: new Date('2027-01-01') })
      .execute();
    await canary.start();
    await flying();
    expect(await figures()).toEqual({ ...nothing, sources: 1, states: 1 });
    const path = createPathWatch(world.db);
    const look = () => path.tell({ now: clock.now(), link: null });
    const told = async () => (await listNotifications(world.db, { limit: 9 })).map(({ reason }) => reason);
    clock.advance(30 * minute);
    expect([await look(), await look()]).toEqual([[], []]);
    clock.advance(minute);
    expect(await look()).toEqual([]);
    expect(await look()).toHaveLength(1);
    expect(await look()).toEqual([]);
    expect(await told()).toEqual(['自 2026-11-24 08:00 起，自检没有走完全程：已采集并存入，没有研判；请检查研判服务是否在运行。']);

    await world.classifier();
    await landed();
    expect((await state())?.standing.state).toBe('well');
    expect(await look()).toEqual([]);
    // The next one, long due, has taken off at once; it lands too.
    await until(
      () => countRows(world.db),
      ({ items, assessments, events, grouped }) => items + assessments + events + grouped === 0,
    );
  });

  test('two crawlers launch one; when none launches any more, that is what is told', async () => {
    await world.classifier();
    const { db, bus, http, logger } = world;
    const second = createCanary({ db, bus, clock, http, logger, userAgent: 'GuanlanTest/1.0', tickMs: 20 });
    await Promise.all([canary.start(), second.start()]);
    await landed();
    const keys = async () => (await db.selectFrom('source').select('id').where('kind', '=', 'canary').execute()).length;
    expect(await keys()).toBe(1);
    await second.stop();
    await canary.stop();
    clock.advance(31 * minute);
    expect((await state())?.standing.sentence).toContain('最后一次在 2026-11-24 08:00 发出，没有下文；请检查采集服务是否在运行。');
  });

  test('one that cannot be fetched says why', async () => {
    const { db, bus, logger } = world;
    const http = createHttpClient({ userAgent: 'GuanlanTest/1.0' });
    await http.close();
    canary = createCanary({ db, bus, clock, http, logger, userAgent: 'GuanlanTest/1.0', tickMs: 20 });
    await canary.start();
    const failed = await until(state, (seen) => seen?.fault !== null && seen !== null);
    expect(failed?.fault).toMatch(/^没有采集到或没有存入；/u);
    clock.advance(31 * minute);
    expect((await state())?.standing).toMatchObject({ state: 'late' });
  });
});
