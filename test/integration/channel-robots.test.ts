import type { AlertMessage } from '@guanlan/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutbound, longMessage, type Outbound } from '../support/outbound.ts';
import { type Robot, type RobotOptions, startDingtalk, startFeishu, startWecom } from '../support/robot-receivers.ts';

/** Every robot against a receiver that checks what its maker documents: signature, age, size, rate, and codes in a 200. */
let out: Outbound;
let robots: Robot[];
beforeEach(async () => {
  out = await createOutbound();
  robots = [];
});
afterEach(async () => {
  await out.close();
  await Promise.all(robots.map((robot) => robot.close()));
});

async function robotOf(start: (options: RobotOptions) => Promise<Robot>, options: Omit<RobotOptions, 'clock'> = {}): Promise<Robot> {
  const robot = await start({ clock: out.clock, ...options });
  robots.push(robot);
  return robot;
}

const signed = [
  { kind: 'dingtalk', start: startDingtalk, secret: 'SECright', wrong: 'SECwrong', sign: '310000：sign not match' },
  { kind: 'feishu', start: startFeishu, secret: 'right', wrong: 'wrong', sign: '19021：sign match fail' },
];

describe.each(signed)('$kind, which is signed', ({ kind, start, secret, wrong, sign }) => {
  test('the right signature is accepted', async () => {
    const robot = await robotOf(start, { secret });
    expect(await out.send(kind, { url: robot.url, secret })).toMatchObject({ ok: true, status: 200 });
    expect(JSON.stringify(robot.received)).toContain('【建议II级】某小区物业停水三日');
  });

  test('a wrong secret is refused for good, in words and without the secret', async () => {
    const robot = await robotOf(start, { secret });
    const result = await out.send(kind, { url: robot.url, secret: wrong });
    expect(result).toMatchObject({ ok: false, status: 200, retryable: false });
    expect(result.response).toContain('签名不符');
    expect(result.response).toContain(sign);
    expect(result.response).not.toContain(wrong);
    expect(robot.received).toEqual([]);
  });

  test('a signature is good for an hour of clock difference, and no more', async () => {
    const behind = { now: () => new Date(out.clock.now().getTime() + 59 * 60_000) };
    const far = { now: () => new Date(out.clock.now().getTime() + 61 * 60_000) };
    robots.push(await start({ clock: behind, secret }), await start({ clock: far, secret }));
    expect(await out.send(kind, { url: robots[0]?.url, secret })).toMatchObject({ ok: true });
    const late = await out.send(kind, { url: robots[1]?.url, secret });
    expect(late).toMatchObject({ ok: false, retryable: false });
    expect(late.response).toContain('本机时间');
  });

  test('one guarded by the keyword 观澜 takes our messages; by another, it says what to do', async () => {
    const ours = await robotOf(start, { keyword: '观澜' });
    expect(await out.send(kind, { url: ours.url }, { link: null })).toMatchObject({ ok: true });
    const other = await robotOf(start, { keyword: '告警' });
    const result = await out.send(kind, { url: other.url });
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(result.response).toContain('请把关键词设为“观澜”');
  });

  test('one that takes only listed addresses says so', async () => {
    const robot = await robotOf(start, { whitelist: true });
    const result = await out.send(kind, { url: robot.url });
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(result.response).toContain('IP 白名单');
  });
});

const all = [
  { kind: 'dingtalk', start: startDingtalk, burst: 20, pauseMs: 600_000, bad: (url: string) => url.replace('dingtalk-token', 'no-token') },
  { kind: 'wecom', start: startWecom, burst: 20, pauseMs: 60_000, bad: (url: string) => url.replace('wecom-key', 'no-key') },
  { kind: 'feishu', start: startFeishu, burst: 5, pauseMs: 60_000, bad: (url: string) => url.replace('feishu-hook', 'no-hook') },
];

describe.each(all)('$kind', ({ kind, start, burst, pauseMs, bad }) => {
  test.each(['I', 'none'] as const)(
    'a message that is far too long arrives cut, marked as a drill, with a link to the rest (level %s)',
    async (level) => {
      const robot = await robotOf(start);
      expect(await out.send(kind, { url: robot.url }, longMessage({ level, drill: true }))).toMatchObject({ ok: true });
      const arrived = JSON.stringify(robot.received[0]);
      expect(arrived).toContain(level === 'I' ? '【演练】【建议I级】' : '【演练】某小区');
      expect(arrived).toContain('内容过长');
      expect(arrived).toContain('https://guanlan.example/alerts/7');
    },
  );

  test('without a public address the cut message names the console, and no address', async () => {
    const robot = await robotOf(start);
    expect(await out.send(kind, { url: robot.url }, longMessage({ link: null }))).toMatchObject({ ok: true });
    expect(JSON.stringify(robot.received[0])).toContain('其余请在观澜控制台查看');
    expect(JSON.stringify(robot.received[0])).not.toContain('guanlan.example');
  });

  test('everybody is called from the level that was set, and never by a test or a notice', async () => {
    const robot = await robotOf(start);
    const called = /isAtAll|@all|"user_id":"all"/u;
    const tell = async (message: Partial<AlertMessage>, atAll?: string) => {
      out.clock.advance(60_000);
      expect(await out.send(kind, { url: robot.url, ...(atAll ? { atAll } : {}) }, message)).toMatchObject({ ok: true });
      return called.test(JSON.stringify(robot.received.at(-1)));
    };
    expect(await tell({ level: 'I' })).toBe(false);
    expect(await tell({ level: 'II' }, 'I')).toBe(false);
    expect(await tell({ level: 'II' }, 'II')).toBe(true);
    expect(await tell(longMessage({ level: 'I', drill: true }), 'I')).toBe(true);
    expect(await tell({ level: 'I', test: true }, 'II')).toBe(false);
    expect(await tell({ level: 'none', notice: 'daily' }, 'II')).toBe(false);
  });

  test('one message too many is retryable, after as long as is documented', async () => {
    const robot = await robotOf(start);
    for (let n = 0; n < burst; n += 1) expect(await out.send(kind, { url: robot.url })).toMatchObject({ ok: true });
    const held = await out.send(kind, { url: robot.url });
    expect(held).toMatchObject({ ok: false, status: 200, retryable: true, retryAfterSeconds: pauseMs / 1_000 });
    expect(held.response).toContain('限流');
    expect(robot.received).toHaveLength(burst);
    out.clock.advance(pauseMs + 1_000);
    expect(await out.send(kind, { url: robot.url })).toMatchObject({ ok: true });
  });

  test('an address that is no robot’s is refused for good', async () => {
    const robot = await robotOf(start);
    const result = await out.send(kind, { url: bad(robot.url) });
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(result.response).toContain('机器人不存在');
    expect(result.response).not.toMatch(/no-(?:token|key|hook)/u);
  });

  test('a portal that answers 200 for everybody has not delivered', async () => {
    const robot = await robotOf(start);
    robot.answerOnce(200, '<html><title>请登录上网</title></html>');
    const result = await out.send(kind, { url: robot.url });
    expect(result).toMatchObject({ ok: false, retryable: true });
    expect(result.response).toContain('请登录上网');
    robot.answerOnce(502, 'bad gateway');
    expect(await out.send(kind, { url: robot.url })).toMatchObject({ ok: false, status: 502, retryable: true, response: 'bad gateway' });
  });

  test('an address inside the network is not called without permission', async () => {
    const robot = await robotOf(start);
    const result = await out.send(kind, { url: robot.url }, {}, false);
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(result.response).toContain('内网');
    expect(robot.requests()).toBe(0);
  });

  test('a title cannot set up links, mentions or lines of its own', async () => {
    const robot = await robotOf(start);
    const title = '[中奖](https://evil.example)<@all><at user_id="all">\n# 假标题 **粗**';
    await out.send(kind, { url: robot.url }, { title, reason: title });
    const arrived = JSON.stringify(robot.received[0]);
    if (kind === 'feishu') {
      // Text parts of a post mean nothing but themselves; there is no mention and no foreign link among its parts.
      expect(arrived).not.toContain('"tag":"at"');
      expect(arrived).not.toContain('"href":"https://evil.example');
    } else {
      expect(arrived).not.toMatch(/\[中奖\]|<@all>|<at |# 假标题|\*\*粗/u);
    }
    expect(arrived).not.toContain('\\n#');
  });
});

test('DingTalk and WeCom in plain text, for members who read in WeChat', async () => {
  const ding = await robotOf(startDingtalk);
  const wecom = await robotOf(startWecom);
  expect(await out.send('dingtalk', { url: ding.url, format: 'text' }, longMessage())).toMatchObject({ ok: true });
  expect(await out.send('wecom', { url: wecom.url, format: 'text' }, longMessage({ title: '<@all> 停水' }))).toMatchObject({
    ok: true,
  });
  const content = String((wecom.received[0]?.text as { content: string } | undefined)?.content);
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2_048);
  expect(Buffer.byteLength(content)).toBeGreaterThan(1_700);
  expect(content).not.toContain('<@');
  expect(content.split('\n').at(-2)).toMatch(/[。！？；）]$/u);
});

test('codes that a maker documents and this receiver cannot be brought to', async () => {
  const [ding, wecom, feishu] = await Promise.all([robotOf(startDingtalk), robotOf(startWecom), robotOf(startFeishu)]);
  const said: [string, Robot | undefined, string, boolean][] = [
    ['dingtalk', ding, '{"errcode":410100,"errmsg":"send too fast"}', true],
    ['dingtalk', ding, '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}', true],
    ['dingtalk', ding, '{"errcode":-1,"errmsg":"系统繁忙"}', true],
    ['dingtalk', ding, '{"errcode":400102,"errmsg":"robot stopped"}', false],
    ['dingtalk', ding, '{"errcode":430102,"errmsg":"bad text"}', false],
    ['dingtalk', ding, '{"errcode":999999,"errmsg":"new"}', false],
    ['wecom', wecom, '{"errcode":-1,"errmsg":"system busy"}', true],
    ['wecom', wecom, '{"errcode":93004,"errmsg":"robot is stopped"}', false],
    ['feishu', feishu, '{"code":11232,"msg":"frequency limited psm"}', true],
    ['feishu', feishu, '{"code":9499,"msg":"Bad Request","data":{}}', false],
    ['feishu', feishu, '{"StatusCode":19002,"StatusMessage":"params error"}', false],
  ];
  for (const [kind, robot, body, retryable] of said) {
    robot?.answerOnce(200, body);
    expect(await out.send(kind, { url: robot?.url }), body).toMatchObject({ ok: false, retryable });
  }
  feishu?.answerOnce(200, '{"StatusCode":0,"StatusMessage":"success"}');
  expect(await out.send('feishu', { url: feishu?.url })).toMatchObject({ ok: true });
});
