import { buildConsole } from '@guanlan/console';
import { addChannel, closeAlert, createSetupLink, currentAlertPolicy, publishAlertPolicy, shipAlertPolicy } from '@guanlan/database';
import { loadAlertPolicy, systemClock } from '@guanlan/runtime';
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

  test('what is written about a case stays when a colleague closes it meanwhile', async () => {
    const { alertId } = await seedAlert(harness.db, minutesAgo(3), '两人同时处理的漏水');
    await page.goto(`${base}/alerts/${alertId}`);
    await page.getByRole('button', { name: '办结' }).click();
    const note = page.getByRole('dialog').getByLabel('说明（可不填）');
    await note.fill('已联系物业');
    await closeAlert(harness.db, alertId, { outcome: 'answered', actor: '李四', note: '已修好', now: new Date() });
    await page.locator('.case-head', { hasText: '已办结' }).waitFor(patient);
    expect(await note.inputValue()).toBe('已联系物业');
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await closed();
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

  test('the rules of clocks: one clear fault, then the next revision with what it changed, in the audit log', async () => {
    await shipAlertPolicy(harness.db, await loadAlertPolicy(), new Date());
    await page.goto(`${base}/duty`);
    await page.getByRole('link', { name: '时限规则' }).click();
    await see('国办发〔2016〕80号：重大以上突发事件 5 小时内发布权威信息');
    await page.getByRole('button', { name: '修改' }).click();
    const first = page.getByLabel('首次权威信息，特别重大');
    expect(await first.inputValue()).toBe('5 小时');
    await see('随程序提供：特别重大 5 小时，重大 5 小时，提前 1 小时提醒，依据：国办发〔2016〕80号');
    await first.fill('尽快');
    await page.getByRole('button', { name: '发布新版本' }).click();
    await see('“首次权威信息，特别重大”写的是“尽快”，看不懂；请写成“30 分钟”或“5 小时”这样，不设就留空。');
    expect(await page.getByRole('alert').filter({ visible: true }).count()).toBe(1);
    expect(await page.evaluate<string>(`document.activeElement?.getAttribute('aria-label')`)).toBe('首次权威信息，特别重大');
    await first.fill('3小时');
    await page.getByLabel('首次权威信息，依据').fill('本县规定：特别重大 3 小时内发布');
    await page.getByLabel('改了什么、为什么').fill('按县委宣传部要求收紧');
    await page.getByRole('button', { name: '发布新版本' }).click();
    await see('首次权威信息，特别重大：5 小时 → 3 小时');
    await see('本单位已改；随程序提供：特别重大 5 小时');
    const current = await currentAlertPolicy(harness.db);
    expect(current).toMatchObject({ note: '按县委宣传部要求收紧', actor: '管理员' });
    expect(current?.policy.deadlines.find(({ kind }) => kind === 'first-information')?.minutes).toEqual({ I: 180, II: 300 });
    const audited = await harness.db.selectFrom('audit_entry').selectAll().where('act', '=', 'alert-policy.publish').execute();
    expect(audited).toMatchObject([{ actor: '管理员', subject: `alert-policy:${current?.id}` }]);
  });

  test('rules that somebody else publishes meanwhile are not overwritten, and nothing that was typed is lost', async () => {
    await page.getByRole('button', { name: '修改', exact: true }).click();
    const field = page.getByLabel('核实，特别重大');
    await field.fill('40分钟');
    await page.getByLabel('改了什么、为什么').fill('核实提速');
    const policy = await loadAlertPolicy();
    await publishAlertPolicy(harness.db, { policy, note: '恢复默认', actor: '李四', now: new Date() });
    await page.getByRole('button', { name: '发布新版本' }).click();
    await see('李四刚发布了新的处置规则（恢复默认）');
    expect(await field.inputValue()).toBe('40分钟');
    await page.getByRole('button', { name: '取消' }).click();
  });

  test('nothing needs sideways scrolling on a phone, and no script failed', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const shown = {
      '/duty': '每周安排',
      '/notifications': '通知台账',
      '/silences': '抑制规则',
      '/routes': '默认路由',
      '/drills': '脚本',
      '/alert-policy': '历次发布',
      '/alerts/2': '时限',
    };
    for (const [path, text] of Object.entries(shown)) {
      await page.goto(`${base}${path}`);
      await see(text);
      expect(await opened.sideways(), path).toEqual([]);
    }
    expect(opened.complaints).toEqual([]);
  });
});
