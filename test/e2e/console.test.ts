import { buildConsole } from '@guanlan/console';
import { createSetupLink } from '@guanlan/database';
import { systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, password, seedAlert, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** One story, told in order: the browser, the API and PostgreSQL are real, and what a step leaves the next one finds. */
describe('the console in a browser', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let base: string;

  beforeAll(async () => {
    const { dir } = await buildConsole();
    harness = await startApi({ consoleDir: dir, clock: systemClock, port: await freePort() });
    base = harness.api.address();
    // A machine far from Shanghai must still show Shanghai's time.
    opened = await openPage({ base, timezoneId: 'America/New_York' });
    page = opened.page;
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
  });

  const see = (text: string | RegExp) => opened.see(text);
  const mainText = () => page.locator('main').textContent();

  test('the setup link makes the first account and signs in', async () => {
    const token = await createSetupLink(harness.db, new Date());
    await page.goto(`${base}/setup?token=${token}`);
    await page.getByLabel('账号名').fill('值班员甲');
    await page.getByLabel('密码', { exact: true }).fill('短');
    await page.getByLabel('再输一次密码').fill('不同');
    await page.getByRole('button', { name: '创建账号并登录' }).click();
    await see('至少 12 个字符');
    await see('两次输入的密码不一样');
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByLabel('再输一次密码').fill(password);
    await page.getByRole('button', { name: '创建账号并登录' }).click();
    await page.waitForURL(`${base}/alerts`, patient);
    await see('现在没有未办结的预警提示');
    await see('实时');
    expect(await page.title()).toBe('观澜');
  });

  test('an alert appears by itself, marked as new, with its evidence and in the title', async () => {
    await seedAlert(harness.db, new Date(), '城西仓库起火');
    const row = page.locator('[data-alert]');
    await row.waitFor(patient);
    const text = await row.textContent();
    for (const part of ['建议II级·重大', '待签收', '新', '城西仓库起火', '事故灾难', '1 条 / 1 源', '刚刚']) expect(text).toContain(part);
    await expect.poll(() => page.title(), patient).toBe('(1) 待签收 · 观澜');
  });

  test('j, Enter and a: move, open, acknowledge', async () => {
    await page.keyboard.press('j');
    await page.locator('[data-alert]:focus').waitFor(patient);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: '城西仓库起火' }).waitFor(patient);
    const mark = page.locator('.item mark');
    expect(await mark.allInnerTexts()).toEqual(['起火']);
    await mark.first().focus();
    await see(/规则 fire，命中“起火”，事故灾难/u);
    expect(await mainText()).toContain('为什么是这个级别');

    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press('a');
    await page.getByRole('button', { name: '核实' }).waitFor(patient);
    await expect.poll(() => page.title(), patient).toBe('观澜');
    const alert = await harness.db.selectFrom('alert').select('state').executeTakeFirstOrThrow();
    expect(alert.state).toBe('acknowledged');
    expect(await page.locator('.timeline').textContent()).toMatch(/签收\s*值班员甲/u);
  });

  test('a case is closed with one of the five outcomes and a note', async () => {
    await page.getByRole('button', { name: '办结' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('radio').count()).toBe(5);
    await dialog.getByRole('button', { name: '办结' }).click();
    await see('请选择结果');
    await dialog.getByLabel('已公开澄清').check();
    await dialog.getByLabel('说明（可不填）').fill('已在官网说明');
    await dialog.getByRole('button', { name: '办结' }).click();
    await see('已办结 · 已公开澄清');
    const alert = await harness.db.selectFrom('alert').select(['state', 'outcome']).executeTakeFirstOrThrow();
    expect(alert).toEqual({ state: 'closed', outcome: 'clarified' });
    expect(await page.locator('.timeline').textContent()).toContain('已在官网说明');
  });

  test('a lost connection is shown, mends itself, and what happened meanwhile is there', async () => {
    await page.goto(`${base}/alerts`);
    await see('实时');
    await harness.api.stop();
    await see(/连接中断/u);
    await seedAlert(harness.db, new Date(), '断线期间的停水');
    await harness.api.start();
    await see('实时');
    await see('断线期间的停水');
  });

  test('the yearly figure can be listed row by row', async () => {
    await page.getByRole('link', { name: '绩效进度' }).click();
    await see('比均匀进度少');
    expect(await page.locator('.figure').first().textContent()).toBe('2 / 2500 条');
    await page.getByRole('button', { name: '查看依据' }).click();
    await see('逐条列出，合计 2 条，已列出 2 条。');
    const rows = page.locator('.tally li');
    expect(await rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain('城西仓库起火');
  });

  test('a source is added by an administrator', async () => {
    await page.goto(`${base}/sources`);
    await page.getByRole('button', { name: '添加信息源' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('订阅地址').fill('https://news.example/feed.xml');
    await dialog.getByLabel('名称（可不填，默认取网站域名）').fill('示例新闻');
    await dialog.getByRole('button', { name: '添加', exact: true }).click();
    await page.locator('.source', { hasText: '示例新闻' }).getByText('待首次读取').waitFor(patient);
    const source = await harness.db
      .selectFrom('source')
      .select(['kind', 'every_seconds'])
      .where('name', '=', '示例新闻')
      .executeTakeFirst();
    expect(source).toEqual({ kind: 'feed', every_seconds: 300 });
  });

  test('an item shows its judgement and where it counts', async () => {
    await page.goto(`${base}/items`);
    await page.getByRole('link', { name: /断线期间的停水/u }).click();
    await see(/年：计入/u);
    await see('为什么是这个级别');
  });

  test('a training is entered where its target stands, once, and counts', async () => {
    await page.goto(`${base}/progress`);
    const enter = async (topic: string) => {
      await page.getByRole('button', { name: '登记培训' }).click();
      const dialog = page.getByRole('dialog', { name: '登记培训' });
      await dialog.getByLabel('主题').fill(topic);
      await dialog.getByLabel('参训人数').fill('30');
      await dialog.getByLabel(/^佐证材料/u).fill('巨网信〔2026〕7 号');
      await dialog.getByRole('button', { name: '登记', exact: true }).click();
      return dialog;
    };
    await (await enter('突发事件舆情应对')).waitFor({ state: 'detached' });
    await page.getByRole('img', { name: '已办 1 次，目标 8 次' }).waitFor(patient);
    await page.getByRole('cell', { name: '巨网信〔2026〕7 号' }).waitFor(patient);
    const again = await enter('突发事件舆情应对');
    await again.getByText('台账中已有').waitFor(patient);
    await again.getByRole('button', { name: '取消' }).click();
    await again.waitFor({ state: 'detached' });
  });

  test('nothing needs sideways scrolling on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const shown = {
      '/alerts': '断线期间的停水',
      '/alerts/1': '为什么是这个级别',
      '/items': '城西仓库起火',
      '/progress': '比均匀进度少',
      '/sources': '示例新闻',
    };
    for (const [path, text] of Object.entries(shown)) {
      await page.goto(`${base}${path}`);
      await page.getByText(text).filter({ visible: true }).first().waitFor(patient);
      expect(await opened.sideways(), path).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  test('signing out and in again, and back to where one was', async () => {
    await page.goto(`${base}/progress`);
    await page.getByRole('button', { name: /账号与外观/u }).click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.waitForURL(/\/sign-in/u, patient);
    await page.goto(`${base}/progress`);
    await page.waitForURL(/\/sign-in\?to=%2Fprogress/u, patient);
    await page.getByLabel('账号名').fill('值班员甲');
    await page.getByLabel('密码', { exact: true }).fill('完全不是这个密码');
    await page.getByRole('button', { name: '登录' }).click();
    await see('账号或密码不对。');
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL(`${base}/progress`, patient);
  });

  test('no script failed and nothing ran against the content security policy', () => {
    expect(opened.complaints).toEqual([]);
  });
});
