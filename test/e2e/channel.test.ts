import { buildConsole } from '@guanlan/console';
import { createSetupLink } from '@guanlan/database';
import { sendTest } from '@guanlan/dispatcher';
import { createHttpClient, createLogger, systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, password, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type Robot, startDingtalk } from '../support/robot-receivers.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** One story: an administrator sets up a channel in the browser, tries it, and takes it away. */
describe('channels in the console', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let robot: Robot;
  const http = createHttpClient({ userAgent: 'Guanlan-test' });

  beforeAll(async () => {
    const { dir } = await buildConsole();
    const logger = createLogger({ level: 'silent' });
    robot = await startDingtalk({ clock: systemClock, secret: 'SECright' });
    harness = await startApi({
      consoleDir: dir,
      clock: systemClock,
      port: await freePort(),
      testChannel: (id) => sendTest({ db: harness.db, http, clock: systemClock, logger }, id),
    });
    opened = await openPage({ base: harness.api.address(), viewport: { width: 1280, height: 900 }, permissions: ['notifications'] });
    page = opened.page;
    await page.goto(`${harness.api.address()}/setup?token=${await createSetupLink(harness.db, new Date())}`);
    await page.getByLabel('账号名').fill('管理员');
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByLabel('再输一次密码').fill(password);
    await page.getByRole('button', { name: '创建账号并登录' }).click();
    await page.waitForURL(/\/alerts/u, patient);
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
    await http.close();
    await robot?.close();
  });

  const see = (text: string | RegExp) => opened.see(text);
  const form = () => page.getByRole('dialog');

  test('the form asks what the kind asks, hides its secrets, and says which field is wrong', async () => {
    await page.getByRole('link', { name: '通知渠道' }).click();
    await see('还没有通知渠道');
    await page.getByRole('button', { name: '添加渠道' }).click();
    await form().getByLabel('类型').click();
    await page.getByTitle('钉钉群机器人').click();
    await see('安全设置选“加签”');
    await form().getByLabel('名称').fill('值班群');
    const address = form().getByLabel('机器人 Webhook 地址');
    expect(await address.getAttribute('type')).toBe('password');
    await address.fill('https://oapi.dingtalk.com/robot/send');
    await form().getByLabel('加签密钥').fill('SECright');
    await form().getByRole('button', { name: '添加', exact: true }).click();
    await see('应为机器人设置页复制的完整地址');
    await address.fill(robot.url);
    await form().getByLabel('允许发往内网或本机地址').check();
    await form().getByRole('button', { name: '添加', exact: true }).click();
    await see('已添加：值班群');
  });

  test('a test message arrives, and the list says when', async () => {
    await page.getByRole('button', { name: '发测试消息' }).click();
    await see('测试消息已送达：值班群');
    expect(JSON.stringify(robot.received)).toContain('【测试】');
    await page.locator('.health-healthy').waitFor(patient);
    robot.answerOnce(200, '{"errcode":310000,"errmsg":"sign not match"}');
    await page.getByRole('button', { name: '发测试消息' }).click();
    await page.locator('.source-failing .trouble').getByText('签名不符').waitFor(patient);
    expect(await page.content()).not.toMatch(/SECright|dingtalk-token/u);
  });

  test('a change shows nothing of what is stored, and leaves alone what is left empty', async () => {
    await page.getByRole('button', { name: '修改' }).click();
    await see('留空的项保持不变');
    expect(await form().getByLabel('加签密钥').inputValue()).toBe('');
    await form().getByLabel('名称').fill('值班二群');
    await form().getByRole('button', { name: '保存' }).click();
    await see('已修改：值班二群');
    await page.getByRole('button', { name: '发测试消息' }).click();
    await see('测试消息已送达：值班二群');
  });

  test('what is pushed is shown, whatever page is open', async () => {
    // As text: the page's own types are not this project's.
    const scope: string = await page.evaluate(`navigator.serviceWorker.register('/push-worker.js')
      .then(() => navigator.serviceWorker.ready).then((ready) => ready.scope)`);
    const worker = opened.context.serviceWorkers()[0] ?? (await opened.context.waitForEvent('serviceworker', patient));
    // A browser without a screen shows nothing: what it would show is written down instead.
    await worker.evaluate(`shown = []; registration.showNotification = async (title, options) => void shown.push({ title, ...options })`);
    const devtools = await opened.context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const found = registrations.find(({ scopeURL }) => scopeURL === scope);
        if (found) resolve(found.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    const data = JSON.stringify({ title: '【建议II级】停水三日', body: '等级上升', path: '/alerts/7', tag: 'alert-7', urgent: true });
    await devtools.send('ServiceWorker.deliverPushMessage', { origin: harness.api.address(), registrationId: await registered, data });
    await expect
      .poll(() => worker.evaluate('shown'), patient)
      .toEqual([expect.objectContaining({ title: '【建议II级】停水三日', body: '等级上升', tag: 'alert-7', data: { path: '/alerts/7' } })]);
  });

  test('a browser without a push service is told so, and nothing is added', async () => {
    await page.getByRole('button', { name: '在此浏览器接收' }).click();
    await see(/推送服务|接收推送|允许通知/u);
    expect(await page.locator('.source').count()).toBe(1);
  });

  test('a removed channel is gone; nothing was complained of', async () => {
    await page.getByRole('button', { name: '移除' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '移除' }).click();
    await see('还没有通知渠道');
    expect(opened.complaints).toEqual([]);
  });
});
