import { buildConsole } from '@guanlan/console';
import { addChannel, createSetupLink } from '@guanlan/database';
import { systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, password, seedAlert, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** A night on duty, told in order: the browser, the API and PostgreSQL are real, and what a step leaves the next one finds. */
describe('a night on duty in the console', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let base: string;

  beforeAll(async () => {
    const { dir } = await buildConsole();
    harness = await startApi({ consoleDir: dir, clock: systemClock, port: await freePort(), drillMs: 100 });
    base = harness.api.address();
    // A machine far from Shanghai must still mean Shanghai's time.
    opened = await openPage({ base, timezoneId: 'America/New_York' });
    page = opened.page;
    const token = await createSetupLink(harness.db, new Date());
    const data = { token, name: '管理员', password };
    expect((await opened.context.request.post(`${base}/api/v1/setup`, { headers: { origin: base }, data })).ok()).toBe(true);
  }, 180_000);
  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
  });

  const see = (text: string | RegExp) => opened.see(text);
  const closed = () => opened.closed();
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  test('the desk is ordered by what runs out first, and says how long is left', async () => {
    const { alertId } = await seedAlert(harness.db, minutesAgo(70), '较早的停水');
    await harness.db.updateTable('alert').set({ rank: 2, state: 'acknowledged' }).where('id', '=', alertId).execute();
    await harness.db
      .insertInto('alert_entry')
      .values({ alert_id: alertId, at: minutesAgo(60), kind: 'acknowledged', actor: '张三' })
      .execute();
    await seedAlert(harness.db, minutesAgo(2), '刚刚的大火');
    await page.goto(`${base}/alerts`);
    await see('刚刚的大火');
    const rows = await page.locator('[data-alert]').allTextContents();
    expect(rows[0]).toMatch(/刚刚的大火.*签收 还剩 [78] 分钟/u);
    expect(rows[1]).toMatch(/较早的停水.*核实 超时 1\d 分钟/u);
  });

  test('one key takes it on; it is assigned to the department that its category suggests', async () => {
    await page.getByRole('link', { name: /刚刚的大火/u }).click();
    await page.getByRole('heading', { level: 1, name: '刚刚的大火' }).focus();
    await page.keyboard.press('a');
    await page.getByRole('button', { name: '交办' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByLabel('责任部门').inputValue()).toBe('应急管理局');
    await dialog.getByRole('button', { name: '交办' }).click();
    await closed();
    await see('已交办');
    await page.locator('.facts').getByText('应急管理局').waitFor(patient);
  });

  test('a clock is paused with a reason only, and a conference that is not held is waived with one', async () => {
    await page.getByRole('button', { name: '暂停计时' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '确定' }).click();
    await see('请写明理由');
    await dialog.getByLabel('理由').fill('等待消防部门通报');
    await dialog.getByRole('button', { name: '确定' }).click();
    await closed();
    await page.getByRole('button', { name: '恢复计时' }).click();
    const conference = page.locator('.deadline', { hasText: '新闻发布会' });
    await conference.getByRole('button', { name: '不适用' }).click();
    await page.getByRole('dialog').getByLabel('理由').fill('无人员伤亡');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await closed();
    await conference.locator('.clock-waived').waitFor(patient);
    const timeline = await page.locator('.timeline').textContent();
    for (const part of ['计时暂停', '等待消防部门通报', '计时恢复', '时限不适用', '无人员伤亡']) expect(timeline).toContain(part);
  });

  test('answered by a public clarification, and closed as that', async () => {
    await page.getByRole('button', { name: '回应', exact: true }).click();
    await page.getByRole('dialog').getByLabel('已公开澄清').check();
    await page.getByRole('dialog').getByRole('button', { name: '回应' }).click();
    await closed();
    await page.getByRole('button', { name: '办结', exact: true }).click();
    await expect.poll(() => page.getByRole('dialog').getByLabel('已公开澄清').isChecked(), patient).toBe(true);
    await page.getByRole('dialog').getByRole('button', { name: '办结' }).click();
    await see('已办结 · 已公开澄清');
  });

  test('the roster: a colleague, a shift, and who is on duty now', async () => {
    await addChannel(harness.db, { kind: 'log', name: '短信', options: {}, allowPrivate: false });
    await page.goto(`${base}/duty`);
    await see('还没有排班');
    await page.getByRole('button', { name: '添加接收人' }).click();
    await page.getByRole('dialog').getByLabel('姓名或岗位').fill('张三');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await closed();
    await page.locator('.line', { hasText: '张三' }).waitFor(patient);
    await page.getByRole('button', { name: '添加班次' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('名称').fill('全天');
    await dialog.getByLabel('开始', { exact: true }).fill('00:00');
    await dialog.getByLabel(/^结束/u).fill('00:00');
    await dialog.getByLabel(/^值班员/u).click();
    await page.locator('.ant-select-item-option', { hasText: '张三' }).click();
    await dialog.getByLabel('名称').click();
    await dialog.getByRole('button', { name: '确定' }).click();
    await see(/现在值班：/u);
    await see('张三没有通知渠道，值班时收不到提示');
  });

  test('a silence with an end and a reason, ended before its time', async () => {
    await page.goto(`${base}/silences`);
    await page.getByRole('button', { name: '新建静默' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '生效' }).click();
    await see('请写明理由');
    await dialog.getByLabel('理由').fill('集中检查期间');
    await dialog.getByRole('button', { name: '生效' }).click();
    const line = page.locator('.line', { hasText: '集中检查期间' });
    await line.getByText('生效中').waitFor(patient);
    // Two hours from now in Shanghai, whatever the browser's own clock shows.
    const { ends_at } = await harness.db.selectFrom('silence').select('ends_at').executeTakeFirstOrThrow();
    expect(Math.abs(ends_at.getTime() - Date.now() - 2 * 3_600_000)).toBeLessThan(5 * 60_000);
    await line.getByRole('button', { name: '结束' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '结束' }).click();
    await line.getByText('已结束').waitFor(patient);
  });

  test('a dead letter is seen, and sent again', async () => {
    const [alert] = await harness.db.selectFrom('alert').select('id').orderBy('id').execute();
    const [channel] = await harness.db.selectFrom('channel').select('id').execute();
    await harness.db
      .insertInto('notification')
      .values({
        ...{ alert_id: alert?.id ?? 0, notice_id: null, channel_id: channel?.id ?? 0, idempotency_key: 'dead', rank: 2, state: 'dead' },
        ...{ reason: '新预警：建议III级', message: JSON.stringify({ title: '没有送到的提示' }), admitted_at: new Date() },
        ...{ receiver: null, fallback_of: null, carrier_id: null, hold: null, carries: null },
      })
      .execute();
    await page.goto(`${base}/notifications?state=dead`);
    await see('没有送到的提示');
    await see('未送达 1');
    await page.getByRole('button', { name: '重发' }).click();
    await see('没有未送达的通知');
    expect(await harness.db.selectFrom('notification').select('state').execute()).toEqual([{ state: 'pending' }]);
  });

  test('a drill begins with one button, and its report follows', async () => {
    await page.goto(`${base}/drills`);
    await page.locator('.line', { hasText: '学校食堂疑似食物中毒' }).getByRole('button', { name: '开始演练' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '开始演练' }).click();
    await see('进行中');
    await page.locator('tr', { hasText: '投放演练信息' }).getByText(/刚刚/u).waitFor(patient);
    await page.getByRole('button', { name: '结束演练' }).click();
    await see('没有进行到“提出建议级别”');
  });

  test('nothing needs sideways scrolling on a phone, and no script failed', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const shown = {
      '/duty': '每周安排',
      '/notifications': '通知台账',
      '/silences': '抑制规则',
      '/routes': '默认路由',
      '/drills': '脚本',
      '/alerts/2': '时限',
    };
    for (const [path, text] of Object.entries(shown)) {
      await page.goto(`${base}${path}`);
      await see(text);
      const wide = await page.evaluate<boolean>(`['html', 'main', '.desk-case'].some((name) => {
        const box = document.querySelector(name);
        return box !== null && box.scrollWidth > box.clientWidth;
      })`);
      expect(wide, path).toBe(false);
    }
    expect(opened.complaints).toEqual([]);
  });
});
