import { buildConsole } from '@guanlan/console';
import { systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { type SeedItem, seedEvent, seedEventAlert } from '../support/seed-event.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** One story, told in order, as in `console.test.ts`. */
describe('events in a browser', () => {
  let harness: ApiHarness;
  let opened: ConsolePage;
  let page: Page;
  let base: string;
  let fire: { eventId: number; itemIds: number[] };
  let mill: { eventId: number; itemIds: number[] };

  beforeAll(async () => {
    const { dir } = await buildConsole();
    harness = await startApi({ consoleDir: dir, clock: systemClock, port: await freePort() });
    base = harness.api.address();
    const cookie = await setUp(harness);
    const told = (title: string, hours: number, more: Partial<SeedItem> = {}): SeedItem => ({
      ...{ title, at: new Date(Date.now() - hours * 3_600_000), places: ['官亭镇'], ...more },
    });
    fire = await seedEvent(harness.db, [
      told('塑料厂厂房起火', 26, { rank: 3 }),
      told('塑料厂厂房起火', 25, { copyOf: 0, source: '转载站' }),
      told('纺织厂车间冒烟', 5),
    ]);
    mill = await seedEvent(harness.db, [told('小吕寨镇一纺织厂起火', 6)]);
    await seedEventAlert(harness.db, fire.eventId, new Date());
    opened = await openPage({ base, cookie, timezoneId: 'America/New_York' });
    page = opened.page;
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
  });

  const see = (text: string | RegExp) => opened.see(text);

  test('an alert leads to its event; the list has it with what it needs to choose', async () => {
    await page.goto(`${base}/alerts/1`);
    await page.getByRole('link', { name: `事件 ${fire.eventId}` }).click();
    await page.getByRole('heading', { level: 1, name: '塑料厂厂房起火' }).waitFor(patient);
    await page.getByRole('img', { name: /小时内 3 条，其中相同内容 1 条/u }).waitFor(patient);
    await page.goto(`${base}/events`);
    const row = page.getByRole('link', { name: /塑料厂厂房起火/u });
    await row.waitFor(patient);
    for (const part of ['建议II级·重大', '涉及本县', '事故灾难', '3 条 / 2 源', '热度', '待签收'])
      expect(await row.textContent()).toContain(part);
    await row.click();
    await see('另有 1 条相同内容');
  });

  test('ticked items are split off, and the page goes where they are', async () => {
    await page.getByRole('checkbox', { name: '选择：纺织厂车间冒烟' }).check();
    await page.getByRole('button', { name: '拆出所选（1）' }).click();
    const dialog = page.getByRole('dialog', { name: '拆出 1 条信息' });
    await dialog.getByLabel('说明（可不填，记入经过）').fill('不是同一场火');
    await dialog.getByRole('button', { name: '拆出', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '纺织厂车间冒烟' }).waitFor(patient);
    await see('由拆分而来');
    await see('不是同一场火');
    const moved = await harness.db
      .selectFrom('event_item')
      .select('event_id')
      .where('item_id', '=', fire.itemIds[2] ?? 0)
      .executeTakeFirstOrThrow();
    expect(moved.event_id).toBeGreaterThan(mill.eventId);
    expect(page.url()).toBe(`${base}/events/${moved.event_id}`);
  });

  test('an event that may be the same says why, and is proposed for the merge', async () => {
    const beside = page.getByRole('region', { name: '可能是同一件事 由您判断是否合并' });
    await beside.getByText('同在官亭镇，标题都提到“纺织厂”').waitFor(patient);
    await beside.getByRole('button', { name: '并入此事件' }).first().click();
    const dialog = page.getByRole('dialog', { name: /^把事件 \d+ 并入其他事件$/u });
    await dialog.getByText(`事件 ${mill.eventId} · 小吕寨镇一纺织厂起火`).waitFor(patient);
    await dialog.getByRole('button', { name: '取消' }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  test('it is merged into an event that is found by its title, and says so where it was', async () => {
    const was = page.url();
    await page.getByRole('button', { name: '并入其他事件' }).click();
    const field = page.getByLabel('并入哪个事件');
    await field.fill('小吕寨');
    await page.locator('.ant-select-item-option', { hasText: '小吕寨镇一纺织厂起火' }).click();
    await page.getByRole('button', { name: '并入', exact: true }).click();
    await page.waitForURL(`${base}/events/${mill.eventId}`, patient);
    await see('合并进来');
    await see('共 2 条');
    await page.goto(was);
    await see(`此事件已并入`);
    await page
      .getByRole('link', { name: `事件 ${mill.eventId}` })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: '小吕寨镇一纺织厂起火' }).waitFor(patient);
  });

  test('items beyond the newest are read on, ticked and split off; the event to merge into is found however far down', async () => {
    const at = (n: number) => new Date(Date.now() - n * 60_000);
    const long = await seedEvent(
      harness.db,
      Array.from({ length: 212 }, (_, n) => ({
        ...{ title: n === 211 ? '关于河道污染的情况通报' : `河道污染 ${n}`, at: at(212 - n), places: ['官亭镇'] },
        ...(n === 211 ? { source: '县生态环境局', authorKind: 'agency' as const } : {}),
      })),
    );
    await page.goto(`${base}/events/${long.eventId}`);
    await see('共 212 条，列出最新的 200 条');
    await page.locator('.facts div', { hasText: '官方回应' }).getByRole('link', { name: '关于河道污染的情况通报' }).waitFor(patient);
    await page.getByRole('checkbox', { name: '选择：河道污染 100', exact: true }).check();
    await page.getByRole('article').getByRole('button', { name: '更早的' }).click();
    await page.getByRole('checkbox', { name: '选择：河道污染 3', exact: true }).check();
    await page.getByRole('button', { name: '拆出所选（2）' }).click();
    await page.getByRole('dialog', { name: '拆出 2 条信息' }).getByRole('button', { name: '拆出', exact: true }).click();
    await see('由拆分而来');
    const moved = await harness.db
      .selectFrom('event_item')
      .select('event_id')
      .where('item_id', 'in', [long.itemIds[3] ?? 0, long.itemIds[100] ?? 0])
      .execute();
    expect(new Set(moved.map((row) => row.event_id)).size).toBe(1);
    expect(moved[0]?.event_id).toBeGreaterThan(long.eventId);
    await page.goto(`${base}/events/${long.eventId}`);
    await see('共 210 条，列出最新的 200 条');
    await page.getByRole('article').getByRole('button', { name: '更早的' }).click();
    await see('河道污染 0');
    expect(await page.getByRole('checkbox', { name: '选择：河道污染 3', exact: true }).count()).toBe(0);

    for (let n = 0; n < 60; n += 1) await seedEvent(harness.db, [{ title: `道路塌陷 ${n}`, at: at(5_000 + n), places: ['官亭镇'] }]);
    await page.getByRole('button', { name: '并入其他事件' }).click();
    await page.getByLabel('并入哪个事件').fill('道路塌陷');
    await page.locator('.ant-select-item-option', { hasText: '道路塌陷 0（' }).waitFor(patient);
    const last = page.locator('.ant-select-item-option', { hasText: '道路塌陷 59（' });
    await expect
      .poll(
        async () => {
          await page
            .locator('.rc-virtual-list-holder, .ant-select-dropdown-list-holder')
            .last()
            .evaluate((box) => box.scrollBy(0, 4_000));
          return last.count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await last.click();
    await page.keyboard.press('Escape');
  });

  test('nothing needs sideways scrolling on a phone, and no script failed', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/events', `/events/${fire.eventId}`]) {
      await page.goto(`${base}${path}`);
      await page.getByText('塑料厂厂房起火').filter({ visible: true }).first().waitFor(patient);
      expect(await opened.sideways(), path).toEqual([]);
    }
    expect(opened.complaints).toEqual([]);
  });
});
