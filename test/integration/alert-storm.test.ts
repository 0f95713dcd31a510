import { addChannel, admitNotifications, claimNotification, sumLedger } from '@guanlan/database';
import { decide } from '@guanlan/dispatcher';
import { dayKindOf, loadAlertPolicy } from '@guanlan/runtime';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { timeline } from './alert-timeline.ts';
import { type Told, tell } from './dispatcher-world.ts';

const perSecond = 167;
const total = 60 * perSecond;

test(
  '10,000 alerts in a minute: a handful of messages, level I within seconds, nothing lost, and the ledger adds up',
  { timeout: 400_000 },
  () =>
    timeline({ policy: { deadlines: [] } }, ({ at, between }) => {
      for (let second = 0; second < 60; second += 1) {
        const told = Array.from({ length: perSecond }, (_, n): Told => {
          const name = `${second}-${n}`;
          return { story: name, level: n === 0 && second % 3 === 0 ? 'I' : 'III', places: [`村${name}`] };
        });
        at(`${second}s`).item(...told);
      }
      between('0s', '1s').receives('值班群', { level: 'III', title: /^\d/u, times: 5 });
      between('0s', '13s').receives('值班群', { level: 'I', title: /^\d/u, times: 5 });
      between('15s', '61s').receives('值班群', { level: 'I', title: /^【汇总】2 件：建议I级 2$/u, times: 7 });
      between('57s', '61s').receives('值班群', { level: 'I', title: /^57-0/u });
      between('60s', '61s').receives('值班群', {
        level: 'III',
        title: new RegExp(`^【汇总】${total - 25} 件：建议III级`, 'u'),
        alerts: 500,
      });
      at('70s').then(async ({ db }) => {
        expect(await sumLedger(db)).toEqual({ total, delivered: 10, carried: total - 10, waiting: 0, dead: 0 });
        const { rows } = await sql<{ alerts: number; untold: number; latest: number }>`
        select (select count(*) from alert) as alerts,
          (select count(*) from alert al where not exists (select 1 from alert_entry e where e.alert_id = al.id and e.kind = 'notified')) as untold,
          (select max(extract(epoch from coalesce(k.delivered_at, n.delivered_at) - n.created_at))::float from notification n
            left join notification k on k.id = n.carrier_id where n.rank = 4 and n.carries is null) as latest`.execute(db);
        expect(rows[0]).toMatchObject({ alerts: total, untold: 0 });
        expect(rows[0]?.latest, 'seconds that the last level I took').toBeLessThanOrEqual(5);
      });
    }),
);

test('a budget queues instead of dropping, keeps a part for level I, and is one for all dispatchers', async () => {
  const database = await createTestDatabase();
  const { db } = database;
  try {
    const now = new Date('2026-11-25T10:00:00+08:00');
    const after = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
    const budgets = new Map([['log', [{ limit: 5, windowMs: 60_000 }]]]);
    const policy = await loadAlertPolicy();
    await addChannel(db, { kind: 'log', name: '日志', options: {}, allowPrivate: false });
    const arrive = async (...told: Told[]) => {
      await decide(db, await tell(db, told, now), { now, publicUrl: null, policy, policyId: null, dayKind: dayKindOf });
      await admitNotifications(db, { now, storm: { ...policy.storm, burst: 100, singles: 100 } });
    };
    await arrive(...Array.from({ length: 9 }, (_, n): Told => ({ story: `黄${n}`, level: 'III', places: [`村${n}`] })));
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimNotification(db, now, budgets)));
    expect(claims.filter((claim) => claim !== null)).toHaveLength(4);
    await arrive({ story: '红', level: 'I' });
    expect((await claimNotification(db, after(1), budgets))?.message.level).toBe('I');
    await arrive({ story: '红二', level: 'I' });
    expect(await claimNotification(db, after(59), budgets)).toBeNull();
    expect((await claimNotification(db, after(60), budgets))?.message.level).toBe('I');
    const later = await Promise.all(Array.from({ length: 8 }, () => claimNotification(db, after(61), budgets)));
    expect(later.filter((claim) => claim !== null)).toHaveLength(3);
    const rows = await db.selectFrom('notification').select('state').execute();
    expect(rows).toHaveLength(11);
  } finally {
    await database.drop();
  }
});
