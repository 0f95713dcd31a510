import {
  acknowledgeAlert,
  addReceiver,
  addShift,
  addSilence,
  addSwap,
  answerAlert,
  closeAlert,
  endSilence,
  listRoutes,
  pauseAlert,
  type Route,
  resumeAlert,
  saveRoute,
  settleDeadline,
  sumLedger,
  verifyAlert,
} from '@guanlan/database';
import { describe, expect, test } from 'vitest';
import { timeline, type World } from './alert-timeline.ts';
import type { Told } from './dispatcher-world.ts';

const slow = { timeout: 120_000 };
const act = (world: World, note = '') => ({ actor: '张三', note, now: world.now() });
const story = (name: string, more: Partial<Told> = {}): Told => ({ story: name, level: 'III', ...more });

/** Changes the default route. */
async function defaultRoute({ db }: World, more: Partial<Route>): Promise<void> {
  const route = (await listRoutes(db)).find(({ parentId }) => parentId === null);
  if (route) await saveRoute(db, { ...route, ...more });
}

/** 张三 by day, 李四 after him, 王局 leads; each with a channel of their own. */
async function dutyRoster(world: World): Promise<Record<'zhang' | 'li' | 'wang', number>> {
  const { db, now, channel } = world;
  const person = (name: string, leader = false) => addReceiver(db, { name, leader, channelIds: [channel(name)] }, now());
  const [zhang, li, wang] = [await person('张三'), await person('李四'), await person('王局', true)];
  const week = { weekdays: [1, 2, 3, 4, 5, 6, 7], days: 'any' as const, leaderId: wang };
  await addShift(db, { ...week, name: '白班', fromMinute: 480, toMinute: 1_200, receiverIds: [zhang, li] }, now());
  await addShift(db, { ...week, name: '夜班', fromMinute: 1_200, toMinute: 480, receiverIds: [li, zhang] }, now());
  await defaultRoute(world, { channelIds: [], onDuty: true });
  return { zhang, li, wang };
}
const people = ['张三', '李四', '王局', '值班群'];

describe('suppression per event', () => {
  test('a message at first, then only on a rise, a new kind of source, or a jump in volume', slow, () =>
    timeline({}, ({ at, between }) => {
      at('0s').item(story('食堂', { authorKind: 'individual' }));
      between('0s', '5s').receives('值班群', { level: 'III', reason: /^新预警：建议III级/u });
      // More of the same adds to the heat.
      at('1m').item(...Array.from({ length: 4 }, () => story('食堂', { authorKind: 'individual' })));
      at('2m').item(story('食堂', { authorKind: 'media' }));
      between('2m', '2m 5s').receives('值班群', { reason: /^出现新的来源类型：媒体$/u });
      at('3m').item(...Array.from({ length: 23 }, () => story('食堂', { authorKind: 'media' })));
      at('4m').item(story('食堂', { authorKind: 'media' }));
      between('4m', '4m 5s').receives('值班群', { reason: /^数量激增：由 6 条增至 30 条$/u });
      at('5m').item(story('食堂', { level: 'II', authorKind: 'media' }));
      between('5m', '5m 5s').receives('值班群', { level: 'II', reason: /^建议由III级升为II级$/u });
      at('5m 10s').then(async (world) => acknowledgeAlert(world.db, await world.alert('食堂'), act(world)));
    }),
  );

  test('a closed case comes back at a higher level, or with a new wave, not with a few copies', slow, () =>
    timeline({}, ({ at, between }) => {
      at('0s').item(story('停水'));
      between('0s', '5s').receives('值班群', { reason: /^新预警/u });
      at('10s').then(async (world) => closeAlert(world.db, await world.alert('停水'), { ...act(world), outcome: 'clarified' }));
      at('1m').item(...Array.from({ length: 9 }, (_, n) => story('停水', { source: `源${n}` })));
      at('2m').item(story('停水', { source: '源1' }));
      between('2m', '2m 5s').receives('值班群', { level: 'III', reason: /^办结后又起一波：9 个信息源新增 10 条信息，建议III级$/u });
      at('2m 10s').then(async (world) => closeAlert(world.db, await world.alert('停水'), { ...act(world), outcome: 'answered' }));
      at('3m').item(story('停水', { level: 'I' }));
      between('3m', '3m 5s').receives('值班群', { level: 'I', reason: /^办结后再次发现，建议由III级升为I级$/u });
    }),
  );
});

describe('clocks', () => {
  test('nobody takes it on: warned, then the next on duty, then the leader; each once', slow, () =>
    timeline({ channels: people, prepare: dutyRoster }, ({ at, between }) => {
      at('0s').item(story('大火', { level: 'I' }));
      between('0s', '5s').receives('张三', { level: 'I', reason: /^新预警/u });
      between('2m', '2m 5s').receives('张三', { reason: /^“签收”时限（2026-11-25 10:05）还剩 3 分钟/u });
      between('5m', '5m 5s').receives('李四', { reason: /^“签收”时限（2026-11-25 10:05）已过，升级至下一位值班员李四/u });
      between('20m', '20m 5s').receives('王局', { reason: /“签收”时限（2026-11-25 10:05）已过 15 分钟，升级至带班领导王局/u });
      at('40m').then(async (world) => acknowledgeAlert(world.db, await world.alert('大火'), act(world)));
    }),
  );

  test('acknowledged in time, verified too late: only the one that ran out is escalated', slow, () =>
    timeline({ channels: people, prepare: dutyRoster }, ({ at, between }) => {
      at('0s').item(story('大火', { level: 'I' }));
      between('0s', '5s').receives('张三', { reason: /^新预警/u });
      at('90s').then(async (world) => acknowledgeAlert(world.db, await world.alert('大火'), act(world)));
      between('45m', '45m 5s').receives('张三', { reason: /^“核实”时限（2026-11-25 11:00）还剩 15 分钟/u });
      between('1h', '1h 5s').receives('李四', { reason: /^“核实”时限/u });
      at('1h 5m').then(async (world) => verifyAlert(world.db, await world.alert('大火'), act(world)));
      at('2h').then(async () => {});
    }),
  );

  test('first information and press conference, over midnight; what is recorded or waived is asked for no more', slow, () =>
    timeline({ start: '2026-12-31T21:00:00', channels: people, prepare: dutyRoster }, ({ at, between }) => {
      at('0s').item(story('爆炸', { level: 'II' }));
      between('0s', '5s').receives('李四', { reason: /^新预警/u });
      at('1m').then(async (world) => {
        await acknowledgeAlert(world.db, await world.alert('爆炸'), act(world));
        await verifyAlert(world.db, await world.alert('爆炸'), act(world));
      });
      between('4h', '4h 5s').receives('李四', { reason: /^“首次权威信息”时限（2027-01-01 02:00）还剩 60 分钟/u });
      at('4h 30m').then(async (world) =>
        settleDeadline(world.db, await world.alert('爆炸'), { ...act(world, '已在官网发布'), deadline: 'first-information', waive: false }),
      );
      // The shift has changed meanwhile.
      between('20h', '20h 5s').receives('张三', { reason: /^“新闻发布会”时限（2027-01-01 21:00）还剩 4 小时/u });
      at('21h').then(async (world) => {
        const settle = (note: string) =>
          world
            .alert('爆炸')
            .then((id) => settleDeadline(world.db, id, { ...act(world, note), deadline: 'press-conference', waive: true }));
        await expect(settle('')).rejects.toMatchObject({ code: 'bad-input' });
        await settle('未造成人员伤亡，由应急局书面通报');
      });
      between('40h', '40h 5s').receives('张三', { reason: /^“回应”时限（2027-01-02 21:00）还剩 8 小时/u });
      at('41h').then(async (world) => answerAlert(world.db, await world.alert('爆炸'), { ...act(world), answer: 'clarified' }));
      at('60h').then(async () => {});
    }),
  );

  test('a cyber incident has four hours to be reported', slow, () =>
    timeline({ policy: { escalation: [] } }, ({ at, between }) => {
      at('0s').item(story('篡改', { categories: ['cyber'] }));
      between('0s', '5s').receives('值班群', { reason: /^新预警/u });
      at('1m').then(async (world) => {
        await acknowledgeAlert(world.db, await world.alert('篡改'), act(world));
        await verifyAlert(world.db, await world.alert('篡改'), act(world));
      });
      between('3h', '3h 5s').receives('值班群', { reason: /^“网络安全事件报告”时限（2026-11-25 14:00）还剩 60 分钟/u });
      at('4h').then(async () => {});
    }),
  );

  test('a pause needs a reason, and holds the clock until its end or until a person lets it go on', slow, () =>
    timeline({ policy: { escalation: [] } }, ({ at, between }) => {
      at('0s').item(story('积水'));
      between('0s', '5s').receives('值班群', { reason: /^新预警/u });
      at('10m').then(async (world) => {
        const id = await world.alert('积水');
        const until = new Date(world.now().getTime() + 3_600_000);
        await expect(pauseAlert(world.db, id, { ...act(world, '等待水务局'), until })).rejects.toMatchObject({ code: 'conflict' });
        await acknowledgeAlert(world.db, id, act(world));
        await expect(pauseAlert(world.db, id, { ...act(world), until })).rejects.toMatchObject({ code: 'bad-input' });
        await pauseAlert(world.db, id, { ...act(world, '等待水务局'), until });
      });
      at('30m').then(async (world) => resumeAlert(world.db, await world.alert('积水'), act(world)));
      // Sixty minutes and the twenty of the pause, less the fifteen of the warning.
      between('65m', '65m 5s').receives('值班群', { reason: /^“核实”时限（2026-11-25 11:20）还剩 15 分钟/u });
      at('70m').then(async (world) => verifyAlert(world.db, await world.alert('积水'), act(world)));
      at('2h').then(async () => {});
    }),
  );

  test('a rise of the level brings its own, nearer end', slow, () =>
    timeline({ policy: { escalation: [] } }, ({ at, between }) => {
      at('0s').item(story('塌陷', { level: 'IV' }));
      between('0s', '5s').receives('值班群', { level: 'IV' });
      at('1h').item(story('塌陷', { level: 'I' }));
      between('1h', '1h 5s').receives('值班群', { level: 'I', reason: /升为I级/u });
      between('62m', '62m 5s').receives('值班群', { reason: /^“签收”时限（2026-11-25 11:05）/u });
      at('63m').then(async (world) => {
        await acknowledgeAlert(world.db, await world.alert('塌陷'), act(world));
        await verifyAlert(world.db, await world.alert('塌陷'), act(world));
      });
      at('70m').then(async () => {});
    }),
  );
});

describe('the roster', () => {
  test('whoever is on duty is told, swaps and holidays included', slow, () => {
    const rest = new Set(['2026-11-26']);
    const dayKind = (at: Date) =>
      rest.has(new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)) ? ('rest' as const) : ('workday' as const);
    const prepare = async (world: World) => {
      const { db, now, channel } = world;
      const person = (name: string) => addReceiver(db, { name, leader: false, channelIds: [channel(name)] }, now());
      const [zhang, li, wang] = [await person('张三'), await person('李四'), await person('王局')];
      const pattern = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 0, leaderId: null };
      await addShift(db, { ...pattern, name: '工作日', days: 'workday', receiverIds: [zhang] }, now());
      await addShift(db, { ...pattern, name: '节假日', days: 'rest', receiverIds: [li] }, now());
      const swap = {
        from: new Date('2026-11-27T00:00:00+08:00'),
        to: new Date('2026-11-28T00:00:00+08:00'),
        reason: '出差',
        actor: '管理员',
      };
      await addSwap(db, { ...swap, receiverId: zhang, byId: wang }, now());
      await defaultRoute(world, { channelIds: [channel('值班群')], onDuty: true });
    };
    return timeline({ channels: people, prepare, dayKind, policy: { deadlines: [] } }, ({ at, between }) => {
      for (const [time, name, who] of [
        ['0s', '周三', '张三'],
        ['24h', '周四', '李四'],
        ['48h', '周五', '王局'],
        ['72h', '周六', '张三'],
      ] as const) {
        at(time).item(story(name));
        between(time, `${time} 5s`).receives(who, { title: new RegExp(`^${name}`, 'u') });
        between(time, `${time} 5s`).receives('值班群', { title: new RegExp(`^${name}`, 'u') });
      }
    });
  });
});

describe('routing, quiet hours and digests', () => {
  test('the tree by level, category, place, kind of source and time of day', slow, () =>
    timeline(
      {
        channels: ['默认', '食药', '城关', '媒体', '夜间'],
        policy: { deadlines: [] },
        prepare: async ({ db, channel }) => {
          const node = (position: number, name: string, more: Partial<Route>) =>
            saveRoute(db, {
              ...{ id: null, parentId: null, position, name, minRank: 1, categories: [], places: [], groups: [], days: 'any' },
              ...{
                fromMinute: null,
                toMinute: null,
                channelIds: [channel(name)],
                receiverIds: [],
                onDuty: false,
                quiet: null,
                digest: null,
              },
              ...more,
            });
          await node(10, '夜间', { fromMinute: 1_320, toMinute: 420, minRank: 4 });
          const food = await node(20, '食药', { categories: ['food'] });
          await node(10, '城关', { parentId: food, places: ['城关镇'], minRank: 3 });
          await node(30, '媒体', { groups: ['media'] });
        },
      },
      ({ at, between }) => {
        at('0s').item(story('甲', { places: ['官亭镇'] }), story('乙', { level: 'II' }), story('丙', { categories: ['traffic'] }));
        at('0s').item(story('丁', { categories: ['traffic'], authorKind: 'individual' }));
        between('0s', '5s').receives('食药', { title: /^甲/u });
        between('0s', '5s').receives('城关', { title: /^乙/u });
        between('0s', '5s').receives('媒体', { title: /^丙/u });
        between('0s', '5s').receives('默认', { title: /^丁/u });
        at('13h').item(story('戊', { level: 'I' }), story('己'));
        between('13h', '13h 5s').receives('夜间', { title: /^戊/u });
        between('13h', '13h 5s').receives('食药', { title: /^己/u });
      },
    ),
  );

  test('at night low levels wait for the morning and come as one; the floor and level I pass', slow, () =>
    timeline(
      {
        start: '2026-11-30T21:00:00',
        policy: { deadlines: [] },
        prepare: (world) => defaultRoute(world, { quiet: { fromMinute: 1_320, toMinute: 420, floorRank: 3 } }),
      },
      ({ at, between }) => {
        at('0s').item(story('晚'));
        between('0s', '5s').receives('值班群', { title: /^晚/u });
        at('1h').item(story('夜一'), story('夜二', { level: 'IV', places: ['官亭镇'] }));
        at('5h').item(story('夜三'), story('红', { level: 'I' }), story('橙', { level: 'II' }));
        between('5h', '5h 5s').receives('值班群', { title: /^红/u });
        between('5h', '5h 5s').receives('值班群', { title: /^橙/u });
        between('10h', '10h 5s').receives('值班群', {
          title: /^【汇总】3 件：建议III级 2，IV级 1$/u,
          reason: /^静默时段内的提示/u,
          alerts: 3,
        });
      },
    ),
  );

  test('clocks of low levels wake nobody either, and a clock of level I does', slow, () =>
    timeline(
      {
        start: '2026-11-25T20:00:00',
        policy: { escalation: [] },
        prepare: (world) => defaultRoute(world, { quiet: { fromMinute: 1_320, toMinute: 420, floorRank: 3 } }),
      },
      ({ at, between }) => {
        at('0s').item(story('蓝', { level: 'IV' }));
        between('0s', '5s').receives('值班群', { title: /^蓝/u, reason: /^新预警/u });
        at('3h').item(story('红', { level: 'I', places: ['官亭镇'] }));
        between('3h', '3h 5s').receives('值班群', { title: /^红/u, reason: /^新预警/u });
        between('3h 2m', '3h 3m').receives('值班群', { title: /^红/u, reason: /^“签收”时限/u });
        at('3h 4m').then(async (world) => {
          const id = await world.alert('红');
          await acknowledgeAlert(world.db, id, act(world));
          await closeAlert(world.db, id, { ...act(world), outcome: 'answered' });
        });
        // Warned of at three minutes to midnight and at a quarter to four, told in the morning.
        between('11h', '11h 5s').receives('值班群', {
          title: /^【汇总】1 件：建议IV级 1$/u,
          reason: /“签收”时限（2026-11-26 00:00）.*；“核实”时限/u,
        });
        at('11h 1m').then(async (world) => closeAlert(world.db, await world.alert('蓝'), { ...act(world), outcome: 'answered' }));
      },
    ),
  );

  test('low levels are gathered and sent at their hours', slow, () =>
    timeline(
      { policy: { deadlines: [] }, prepare: (world) => defaultRoute(world, { digest: { maxRank: 1, atMinutes: [1_020] } }) },
      ({ at, between }) => {
        at('0s').item(story('一', { level: 'IV' }));
        at('2h').item(story('二', { level: 'IV' }), story('三'));
        between('2h', '2h 5s').receives('值班群', { title: /^三/u });
        between('7h', '7h 5s').receives('值班群', { title: /^【汇总】2 件：建议IV级 2$/u, alerts: 2 });
        at('8h').item(story('四', { level: 'IV' }));
        // A digest of one is the message itself.
        between('31h', '31h 5s').receives('值班群', { title: /^四/u });
      },
    ),
  );
});

describe('silence and inhibition', () => {
  test('a silence mutes what it covers until it ends or is ended, never level I', slow, () =>
    timeline({ policy: { deadlines: [] } }, ({ at, between }) => {
      at('0s').then(({ db, now }) => {
        const span = { startsAt: now(), endsAt: new Date(now().getTime() + 3_600_000) };
        return addSilence(db, { ...span, categories: ['food'], places: ['城关镇'], maxRank: 3, reason: '集中检查', actor: '张三' }, now());
      });
      at('1m').item(story('甲'), story('乙', { level: 'I' }), story('丙', { places: ['官亭镇'] }));
      between('1m', '65s').receives('值班群', { title: /^乙/u });
      between('1m', '65s').receives('值班群', { title: /^丙/u });
      at('10m').then(({ db, now }) => endSilence(db, 1, { actor: '张三', now: now() }));
      at('11m').item(story('丁'));
      between('11m', '11m 5s').receives('值班群', { title: /^丁/u });
    }),
  );

  test('a severe alert mutes lower ones of its place and category for two hours', slow, () =>
    timeline({ policy: { deadlines: [] } }, ({ at, between }) => {
      const places = ['某县', '城关镇'];
      at('0s').item(story('甲', { level: 'II', places }));
      between('0s', '5s').receives('值班群', { title: /^甲/u });
      at('1h').item(story('乙', { places }), story('丙', { places: ['某县', '官亭镇'] }));
      between('1h', '1h 5s').receives('值班群', { title: /^丙/u });
      at('2h').item(story('丁', { places }));
      between('2h', '2h 5s').receives('值班群', { title: /^丁/u });
    }),
  );
});

describe('a receiver that is down', () => {
  test('for six hours: the fallback is used meanwhile, and what gathered comes as one message', slow, () =>
    timeline({ channels: ['机器人', '短信'], fallbacks: { 机器人: '短信' }, policy: { deadlines: [] } }, ({ at, between }) => {
      at('0s').then(async ({ receivers }) => receivers.get('机器人')?.down());
      at('1m').item(story('一'));
      // Three tries, a second and two apart, then the other way.
      between('1m', '70s').receives('短信', { title: /^一/u, reason: /“机器人”未能送达，改由本渠道发送/u });
      for (let hour = 1; hour <= 5; hour += 1) {
        at(`${hour}h`).item(story(`时${hour}`), story(`蓝${hour}`, { level: 'IV', places: ['官亭镇'] }));
        between(`${hour}h`, `${hour}h 5s`).receives('短信', { title: new RegExp(`^时${hour}`, 'u') });
        between(`${hour}h`, `${hour}h 5s`).receives('短信', { title: new RegExp(`^蓝${hour}`, 'u') });
      }
      at('6h').then(async ({ receivers }) => receivers.get('机器人')?.up());
      between('6h', '6h 11m').receives('机器人', { title: /^一/u });
      between('6h', '6h 11m').receives('机器人', {
        title: /^【汇总】10 件：建议III级 5，IV级 5$/u,
        reason: /^渠道恢复，补发期间的提示/u,
        alerts: 10,
      });
      at('6h 12m').then(async ({ db }) =>
        expect(await sumLedger(db)).toMatchObject({ total: 22, delivered: 12, carried: 10, waiting: 0, dead: 0 }),
      );
      at('6h 20m').item(story('末'));
      between('6h 20m', '6h 21m').receives('机器人', { title: /^末/u });
    }),
  );

  test('that refuses: the fallback at once, the dead letter stays visible', slow, () =>
    timeline({ channels: ['机器人', '短信'], fallbacks: { 机器人: '短信' }, policy: { deadlines: [] } }, ({ at, between }) => {
      at('0s').then(async ({ receivers }) => {
        const robot = receivers.get('机器人');
        if (robot) robot.answer = { status: 403 };
      });
      at('1s').item(story('一', { level: 'I' }));
      between('1s', '5s').receives('短信', { title: /^一/u });
      at('10s').then(async ({ db }) => expect(await sumLedger(db)).toMatchObject({ total: 2, delivered: 1, dead: 1 }));
    }),
  );
});

describe('a storm', () => {
  test('a burst of single messages, then one a minute; level I has its own count', slow, () =>
    timeline({ policy: { deadlines: [] } }, ({ at, between }) => {
      const many = (name: string, n: number, level: Told['level']) =>
        Array.from({ length: n }, (_, i) => story(`${name}${i}`, { level, places: [`${name}村${i}`] }));
      at('0s').item(...many('黄', 60, 'III'));
      between('0s', '5s').receives('值班群', { level: 'III', title: /^黄/u, times: 5 });
      at('10s').item(...many('红', 12, 'I'));
      between('10s', '13s').receives('值班群', { level: 'I', title: /^红/u, times: 5 });
      between('14s', '15s').receives('值班群', { level: 'I', title: /^【汇总】7 件：建议I级 7$/u, alerts: 7 });
      at('30s').item(...many('蓝', 30, 'IV'));
      between('60s', '61s').receives('值班群', { title: /^【汇总】85 件：建议III级 55，IV级 30$/u, alerts: 85 });
      // The window is over: what comes now comes by itself again.
      at('6m').item(story('后'));
      between('6m', '6m 5s').receives('值班群', { title: /^后/u });
    }),
  );
});
