import { createReassessor } from '@guanlan/classifier';
import { buildConsole } from '@guanlan/console';
import { closeAlert, drawSample, insertItems, publishLexicon } from '@guanlan/database';
import { prepareItem } from '@guanlan/domain';
import { lexiconDigest } from '@guanlan/lexicon';
import { createLogger, systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, seedAlert, setUp, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

const body = `#!文件 01-accident.txt
[类别 事故灾难]

规则 火灾 III
  条件 起火|着火
  应命中 仓库起火了

#!文件 13-public-service.txt
[类别 民生服务投诉]

规则 停水 IV
  条件 停水
#!文件 gazetteer/julu.txt
[地名]
县 巨鹿县|巨鹿
`;

/** One story, told in order: an analyst sees why, doubts a rule, changes it, tries it, publishes it, and sees what came of it. */
describe('judgement in the console', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let base: string;
  let fire: Awaited<ReturnType<typeof seedAlert>>;

  beforeAll(async () => {
    const { dir } = await buildConsole();
    harness = await startApi({ consoleDir: dir, clock: systemClock, port: await freePort() });
    base = harness.api.address();
    const cookie = await setUp(harness, '值班员甲');
    fire = await seedAlert(harness.db, new Date(), '城西仓库起火');
    await seedAlert(harness.db, new Date(), '晚霞像起火一样红');
    await publishLexicon(harness.db, { digest: lexiconDigest(body), body, note: '随程序提供的词库' });
    opened = await openPage({ base, cookie });
    page = opened.page;
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
  });

  const see = (text: string | RegExp) => opened.see(text);

  test('the rules are read file by file, and a mistake is marked where it stands', async () => {
    await page.goto(`${base}/lexicon`);
    await see('现行第');
    await page.getByRole('button', { name: '民生服务投诉' }).click();
    await page.locator('.cm-content', { hasText: '规则 停水 IV' }).waitFor(patient);
    await page.getByRole('button', { name: '修改（建立草稿）' }).click();
    await page.getByRole('button', { name: '事故灾难' }).click();
    const editor = page.locator('.cm-content');
    await editor.filter({ hasText: '仓库起火了' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n规则 塌陷 二级\n  条件 塌*陷\n  排除');
    await see('有未保存的改动');
    await page.getByRole('button', { name: '检查' }).click();
    await see(/处要改/u);
    await page.locator('.cm-lintRange-error').first().waitFor(patient);
    expect(await page.locator('.rule-faults li').allInnerTexts()).toEqual([
      expect.stringContaining('第 6 行第 1 列'),
      expect.stringContaining('第 7 行第 6 列'),
      expect.stringContaining('第 8 行第 5 列'),
    ]);
    await page.locator('.rule-faults button').nth(1).click();
    await see('不支持“*”');
  });

  test('a draft is tried on stored items, saved and published with a note', async () => {
    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      '[类别 事故灾难]\n\n规则 火灾 III\n  条件 起火|着火\n  排除 晚霞\n  应命中 仓库起火了\n  不应命中 晚霞像起火一样红',
    );
    await page.getByRole('button', { name: '检查' }).click();
    await see('没有错误：2 条规则，2 个例子全部符合');
    await page.getByRole('button', { name: '在已存信息上预览' }).click();
    await page.getByRole('button', { name: '开始' }).click();
    await see('现行命中 2 条 → 草稿命中 1 条');
    await see('晚霞像起火一样红');
    await page.locator('.ant-drawer-close').click();
    await page.getByRole('button', { name: '保存草稿' }).click();
    await see(/草稿由 值班员甲 保存于/u);
    await page.getByRole('button', { name: '发布…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: '发布' }).click();
    await see('请写一句说明');
    await dialog.getByLabel('改了什么、为什么').fill('晚霞不是火');
    await dialog.getByRole('button', { name: '发布' }).click();
    await see(/已发布第 \d+ 版/u);
    await see('即将在后台按这一版重新评估');
    const work = createReassessor({ ...harness, clock: systemClock, logger: createLogger({ level: 'silent' }), everyMs: 20, settleMs: 0 });
    await work.start();
    await see(/已存信息已按这一版重新评估：2 条，级别升 0、降 2/u);
    await work.stop();
    await page.getByText('版本', { exact: true }).click();
    await see('晚霞不是火');
    await page.getByRole('button', { name: '看改动' }).first().click();
    await page.locator('.cm-changedLine', { hasText: '排除 晚霞' }).waitFor(patient);
  });

  test('what is typed stays, whoever publishes meanwhile, and while the revisions are looked at', async () => {
    await page.goto(`${base}/lexicon`);
    await page.getByRole('button', { name: '修改（建立草稿）' }).click();
    await page.getByRole('button', { name: '事故灾难' }).click();
    const editor = page.locator('.cm-content');
    await editor.filter({ hasText: '仓库起火了' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n\n规则 爆炸 II\n  条件 爆炸');
    await see('有未保存的改动');
    const meanwhile = `${body}\n县 平乡县|平乡`;
    await publishLexicon(harness.db, { digest: lexiconDigest(meanwhile), body: meanwhile, note: '同事发布的' });
    await lookAgain(page, '同事发布的');
    await see('有未保存的改动');
    await editor.filter({ hasText: '规则 爆炸 II' }).waitFor(patient);
    await page.getByText('版本', { exact: true }).click();
    await page.getByRole('button', { name: '看改动' }).first().waitFor(patient);
    await page.getByText('草稿', { exact: true }).click();
    await editor.filter({ hasText: '规则 爆炸 II' }).waitFor(patient);
    // Saved, it still knows what it began from: publishing it would undo the colleague's.
    await page.getByRole('button', { name: '保存草稿' }).click();
    await see(/其间已发布第 \d+ 版（同事发布的/u);
    await page.getByRole('button', { name: '放弃草稿' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '放弃' }).click();
    await page.getByRole('button', { name: '修改（建立草稿）' }).waitFor(patient);
  });

  test('an item shows the card: what was met, what held a rule back', async () => {
    const dusk = await harness.db.selectFrom('item').select('id').where('title', 'like', '晚霞%').executeTakeFirstOrThrow();
    await page.goto(`${base}/items/${dusk.id}`);
    await page.locator('.card').waitFor(patient);
    expect(await page.locator('.card').textContent()).toMatch(/规则 火灾 因 排除：晚霞 未采用/u);
  });

  test('a level is a proposal until a person confirms it', async () => {
    await page.goto(`${base}/alerts/${fire.alertId}`);
    await see('尚未由人员核定');
    expect(await page.locator('.case-head').textContent()).toContain('建议II级·重大');
    await page.getByRole('button', { name: '核定级别' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('III级·较大').check();
    await dialog.getByRole('button', { name: '核定' }).click();
    await see(/系统建议II级·重大。/u);
    expect(await page.locator('.case-head').textContent()).toContain('核定III级·较大');
    await page.getByLabel('排列先后').click();
    await page.getByTitle('研判排序').click();
    await see('还没有足够的处理结果可学，按级别排列');
    expect(await page.locator('[data-alert]').count()).toBe(2);
  });

  test('the quality of rules is measured, and a sample is judged', async () => {
    const { db } = harness;
    const act = { actor: '甲', note: '是晚霞', now: new Date() };
    await closeAlert(db, fire.alertId + 1, { ...act, outcome: 'false-alarm' });
    await closeAlert(db, fire.alertId, { ...act, note: '', outcome: 'answered' });
    await harness.db.deleteFrom('event_item').where('item_id', '=', fire.itemId).execute();
    const now = Date.now();
    const span = { from: new Date(now - 86_400_000), to: new Date(now + 86_400_000) };
    await drawSample(db, { week: '2026-W47', span, sizes: { local: 30, other: 20 }, seed: 1, now: new Date() });
    await page.goto(`${base}/quality`);
    await see('预警提示的结果');
    await see('结果还不够');
    await page.getByRole('button', { name: '去判断' }).click();
    await see('城西仓库起火');
    await page.getByRole('button', { name: '应当预警（漏报）' }).click();
    await see('值班员甲 判断');
    await page.locator('.ant-drawer-close').click();
    await see(/约有 1 条/u);
  });

  test('rules that would bring a flood say how many, and wait for a tick', async () => {
    const { source_id: sourceId } = await harness.db.selectFrom('item').select('source_id').executeTakeFirstOrThrow();
    const texts = Array.from({ length: 23 }, (_, n) => ({
      title: `巨鹿县第${n}天天气`,
      text: '',
      url: `https://news.example/weather/${n}`,
    }));
    const prepared = texts.map((text) => {
      const raw = { ...text, externalId: null, publishedAt: new Date() };
      return { ...prepareItem(raw, { sourceId, authorKind: 'media' }), sourceId };
    });
    await insertItems(harness.db, prepared, new Date());
    await page.goto(`${base}/lexicon`);
    await page.getByRole('button', { name: '修改（建立草稿）' }).click();
    await page.getByRole('button', { name: '民生服务投诉' }).click();
    await page.locator('.cm-content', { hasText: '规则 停水 IV' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('\n\n规则 天气 IV\n  条件 天气');
    await page.getByRole('button', { name: '发布…' }).click();
    await see(/会多出至多 23 件预警提示（这些天实有 \d 件）；其中 23 件发布后即开；最多的规则：“天气”23 件/u);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('改了什么、为什么').fill('天气也要看');
    await dialog.getByRole('button', { name: '发布' }).click();
    await see('请先勾选确认');
    await dialog.getByLabel('我知道会多出至多 23 件预警提示，仍要发布').check();
    await dialog.getByRole('button', { name: '发布' }).click();
    await see(/已发布第 \d+ 版/u);
    await page.goto(`${base}/alerts/${fire.alertId}`);
    await see('核定III级·较大');
    await page.goto(`${base}/events`);
    await see('城西仓库起火');
  });

  test('nothing needs sideways scrolling on a phone, and no script failed', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const [path, text] of Object.entries({
      '/lexicon': '现行第',
      '/quality': '规则的准确率',
      [`/alerts/${fire.alertId}`]: '核定III级·较大',
    })) {
      await page.goto(`${base}${path}`);
      await see(text);
      expect(await opened.sideways(), path).toEqual([]);
    }
    expect(opened.complaints).toEqual([]);
  });
});

/** Comes back to the page, as from another window, until it shows what is new. */
async function lookAgain(page: Page, news: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await page.evaluate(`document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`);
        return page.getByText(news).filter({ visible: true }).count();
      },
      { timeout: patient.timeout, interval: 500 },
    )
    .toBeGreaterThan(0);
}
