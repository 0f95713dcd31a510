import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildConsole } from '@guanlan/console';
import { describeSource, trySource } from '@guanlan/crawler';
import { addSource, type NewSource, saveSourceHealth } from '@guanlan/database';
import type { Condition } from '@guanlan/domain';
import { createHttpClient, createLogger, systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rss } from '../integration/source-world.ts';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** Where pictures for a person's eye go; nowhere unless asked for. */
const pictures = process.env.TEST_PICTURES;

/** Sources in the console, told in order: browser, API, PostgreSQL and the site that is tried are real. */
describe('sources in a browser', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let base: string;
  let origin: string;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    const { dir } = await buildConsole();
    const site = createServer((request, response) => {
      if (request.url === '/feed.xml')
        response
          .writeHead(200, { 'content-type': 'application/rss+xml' })
          .end(rss([3, 2, 1], { text: (n) => `第 ${n} 条，电话13800138000` }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const http = createHttpClient({ userAgent: 'Guanlan-test/1.0', perHostIntervalMs: 0 });
    closers.push(
      () => http.close(),
      () => site.closeAllConnections(),
      () => site.close(),
    );
    const held: { harness?: ApiHarness } = {};
    const look = () => {
      const { db, bus, clock } = held.harness as ApiHarness;
      return { db, bus, clock, http, logger: createLogger({ level: 'silent' }), config: { userAgent: 'Guanlan-test/1.0' } };
    };
    harness = await startApi({
      ...{ consoleDir: dir, clock: systemClock, port: await freePort() },
      sourceLook: {
        describe: (asked) => describeSource(look(), asked),
        try: (source, allowPrivate) => trySource(look(), source, allowPrivate),
      },
    });
    held.harness = harness;
    base = harness.api.address();
    await seed();
    const cookie = await setUp(harness);
    opened = await openPage({ base, cookie, timezoneId: 'America/New_York', viewport: { width: 1280, height: 900 } });
    page = opened.page;
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
    for (const close of closers) await close();
  });

  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
  async function seed(): Promise<void> {
    const { db } = harness;
    const usual = { kind: 'feed', options: {}, local: false, allowPrivate: false, authorKind: 'agency', everySeconds: 1_800 } as const;
    const add = async (name: string, more: Partial<NewSource> = {}, conditions: Condition[] = []) => {
      const { id } = await addSource(db, { ...usual, name, url: `https://news.example/${encodeURIComponent(name)}`, ...more });
      const seen = { last_checked_at: hoursAgo(0.1), last_success_at: hoursAgo(0.1), last_new_item_at: hoursAgo(2), interval_seconds: 900 };
      await db
        .updateTable('source')
        .set({ ...seen, coverage_expected: 100, coverage_watched: 97.34 })
        .where('id', '=', id)
        .execute();
      await saveSourceHealth(db, [{ sourceId: id, conditions }], new Date());
    };
    await add('甲 正常的县政府网', { local: true });
    await add('乙 读取失败的市日报', {}, [
      { kind: 'failing', since: hoursAgo(5), sentence: '自 11-25 16:00 起读取失败，已连续 4 次：无法连接 news.example。' },
      { kind: 'certificate', since: hoursAgo(50), sentence: '网站证书将于 12-01 08:00 到期，到期后将读不到，可提醒该网站更新。' },
    ]);
    await add('丙 久无新信息的栏目', { kind: 'list' }, [
      { kind: 'silent', since: hoursAgo(40), sentence: '自 11-24 05:00 起没有新信息，已 40 小时；网站能打开，往常最多隔 6 小时就有。' },
    ]);
    await add('丁 改版的公告页', { kind: 'list' }, [
      { kind: 'empty', since: hoursAgo(3), sentence: '自 11-25 18:00 起列表变空：往常有 20 条，现在 0 条，可能已改版或停更。' },
    ]);
  }
  const see = (text: string | RegExp) => opened.see(text);
  const names = () => page.locator('.source strong a, .source-name a strong').allInnerTexts();
  const picture = async (name: string) => {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/source-${name}.png`, fullPage: true });
  };

  test('the sick ones come first, each with one sentence and what to do; the order can be changed', async () => {
    await page.goto(`${base}/sources`);
    await see('不正常 3');
    await see('覆盖率 97.3%');
    expect(await names()).toEqual(['乙 读取失败的市日报', '丁 改版的公告页', '丙 久无新信息的栏目', '甲 正常的县政府网']);
    const ill = page.locator('.source', { hasText: '乙 读取失败' });
    expect(await ill.textContent()).toMatch(/自 11-25 16:00 起读取失败.*（另有 1 项）怎么办 请在浏览器里打开网址看看/u);
    await picture('list');
    await page.getByLabel('排序').click();
    await page.getByText('按名称', { exact: true }).click();
    await expect.poll(names, patient).toEqual(expect.arrayContaining(['甲 正常的县政府网']));
    expect((await names()).at(-1)).toBe('乙 读取失败的市日报');
  });

  test('a source is tried before it is added: what would be stored is shown masked', async () => {
    await page.getByRole('button', { name: '添加信息源' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('订阅地址').fill(`${origin}/feed.xml`);
    await dialog.getByRole('button', { name: '试抓' }).click();
    await see('读不到：网址指向内网地址，未获准访问');
    await dialog.getByLabel('网址在内网，准许访问').check();
    await dialog.getByRole('button', { name: '试抓' }).click();
    await see('会存入 3 条');
    await see(/第 3 条，电话〔手机号〕/u);
    await picture('trial');
    expect(await harness.db.selectFrom('item').select('id').execute()).toEqual([]);
    await dialog.getByLabel('名称（可不填，默认取网站域名）').fill('戊 试过的');
    // While the answer is on its way the dialog stays: it could not close another that was opened meanwhile.
    const held = Promise.withResolvers<void>();
    await page.route('**/api/v1/sources', async (route) => {
      await held.promise;
      await route.continue();
    });
    await dialog.getByRole('button', { name: '添加', exact: true }).click();
    await dialog.locator('.ant-btn-loading').waitFor(patient);
    expect(await dialog.getByRole('button', { name: '取消' }).isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await dialog.getByLabel('名称（可不填，默认取网站域名）').inputValue()).toBe('戊 试过的');
    held.resolve();
    await opened.closed();
    await page.unroute('**/api/v1/sources');
    await page.locator('.source', { hasText: '戊 试过的' }).getByText('待首次读取').waitFor(patient);
  });

  test('each kind asks for what it needs', async () => {
    await page.getByRole('button', { name: '添加信息源' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('种类').click();
    await page.getByText('JSON 接口（热榜、公开数据接口）').click();
    await dialog.getByLabel('列表所在（JSONPath，如 $.data.list[*]）').waitFor(patient);
    await picture('kinds');
    await dialog.getByRole('button', { name: '取消' }).click();
    await dialog.waitFor({ state: 'hidden', ...patient });
  });

  test('one source: why, what to do, its past; edited, paused and removed, all of it in the log', async () => {
    await page.getByRole('link', { name: '丁 改版的公告页' }).click();
    await page.getByRole('heading', { level: 1, name: '丁 改版的公告页' }).waitFor(patient);
    await see(/改版就改选择器或网址/u);
    await picture('one');
    await page.getByRole('button', { name: '编辑' }).click();
    const dialog = page.getByRole('dialog', { name: /编辑/u });
    await dialog.getByLabel('列表页地址').fill('https://news.example/new-list');
    await dialog.getByLabel('每一条的选择器（可不填）').fill('ul.news li');
    await dialog.getByRole('button', { name: '保存' }).click();
    await see('已修改');
    await see(/改了网址，重新开始观察/u);
    await page.locator('.source-case').getByRole('button', { name: '暂停' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '暂停' }).click();
    await page.locator('.source-case').getByRole('button', { name: '恢复' }).waitFor(patient);
    await page.getByRole('button', { name: '移除' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '移除' }).click();
    await page.waitForURL(`${base}/sources`, patient);
    await expect.poll(names, patient).not.toContain('丁 改版的公告页');
    const acts = await harness.db.selectFrom('audit_entry').select('act').where('act', 'like', 'source.%').orderBy('id').execute();
    expect(acts.map(({ act }) => act)).toEqual([
      ...['source.test', 'source.test', 'source.add', 'source.edit', 'source.pause', 'source.remove'],
    ]);
  });

  test('on a telephone nothing needs sideways scrolling', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = () => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await page.goto(`${base}/sources`);
    await see('不正常 2');
    await picture('phone-list');
    expect(await wide()).toBe(0);
    await page.getByRole('link', { name: '乙 读取失败的市日报' }).click();
    await see(/最近的检查/u);
    await picture('phone-one');
    expect(await wide()).toBe(0);
    expect(opened.complaints).toEqual([]);
  });
});
