import {
  acknowledgeAlert,
  addChannel,
  alertsChangedSince,
  assignAlert,
  claimDecisions,
  claimLeftEvents,
  closeAlert,
  confirmLevel,
  connect,
  countYear,
  getAlert,
  listAlerts,
  listNotifications,
  removeChannel,
  saveDecisions,
  tallyEvents,
  verifyAlert,
} from '@guanlan/database';
import { decide } from '@guanlan/dispatcher';
import { GuanlanError, levelRank } from '@guanlan/domain';
import { dayKindOf, loadAlertPolicy } from '@guanlan/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type Told, tell } from './dispatcher-world.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 3, minute));
const publicUrl = 'http://127.0.0.1:8080';
const policy = await loadAlertPolicy();
const on = (minute: number) => ({ now: at(minute), publicUrl, policy, policyId: null, dayKind: dayKindOf });
let test_: TestDatabase;

beforeEach(async () => {
  test_ = await createTestDatabase();
});
afterEach(() => test_.drop());

const webhook = (name: string) => ({ kind: 'webhook', name, options: { url: 'http://127.0.0.1:9/', secret: 's' }, allowPrivate: true });

/** Items arrive at this minute and the dispatcher decides; answers the alerts there are, oldest first. */
async function arrive(minute: number, ...items: Told[]) {
  const eventIds = await tell(test_.db, items, at(minute));
  await decide(test_.db, eventIds, on(minute));
  return (await listAlerts(test_.db, { limit: 100 })).reverse();
}

async function timeline(id: number | undefined) {
  const detail = await getAlert(test_.db, id ?? 0);
  return detail?.timeline.map(({ kind, note }) => `${kind} ${note}`) ?? [];
}

describe('opening', () => {
  test('an alert is opened with its evidence and one message for each channel of the route', async () => {
    const { id: channelId, onDefaultRoute } = await addChannel(test_.db, webhook('值班群'));
    expect(onDefaultRoute).toBe(true);
    const story = { story: '一中食堂', level: 'III', categories: ['food', 'school'] } as const;
    const [alert] = await arrive(0, { ...story, categories: ['food', 'school'] }, { ...story, categories: ['food'], source: '贴吧' });
    expect(alert).toMatchObject({
      level: 'III',
      state: 'firing',
      title: '一中食堂：多人呕吐',
      categories: ['food', 'school'],
      places: ['城关镇'],
      itemCount: 2,
      sourceCount: 2,
      openedAt: at(0),
      updatedAt: at(0),
      evidence: [{ rule: 'poisoning', category: 'food', term: '呕吐', snippet: '一中食堂：多人呕吐', start: 7, end: 9 }],
    });
    const detail = await getAlert(test_.db, alert?.id ?? 0);
    expect(detail?.next).toEqual(['acknowledged', 'closed']);
    expect(detail?.items.map((item) => item.title.slice(item.reasons[0]?.start, item.reasons[0]?.end))).toEqual(['呕吐', '呕吐']);
    expect(detail?.notifications).toMatchObject([
      {
        channel: { id: channelId, name: '值班群', kind: 'webhook' },
        level: 'III',
        reason: '新预警：建议III级，食品药品安全、教育校园，城关镇',
        state: 'pending',
        attempts: 0,
        idempotencyKey: `alert-${alert?.id}-${channelId}-opened-2`,
        tries: [],
      },
    ]);
    const { message } = await test_.db.selectFrom('notification').select('message').executeTakeFirstOrThrow();
    expect(message).toMatchObject({
      alertId: alert?.id,
      departments: ['市场监督管理局', '教育局'],
      sourceCount: 2,
      link: `${publicUrl}/alerts/${alert?.id}`,
      items: [{ source: '县融媒体中心', publishedAt: at(0).toISOString() }, { source: '贴吧' }],
    });
  });

  test('needs a level and relevance', async () => {
    const alerts = await arrive(0, { story: '外地', level: 'I', relevant: false }, { story: '日常', level: 'none', relevant: true });
    expect(alerts).toEqual([]);
    expect(await claimLeftEvents(test_.db, { now: at(60), staleMs: 1, limit: 10 })).toEqual([]);
  });

  test('happens once, however often and by however many it is rung for', async () => {
    await addChannel(test_.db, webhook('值班群'));
    const stories = Array.from({ length: 150 }, (_, n): Told => ({ story: `事件${n}`, level: 'III' }));
    const eventIds = await tell(test_.db, stories, at(0));
    const other = connect({ connectionString: test_.connectionString, max: 4 });
    const rounds = [test_.db, other, test_.db, other, other].map((db) => decide(db, eventIds, on(0)));
    const written = await Promise.all(rounds);
    await decide(other, eventIds, on(1));
    await other.destroy();
    expect(written.reduce((sum, n) => sum + n, 0)).toBe(150);
    for (const table of ['alert', 'alert_entry', 'notification'] as const) {
      const { n } = await test_.db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      expect(n, table).toBe(150);
    }
  });

  test('without a channel the alert stands, and its timeline says that nobody was told and what to do', async () => {
    const [alert] = await arrive(0, { story: '一中食堂', level: 'II' });
    expect(await timeline(alert?.id)).toEqual([
      expect.stringMatching(/^opened 新预警/u),
      expect.stringMatching(/^untold .*没有通知任何人.*channel add/u),
    ]);
    expect(await listNotifications(test_.db, { limit: 10 })).toEqual([]);
  });

  test('a second channel is not routed by itself, and one taken away is no longer told', async () => {
    const first = await addChannel(test_.db, webhook('值班群'));
    expect(await addChannel(test_.db, webhook('备用'))).toMatchObject({ onDefaultRoute: false });
    await expect(addChannel(test_.db, webhook('备用'))).rejects.toThrow('已有名为“备用”的渠道');
    expect(await removeChannel(test_.db, first.id, at(0))).toBe(true);
    expect(await removeChannel(test_.db, first.id, at(0))).toBe(false);
    const [alert] = await arrive(0, { story: '一中食堂', level: 'II' });
    expect((await timeline(alert?.id))[1]).toContain('已有渠道（备用）不在这条路由上');
  });
});

describe('what follows', () => {
  beforeEach(() => addChannel(test_.db, webhook('值班群')));

  test('a rise of the level is a second message that says so; more of the same is none', async () => {
    await arrive(0, { story: '一中食堂', level: 'III' });
    await arrive(1, { story: '一中食堂', level: 'III', source: '贴吧' });
    await arrive(2, { story: '一中食堂', level: 'II' });
    const [alert, ...others] = await arrive(3, { story: '一中食堂', level: 'IV' });
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ level: 'II', itemCount: 4, updatedAt: at(2) });
    expect(await timeline(alert?.id)).toEqual([expect.stringContaining('opened'), 'level-raised 建议由III级升为II级']);
    const reasons = (await listNotifications(test_.db, { limit: 10 })).map((n) => n.reason);
    expect(reasons).toEqual(['建议由III级升为II级', '新预警：建议III级，食品药品安全，城关镇']);
  });

  test('what a person confirmed stands as confirmed in every message after, beside what is proposed', async () => {
    const [alert] = await arrive(0, { story: '一中食堂', level: 'III' });
    await confirmLevel(test_.db, alert?.id ?? 0, { actor: '张三', note: '', now: at(1), rank: levelRank('IV') });
    await arrive(2, { story: '一中食堂', level: 'III', source: '县政府', authorKind: 'agency' });
    await arrive(3, { story: '一中食堂', level: 'I' });
    const rows = await test_.db.selectFrom('notification').select('message').orderBy('id').execute();
    expect(rows.map(({ message }) => message && [message.level, message.confirmedLevel, message.reason])).toEqual([
      ['III', undefined, '新预警：建议III级，食品药品安全，城关镇'],
      ['III', 'IV', '出现新的来源类型：政务机构'],
      ['I', 'IV', '建议由III级升为I级（现核定IV级，请重新核定）'],
    ]);
    expect((await listNotifications(test_.db, { limit: 10 })).map((n) => n.confirmedLevel)).toEqual(['IV', 'IV', null]);
  });

  test('a closed case comes back only at a higher level', async () => {
    const [first] = await arrive(0, { story: '一中食堂', level: 'III' });
    await closeAlert(test_.db, first?.id ?? 0, { actor: '张三', note: '已发布说明', outcome: 'clarified', now: at(1) });
    expect(await arrive(2, { story: '一中食堂', level: 'III' })).toHaveLength(1);
    const [, second] = await arrive(3, { story: '一中食堂', level: 'I' });
    expect(second).toMatchObject({ level: 'I', state: 'firing', openedAt: at(3) });
    expect(await timeline(second?.id)).toEqual(['reopened 办结后再次发现，建议由III级升为I级']);
    expect(await listNotifications(test_.db, { limit: 10 })).toHaveLength(2);
  });

  test('a change that comes while a decision is being written is not lost', async () => {
    const eventIds = await tell(test_.db, [{ story: '一中食堂', level: 'III' }], at(0));
    let later: Promise<number[]> | undefined;
    await test_.db.transaction().execute(async (tx) => {
      expect(await claimDecisions(tx, eventIds)).toHaveLength(1);
      later = tell(test_.db, [{ story: '一中食堂', level: 'II' }], at(1));
      expect(await decide(test_.db, eventIds, on(1))).toBe(0);
      await saveDecisions(tx, { decided: eventIds, reported: [], opened: [], raised: [], told: [], entries: [], notifications: [] }, on(0));
    });
    await later;
    expect(await decide(test_.db, eventIds, on(2))).toBe(1);
    expect(await listAlerts(test_.db, { limit: 10 })).toMatchObject([{ level: 'II' }]);
  });
});

describe('muting', () => {
  beforeEach(() => addChannel(test_.db, webhook('值班群')));
  const keys = async () => (await listNotifications(test_.db, { limit: 100 })).map((n) => n.alertId);

  test('a silence mutes what it covers wholly, while it lasts, never level I', async () => {
    await test_.db
      .insertInto('silence')
      .values({ categories: ['food'], max_rank: levelRank('II'), starts_at: at(0), ends_at: at(30), reason: '食品安全演练' })
      .execute();
    const [muted, wider, red] = await arrive(
      5,
      { story: '甲', level: 'II' },
      { story: '乙', level: 'II', categories: ['food', 'school'], places: ['河东乡'] },
      { story: '丙', level: 'I', places: ['河西乡'] },
    );
    const [, , , after] = await arrive(30, { story: '丁', level: 'II', places: ['西街'] });
    expect((await timeline(muted?.id))[1]).toBe('silenced 静默至 2026-11-23 11:30：食品安全演练');
    expect((await keys()).sort()).toEqual([wider?.id, red?.id, after?.id].sort());
  });

  test('an open alert of a higher level in the same place and category mutes lower ones for two hours', async () => {
    const [red] = await arrive(0, { story: '甲', level: 'I', categories: ['food'], places: ['某县', '城关镇'] });
    const alerts = await arrive(
      119,
      { story: '乙', level: 'III', categories: ['food'], places: ['某县', '城关镇'] },
      { story: '丙', level: 'III', categories: ['traffic'], places: ['某县', '城关镇'] },
      { story: '丁', level: 'III', categories: ['food'], places: ['某县', '河东乡'] },
    );
    await arrive(121, { story: '戊', level: 'III', categories: ['food'], places: ['某县', '城关镇'] });
    const byTitle = new Map((await listAlerts(test_.db, { limit: 10 })).map((a) => [a.title[0], a.id]));
    expect(alerts).toHaveLength(4);
    expect(await timeline(byTitle.get('乙'))).toEqual([
      expect.stringContaining('opened'),
      `suppressed 同一地点、同一类别（某县、城关镇）已有更高级别（建议I级）的未办结预警 ${red?.id}，2026-11-23 13:00 前不再另行通知`,
    ]);
    expect((await keys()).sort()).toEqual(['甲', '丙', '丁', '戊'].map((name) => byTitle.get(name)).sort());
  });

  test('one that a person has confirmed as lower mutes nothing more', async () => {
    const [red] = await arrive(0, { story: '甲', level: 'I', categories: ['food'], places: ['某县', '城关镇'] });
    await confirmLevel(test_.db, red?.id ?? 0, { actor: '张三', note: '', now: at(1), rank: levelRank('IV') });
    const [, second] = await arrive(2, { story: '乙', level: 'III', categories: ['food'], places: ['某县', '城关镇'] });
    expect(await timeline(second?.id)).toEqual([expect.stringContaining('opened')]);
    expect((await keys()).sort()).toEqual([red?.id, second?.id].sort());
  });

  test('the higher one may come in the same batch, and a closed one mutes nothing', async () => {
    const both = await arrive(
      0,
      { story: '乙', level: 'IV', places: ['某县', '城关镇'] },
      { story: '甲', level: 'II', places: ['某县', '城关镇'] },
    );
    const high = both.find((a) => a.level === 'II');
    expect(await keys()).toEqual([high?.id]);
    await closeAlert(test_.db, high?.id ?? 0, { actor: '张三', note: '', outcome: 'answered', now: at(1) });
    await arrive(2, { story: '丙', level: 'IV', places: ['某县', '城关镇'] });
    expect(await keys()).toHaveLength(2);
  });
});

describe('nobody to tell', () => {
  test('an alert opened before there is a channel is told once the first one is added, and only once', async () => {
    const [alert] = await arrive(0, { story: '一中食堂', level: 'III' });
    expect(await timeline(alert?.id)).toEqual([expect.stringContaining('opened'), expect.stringContaining('untold')]);
    await addChannel(test_.db, webhook('值班群'));
    const left = await claimLeftEvents(test_.db, { now: new Date(), staleMs: 10_000, limit: 10 });
    expect(left).toHaveLength(1);
    expect(await decide(test_.db, left, on(5))).toBe(1);
    const detail = await getAlert(test_.db, alert?.id ?? 0);
    expect(detail?.notifications.map((n) => n.reason)).toEqual(['补发（此前没有通知渠道）：新预警：建议III级，食品药品安全，城关镇']);
    await arrive(6, { story: '一中食堂', level: 'III', source: '贴吧' });
    expect((await getAlert(test_.db, alert?.id ?? 0))?.notifications).toHaveLength(1);
  });
});

describe('acts of people', () => {
  test('follow the transitions, each with a line in the timeline; anything else is refused in words', async () => {
    const [alert] = await arrive(0, { story: '一中食堂', level: 'III' });
    const id = alert?.id ?? 0;
    const act = (minute: number) => ({ actor: '张三', note: `第 ${minute} 分`, now: at(minute) });
    await expect(verifyAlert(test_.db, id, act(1))).rejects.toThrow('现在是“待签收”，不能改为“已核实”；可以：“已签收”、“已办结”');
    await acknowledgeAlert(test_.db, id, act(2));
    await expect(acknowledgeAlert(test_.db, id, act(3))).rejects.toThrow(GuanlanError);
    await verifyAlert(test_.db, id, act(4));
    await assignAlert(test_.db, id, { ...act(5), department: '市场监督管理局' });
    await closeAlert(test_.db, id, { ...act(6), outcome: 'handed-over' });
    await expect(closeAlert(test_.db, id, { ...act(7), outcome: 'answered' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(acknowledgeAlert(test_.db, 4711, act(7))).rejects.toMatchObject({ code: 'not-found' });
    const detail = await getAlert(test_.db, id);
    expect(detail).toMatchObject({ state: 'closed', outcome: 'handed-over', closedAt: at(6), updatedAt: at(6), next: [] });
    expect(detail?.timeline.slice(2)).toMatchObject([
      { kind: 'acknowledged', actor: '张三', note: '第 2 分', at: at(2) },
      { kind: 'verified' },
      { kind: 'assigned', data: { department: '市场监督管理局' } },
      { kind: 'closed', data: { outcome: 'handed-over' } },
    ]);
  });

  test('a false alarm takes its items out of the count, or nothing happens at all', async () => {
    const [alert] = await arrive(0, { story: '一中食堂', level: 'III' }, { story: '二中食堂', level: 'III' });
    await tallyEvents(
      test_.db,
      (await listAlerts(test_.db, { limit: 10 })).map((a) => a.eventId),
      at(0),
    );
    expect(await countYear(test_.db, 2026)).toMatchObject({ relevant: 2, counted: 2 });
    const close = (db = test_.db) => closeAlert(db, alert?.id ?? 0, { actor: '张三', note: '系演练', outcome: 'false-alarm', now: at(1) });
    await expect(
      test_.db.transaction().execute(async (tx) => {
        await close(tx);
        throw new Error('the audit log is not writable');
      }),
    ).rejects.toThrow('audit');
    expect(await countYear(test_.db, 2026)).toMatchObject({ counted: 2 });
    await close();
    expect(await countYear(test_.db, 2026)).toMatchObject({ relevant: 2, counted: 1 });
  });
});

test('lists page, filter, and say what has changed since', async () => {
  await arrive(0, { story: '甲', level: 'IV' });
  await arrive(1, { story: '乙', level: 'II', categories: ['traffic'] });
  const [a, b, c] = await arrive(2, { story: '丙', level: 'III' });
  const ids = async (filter: Omit<Parameters<typeof listAlerts>[1], 'limit'>) =>
    (await listAlerts(test_.db, { limit: 10, ...filter })).map((row) => row.id);
  await closeAlert(test_.db, c?.id ?? 0, { actor: '张三', note: '', outcome: 'no-answer-needed', now: at(3) });
  await acknowledgeAlert(test_.db, a?.id ?? 0, { actor: '张三', note: '', now: at(4) });
  expect(await ids({})).toEqual([c?.id, b?.id, a?.id]);
  expect(await ids({ before: c?.id })).toEqual([b?.id, a?.id]);
  expect(await ids({ open: true })).toEqual([b?.id, a?.id]);
  expect(await ids({ open: false })).toEqual([c?.id]);
  expect(await ids({ state: 'acknowledged' })).toEqual([a?.id]);
  expect(await ids({ minRank: levelRank('III') })).toEqual([c?.id, b?.id]);
  expect(await ids({ category: 'traffic' })).toEqual([b?.id]);
  const changed = await alertsChangedSince(test_.db, { updatedAt: at(1), id: b?.id ?? 0, limit: 10 });
  expect(changed.map((row) => row.id)).toEqual([c?.id, a?.id]);
});
