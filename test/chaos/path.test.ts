import { setTimeout as sleep } from 'node:timers/promises';
import { addChannel, addSource, connect, type Db, migrate } from '@guanlan/database';
import { Redis } from 'ioredis';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { type FeedServer, startFeedServer } from '../support/feed-server.ts';
import { createPostgresServer, type TestServer } from '../support/postgres-server.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { createRedisServer, findRedis } from '../support/redis-server.ts';
import { type ServiceProcess, serviceProcess } from '../support/service-process.ts';
import { random } from '../support/texts.ts';

const feeds = 100;
const itemsPerFeed = 50;
const total = feeds * itemsPerFeed;
const kills = 20;
const apart = ['crawler', 'classifier', 'dispatcher', 'counter'];
/** The classifier stands at the crawler's door. */
const together = ['crawler,classifier', 'dispatcher', 'counter'];
const redisBinary = findRedis();

/**
 * The path under fire: its services as processes, one of them killed -9 again and again while 5,000 items are published, the
 * database killed once, Redis flushed once. Then what was promised is read back from the rows and from the receiver.
 */
describe('the path survives kill -9', () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const modes = [
    { mode: 'queue on PostgreSQL', redis: false, names: apart },
    { mode: 'queue on PostgreSQL, judged at the door', redis: false, names: together },
    { mode: 'queue on Redis (needs redis-server)', redis: true, names: apart },
  ] as const;

  for (const { mode, redis, names } of modes) {
    test.skipIf(redis && redisBinary === undefined)(
      `${mode}: every item stored, assessed and counted once; every notification received`,
      { timeout: 420_000 },
      async () => {
        const postgres = await createPostgresServer();
        closers.push(() => postgres.remove());
        await postgres.start();
        const cache = redis && redisBinary !== undefined ? await createRedisServer(redisBinary) : undefined;
        if (cache) {
          closers.push(() => cache.remove());
          await cache.start();
        }
        const web = await startFeedServer({ feeds, itemsPerFeed, incidentShare: 0.04, published: false });
        const receiver = await startReceiver();
        closers.push(
          () => web.close(),
          () => receiver.close(),
        );
        const db = connect({ connectionString: postgres.url, max: 3 });
        closers.push(() => db.destroy());
        await prepare(db, web, receiver);

        await underFire({ postgres, cache, web, names });
        const services = names.map((name) => serviceProcess(name, environment(postgres, cache)));
        for (const service of services) {
          closers.push(() => service.kill());
          service.start();
        }
        await settled(db, services);
        expect(await Promise.all(services.map((s) => s.stop()))).toEqual(names.map(() => 0));
        await promisesHold(db, receiver);
      },
    );
  }

  /** Publishes everything while a random process dies about every second. */
  async function underFire({
    postgres,
    cache,
    web,
    names,
  }: {
    postgres: TestServer;
    cache: TestServer | undefined;
    web: FeedServer;
    names: readonly string[];
  }): Promise<void> {
    const next = random(20_261_123);
    const services = names.map((name) => serviceProcess(name, environment(postgres, cache)));
    closers.push(async () => void (await Promise.all(services.map((s) => s.kill()))));
    for (const service of services) service.start();
    await sleep(3_000);
    for (let kill = 1; kill <= kills; kill += 1) {
      web.publish(Math.ceil((total * kill) / kills));
      await sleep(400 + next() * 1_200);
      const victim = services[Math.floor(next() * services.length)];
      await victim?.kill();
      victim?.start();
      for (const service of services) if (!service.running()) service.start();
      if (kill === Math.floor(kills / 2)) {
        await postgres.stop('kill');
        await sleep(500);
        await postgres.start();
      }
      if (kill === Math.floor((kills * 3) / 4) && cache) {
        const client = new Redis(cache.url);
        await client.flushall();
        client.disconnect();
      }
    }
    await Promise.all(services.map((s) => s.kill()));
  }

  async function prepare(db: Db, web: FeedServer, receiver: Receiver): Promise<void> {
    await migrate(db);
    for (const [index, url] of web.urls.entries()) {
      await addSource(db, {
        kind: 'feed',
        name: `feed ${index}`,
        url,
        options: {},
        local: false,
        allowPrivate: true,
        authorKind: 'media',
        everySeconds: 2,
      });
    }
    await addChannel(db, {
      kind: 'webhook',
      name: 'receiver',
      options: { url: receiver.url, secret: receiver.secret },
      allowPrivate: true,
    });
  }

  function environment(postgres: TestServer, cache: TestServer | undefined): Record<string, string> {
    return { DATABASE_URL: postgres.url, GUANLAN_HOST_INTERVAL_MS: '0', ...(cache ? { REDIS_URL: cache.url } : {}) };
  }

  /**
   * Waits until the rows say that nothing is left to do, and say so three times in a row. A service that ended by itself (the database was
   * not there in time) is started again, as whoever runs the product does.
   */
  async function settled(db: Db, services: readonly ServiceProcess[]): Promise<void> {
    let quiet = 0;
    let left: Record<string, number> = {};
    for (let round = 0; round < 400 && quiet < 3; round += 1) {
      for (const service of services) if (!service.running()) service.start();
      const { rows } = await sql<Record<string, number>>`
        select ${total} - (select count(*) from item where source_id is distinct from (select source_id from canary)) as items,
          (select count(*) from item_pending p join item i on i.id = p.item_id where i.source_id is distinct from (select source_id from canary)) as assessments,
          (select count(*) from event_pending) as events,
          (select count(*) from event where decide_at is not null) as decisions,
          (select count(*) from notification where state in ('pending', 'sending')) as notifications,
          (select count(*) from assessment a where a.relevant and not exists (select 1 from tally t where t.item_id = a.item_id)) as counts`.execute(
        db,
      );
      left = rows[0] ?? {};
      quiet = Object.values(left).every((n) => n === 0) ? quiet + 1 : 0;
      await sleep(500);
    }
    expect(
      quiet,
      `the path came to rest; left to do: ${JSON.stringify(left)}\n${services.map(({ name, log }) => `${name}: ${log().slice(-1_500)}`).join('\n')}`,
    ).toBe(3);
  }

  async function promisesHold(db: Db, receiver: Receiver): Promise<void> {
    const { rows } = await sql<Record<string, number>>`
      select
        (select count(*) from item where source_id is distinct from (select source_id from canary)) as items,
        (select count(distinct key) from item where source_id is distinct from (select source_id from canary)) as keys,
        (select count(*) from assessment) as assessments,
        (select count(distinct item_id) from assessment) as assessed,
        (select count(*) from assessment where rank > 0) as levelled,
        (select count(*) from event_item) as grouped,
        (select sum(item_count) from event) as grouped_by_event,
        (select count(*) from assessment where relevant) as relevant,
        (select count(*) from tally) as tallied,
        (select count(*) from tally where state = 'counted') as counted,
        (select count(distinct i.fingerprint) from assessment a join item i on i.id = a.item_id where a.relevant) as distinct_relevant,
        (select count(*) from event where relevant) as events,
        (select count(*) from alert) as alerts,
        (select count(distinct event_id) from alert) as alerted_events,
        (select count(*) from notification n left join notification k on k.id = n.carrier_id
          where n.carries is null and coalesce(k.state, n.state) <> 'delivered') as undelivered`.execute(db);
    const r = rows[0] ?? {};
    expect(r.items, 'every item stored').toBe(total);
    expect(r.keys, 'and stored once').toBe(total);
    expect(r.assessments, 'assessed once per revision').toBe(total);
    expect(r.assessed).toBe(total);
    expect(r.grouped, 'every item with a level is in an event').toBe(r.levelled);
    expect(Number(r.grouped_by_event), 'event counts match their rows').toBe(r.levelled);
    expect(r.relevant, 'the generated incidents are seen').toBeGreaterThan(100);
    expect(r.tallied, 'one tally row for each relevant item').toBe(r.relevant);
    expect(r.counted, 'counted exactly once').toBe(r.distinct_relevant);
    expect(r.alerts, 'one alert for each relevant event').toBe(r.events);
    expect(r.alerted_events).toBe(r.events);
    expect(r.undelivered).toBe(0);

    // A message of its own, or one that tells of many: under whose key it came.
    const { rows: ledger } = await sql<{ alert_id: number; key: string }>`
      select n.alert_id, coalesce(k.idempotency_key, n.idempotency_key) as key
      from notification n left join notification k on k.id = n.carrier_id where n.carries is null`.execute(db);
    const perAlert = new Map<number, Set<string>>();
    for (const { key, body } of receiver.received) {
      const told = (body.alerts as { alertId: number }[] | undefined)?.map(({ alertId }) => alertId) ?? [body.alertId as number];
      for (const alertId of told) perAlert.set(alertId, (perAlert.get(alertId) ?? new Set()).add(key));
    }
    const muted = new Set(
      (await db.selectFrom('alert_entry').select('alert_id').where('kind', '=', 'suppressed').execute()).map((e) => e.alert_id),
    );
    const alerts = await db.selectFrom('alert').select('id').execute();
    for (const { id } of alerts) {
      const told = ledger.filter((n) => n.alert_id === id).map((n) => n.key);
      expect(told.length, `alert ${id}: one message, or a reason in its timeline why there is none`).toBe(muted.has(id) ? 0 : 1);
      expect([...(perAlert.get(id) ?? [])], `alert ${id}: received, under the ledger's key`).toEqual(told);
    }
    expect(ledger.length).toBeGreaterThan(100);
    expect(
      receiver.received.every((x) => x.genuine),
      'every signature is right',
    ).toBe(true);
  }
});
