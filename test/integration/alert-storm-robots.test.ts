import { sumLedger } from '@guanlan/database';
import type { Level } from '@guanlan/domain';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Robot } from '../support/robot-receivers.ts';
import { timeline, type World } from './alert-timeline.ts';
import type { Told } from './dispatcher-world.ts';

const robots = { 钉钉群: 'dingtalk', 企业微信群: 'wecom', 飞书群: 'feishu' } as const;

describe('a storm, told through robots that hold to their makers’ limits', () => {
  test(
    '10,000 alerts in a minute: a handful of messages in each group, level I within seconds, nothing lost, and the ledger adds up',
    {
      timeout: 900_000,
    },
    () =>
      timeline({ robots, policy: { deadlines: [] } }, ({ at }) => {
        const perSecond = 167;
        const total = 60 * perSecond;
        for (let second = 0; second < 60; second += 1) {
          at(`${second}s`).item(...alertsOf(second, perSecond, (n) => (n === 0 && second % 10 === 0 ? 'I' : 'III')));
        }
        at('70s').then(async (world) => {
          for (const [name, robot] of world.robots) {
            const told = await accountFor(world, name, robot);
            expect(told.alerts, `alerts told of in ${name}`).toBe(total);
            expect(told.untold, `alerts that ${name} has no delivered message for`).toBe(0);
            expect(robot.received.length, `messages in ${name}`).toBeLessThanOrEqual(12);
            expect(told.latest, `seconds that the last level I took to ${name}`).toBeLessThanOrEqual(5);
            expect(JSON.stringify(robot.received[0]), `first in ${name}`).toContain('【建议I级】');
          }
          expect(await sumLedger(world.db)).toMatchObject({ total: 3 * total, waiting: 0, dead: 0 });
        });
      }),
  );

  test('with five of level I every second: still within every limit and within seconds', { timeout: 120_000 }, () =>
    timeline({ robots, policy: { deadlines: [] } }, ({ at }) => {
      for (let second = 0; second < 120; second += 1) at(`${second}s`).item(...alertsOf(second, 20, (n) => (n < 5 ? 'I' : 'III')));
      at('4m').then(async (world) => {
        for (const [name, robot] of world.robots) {
          const told = await accountFor(world, name, robot);
          expect(told).toMatchObject({ alerts: 2_400, untold: 0 });
          expect(told.p95, `seconds in which 95 % of level I reached ${name}`).toBeLessThanOrEqual(5);
        }
        expect(await sumLedger(world.db)).toMatchObject({ total: 7_200, waiting: 0, dead: 0 });
      });
    }),
  );
});

test('a robot is away for six hours: another is used meanwhile, and the backlog comes as one message, within the limits of both', {
  timeout: 180_000,
}, () => {
  const total = 36 * 20;
  return timeline(
    { robots: { 钉钉群: 'dingtalk', 企业微信群: 'wecom' }, fallbacks: { 钉钉群: '企业微信群' }, policy: { deadlines: [] } },
    ({ at }) => {
      at('0s').then(async ({ db, robots: [...all], channel }) => {
        await all[0]?.[1].down();
        await db
          .updateTable('route')
          .set({ channel_ids: [channel('钉钉群')] })
          .execute();
      });
      for (let minute = 0; minute < 360; minute += 10) at(`${minute}m 1s`).item(...alertsOf(minute, 20, (n) => (n === 0 ? 'I' : 'III')));
      at('6h').then(async ({ robots: [...all] }) => all[0]?.[1].up());
      at('6h 15m').then(async (world) => {
        const [robot, other] = [...world.robots.values()];
        if (!robot || !other) throw new Error('two robots were asked for');
        const late = await accountFor(world, '钉钉群', robot);
        expect(late).toMatchObject({ alerts: total, untold: 0 });
        expect(robot.received.length, 'messages when it was back').toBeLessThanOrEqual(2);
        expect(JSON.stringify(robot.received.at(-1))).toContain('渠道恢复，补发期间的提示');
        expect(await accountFor(world, '企业微信群', other)).toMatchObject({ alerts: total, untold: 0 });
        expect(await sumLedger(world.db)).toMatchObject({ total: 2 * total, waiting: 0, dead: 0 });
      });
    },
  );
});

function alertsOf(second: number, count: number, levelOf: (n: number) => Level): Told[] {
  return Array.from({ length: count }, (_, n) => ({ story: `${second}-${n}`, level: levelOf(n), places: [`村${second}-${n}`] }));
}

/** What a group was told by what its robot received, beside what the ledger says of it. Nothing that was sent was refused. */
async function accountFor({ db, channel }: World, name: string, robot: Robot) {
  expect(robot.requests(), `requests to ${name}`).toBe(robot.received.length);
  const { rows } = await sql<{ messages: number; untold: number; p95: number; latest: number }>`
    with told as (
      select n.*, coalesce(k.delivered_at, n.delivered_at) as told_at from notification n left join notification k on k.id = n.carrier_id
      where n.channel_id = ${channel(name)} and n.carries is null
    ), grave as (select extract(epoch from told_at - created_at)::float as seconds from told where rank = 4)
    select (select count(*) from notification where channel_id = ${channel(name)} and state = 'delivered') as messages,
      (select count(*) from alert a where 1 <> (select count(*) from told where alert_id = a.id and told_at is not null)) as untold,
      (select percentile_disc(0.95) within group (order by seconds) from grave) as p95, (select max(seconds) from grave) as latest`.execute(
    db,
  );
  const [row] = rows;
  if (!row) throw new Error('a query without FROM answers one row');
  expect(row.messages, `messages to ${name} in the ledger`).toBe(robot.received.length);
  return { ...row, alerts: robot.received.reduce((sum, body) => sum + alertsIn(body), 0) };
}

/** How many alerts a message says that it tells of. */
function alertsIn(body: Record<string, unknown>): number {
  return Number(/【汇总】(\d+) 件/u.exec(JSON.stringify(body))?.[1] ?? 1);
}
