import { randomBytes } from 'node:crypto';
import { buildConsole } from '@guanlan/console';
import { createReportUnit } from '@guanlan/database';
import { systemClock } from '@guanlan/runtime';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, setUp, startApi } from '../support/api-harness.ts';
import { freePort } from '../support/free-port.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ConsolePage, openPage, patient } from './console-browser.ts';

/** Where pictures for a person's eye go; nowhere unless asked for. */
const pictures = process.env.TEST_PICTURES;

/** The form on a telephone, told in order: browser, API and PostgreSQL are real, and what a step leaves the next one finds. */
describe('the form of direct reports', () => {
  let harness: ApiHarness;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let opened: ConsolePage;
  let page: Page;
  let link: string;

  beforeAll(async () => {
    const { dir } = await buildConsole();
    folder = await temporaryFolder();
    harness = await startApi({ consoleDir: dir, clock: systemClock, port: await freePort(), attachmentsDir: `${folder.dir}/attachments` });
    const { token } = await createReportUnit(harness.db, { name: '巨鹿镇某村', kind: 'village' }, new Date());
    link = `${harness.api.address()}/report?unit=${token}`;
    opened = await openPage({
      base: harness.api.address(),
      timezoneId: 'America/New_York',
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    });
    page = opened.page;
  }, 180_000);

  afterAll(async () => {
    await opened?.browser.close();
    await harness?.stop();
    await folder?.remove();
  });

  const reports = () =>
    harness.db
      .selectFrom('direct_report')
      .select(['receipt', 'what', 'place', 'people', 'happened_at', 'corrects_id'])
      .orderBy('id')
      .execute();
  const picture = async (name: string) => {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/report-${name}.png`, fullPage: true });
  };

  test('a link that is not whole, or revoked, says so', async () => {
    await page.goto(`${harness.api.address()}/report?unit=gu_short`);
    await page.getByText('这个网址不完整').waitFor(patient);
    await page.goto(`${harness.api.address()}/report?unit=gu_${'x'.repeat(43)}`);
    await page.getByText('直报链接无效或已停用').waitFor(patient);
  });

  test('a report is written, checked, sent with a photograph, and has a receipt and a state', async () => {
    await page.goto(link);
    await page.getByText('巨鹿镇某村').waitFor(patient);
    await picture('empty');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('请写清楚发生了什么').waitFor(patient);
    await page.getByLabel('发生了什么').fill('村东头小学食堂有学生腹痛，电话13800138000');
    await page.getByLabel('在哪里').selectOption('巨鹿镇');
    await page.getByLabel('具体地点').fill('村东头小学');
    await page.getByLabel('什么时间').fill('2026-11-20T11:30');
    await page.getByLabel('涉及多少人').fill('12人');
    await page.getByLabel('已经做了什么').fill('已送县医院');
    await page.locator('#file').setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: await noisePng(page) });
    await page.getByText('现场.png').waitFor(patient);
    await page.getByText('草稿已存在这台手机上').waitFor(patient);
    await picture('filled');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('已收到', { exact: true }).waitFor(patient);
    await picture('receipt');
    const [report] = await reports();
    expect(report).toMatchObject({ place: '巨鹿镇', people: 12, happened_at: new Date('2026-11-20T03:30:00Z') });
    expect(report?.what).not.toContain('13800138000');
    expect(await page.locator('.receipt').textContent()).toBe(report?.receipt);
    expect(await harness.db.selectFrom('report_attachment').select(['name', 'media_type']).execute()).toHaveLength(1);
    // What was drawn at more than 2,000 pixels came in small.
    const { bytes } = await harness.db.selectFrom('report_attachment').select('bytes').executeTakeFirstOrThrow();
    expect(bytes).toBeLessThan(3_000_000);
  });

  test('nothing is wider than the telephone and every target is big enough for a thumb', async () => {
    await page.goto(link);
    await page.getByText('巨鹿镇某村').waitFor(patient);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    const small = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button, input:not(.sr), select, textarea, .add')].filter((e) => e.offsetHeight > 0 && e.offsetHeight < 44).map((e) => e.outerHTML)`,
    );
    expect(small).toEqual([]);
  });

  test('a draft survives closing the page, and a report written without a connection goes when there is one', async () => {
    await page.getByLabel('发生了什么').fill('南街口自来水管爆裂，路面积水');
    await page.getByText('草稿已存在这台手机上').waitFor(patient);
    await page.reload();
    await page.getByText('巨鹿镇某村').waitFor(patient);
    expect(await page.getByLabel('发生了什么').inputValue()).toBe('南街口自来水管爆裂，路面积水');
    await opened.context.setOffline(true);
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('已存好，还没有报上去').waitFor(patient);
    await picture('offline');
    expect(await reports()).toHaveLength(1);
    await opened.context.setOffline(false);
    await page.getByText('已收到', { exact: true }).waitFor(patient);
    expect(await reports()).toHaveLength(2);
  });

  test('an answer that is lost files nothing twice; what was changed meanwhile is offered as a correction', async () => {
    await page.getByRole('button', { name: '再报一件' }).click();
    await page.getByLabel('发生了什么').fill('北街变压器起火，已断电');
    let lost = 0;
    await page.route('**/api/v1/reports', async (route) => {
      if (route.request().method() !== 'POST') return route.fallback();
      await route.fetch();
      lost += 1;
      return route.abort('connectionreset');
    });
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('已存好，还没有报上去').waitFor(patient);
    await page.getByRole('button', { name: '现在再试' }).click();
    await expect.poll(() => lost, patient).toBe(2);
    await page.getByRole('button', { name: '先不报，继续修改' }).click();
    await page.getByLabel('发生了什么').fill('北街变压器起火，已断电，无人受伤');
    await page.unroute('**/api/v1/reports');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('前一次其实已经报上').waitFor(patient);
    expect(await reports()).toHaveLength(3);
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('已收到', { exact: true }).waitFor(patient);
    const rows = await reports();
    expect(rows).toHaveLength(4);
    expect(rows[2]).toMatchObject({ what: '北街变压器起火，已断电' });
    expect(rows[3]).toMatchObject({ what: '北街变压器起火，已断电，无人受伤', corrects_id: expect.any(Number) });
  });

  test('what bears the mark of a secret is refused with guidance, and nothing of it is kept', async () => {
    await page.getByRole('button', { name: '再报一件' }).click();
    await page.getByLabel('发生了什么').fill('机密★20年\n某次行动的安排');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByText('请按保密规定通过涉密渠道报送').waitFor(patient);
    await picture('refused');
    expect(await reports()).toHaveLength(4);
    await page.getByLabel('发生了什么').fill('');
  });

  test('a receipt can be looked up, however it is typed', async () => {
    const [first] = await reports();
    await page.getByLabel('按回执号查办理情况').fill(first?.receipt.toLowerCase().replaceAll('-', '') ?? '');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('办理情况', { exact: true }).waitFor(patient);
    expect(await page.locator('#result').textContent()).toContain('村东头小学食堂有学生腹痛');
    await page.getByLabel('按回执号查办理情况').fill('ZB20261123-0001-0x');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('回执号不对').waitFor(patient);
  });

  test('analysts see the reports in the console, and open a file', async () => {
    const base = harness.api.address();
    const { browser, page: tab } = await openPage({ base, cookie: await setUp(harness), viewport: { width: 1280, height: 900 } });
    await tab.goto(`${base}/reports`);
    await tab.getByText('北街变压器起火，已断电，无人受伤').waitFor(patient);
    if (pictures !== undefined) await tab.screenshot({ path: `${pictures}/report-console.png`, fullPage: true });
    expect(await tab.locator('[data-report]').count()).toBe(4);
    const download = tab.waitForEvent('download');
    await tab.getByRole('link', { name: /现场\.png/u }).click();
    expect((await download).suggestedFilename()).toMatch(/^ZB\d{8}-0001-\d-1\.(?:jpg|png)$/u);
    await tab.setViewportSize({ width: 390, height: 844 });
    expect(await tab.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await browser.close();
  });

  test('no script failed and nothing ran against the content security policy', () => {
    expect(opened.complaints).toEqual([]);
  });
});

/** A picture of 2,400 × 1,800 pixels, drawn by the browser itself. */
async function noisePng(page: Page): Promise<Buffer> {
  const seed = randomBytes(4).readUInt32LE();
  const base64 = await page.evaluate<string>(`(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 2400; canvas.height = 1800;
    const context = canvas.getContext('2d');
    const data = context.createImageData(2400, 1800);
    let x = ${seed} | 1;
    for (let i = 0; i < data.data.length; i += 4) {
      x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
      data.data[i] = x & 63; data.data[i + 1] = (i / 9600) & 255; data.data[i + 2] = 120; data.data[i + 3] = 255;
    }
    context.putImageData(data, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  })()`);
  return Buffer.from(base64, 'base64');
}
