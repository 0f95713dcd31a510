import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectNow } from '@guanlan/crawler';
import { addSource, createApiToken, createReportUnit } from '@guanlan/database';
import { redactionMarks } from '@guanlan/domain';
import { createHttpClient, createLogger } from '@guanlan/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiHarness, startApi } from '../support/api-harness.ts';
import { guanlan } from '../support/product.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** One passage of each kind, and what of it must be nowhere; nobody's numbers. */
const personal: [name: string, passage: string, secret: RegExp, mark: string][] = [
  ['mobile', '电话13800138000', /13800138000/u, redactionMarks.mobile],
  ['mobile, spaced', '电话138 0013 8000', /138 0013/u, redactionMarks.mobile],
  ['mobile, full-width', '电话１３８００１３８０００', /１３８/u, redactionMarks.mobile],
  ['mobile, in Chinese', '电话一三八零零一三八零零零', /一三八零/u, redactionMarks.mobile],
  ['identity', '身份证11010519491231002X', /19491231/u, redactionMarks.identity],
  ['card', '卡号6222020000000000000', /62220200/u, redactionMarks.card],
  ['plate', '车牌冀E12A45', /冀E12/u, redactionMarks.plate],
  ['e-mail', '邮箱zhang.san@example.com', /zhang\.san|example\.com/u, redactionMarks.email],
  ['e-mail, (at)', '邮箱zhang(at)qq.com', /zhang|qq\.com/u, redactionMarks.email],
  ['door', '住3号楼2单元501室', /501室/u, redactionMarks.door],
];
/** What looks alike and must stay. */
const friends =
  '拨打110、12345，订单号2026112300001234，2026年11月23日，2026-11-23，0319-4332345，3号楼起火，三室一厅，二〇二六年十一月二十三日';

/** The title and the text of the `i`-th matter. */
const titles = [...personal.map(([, passage], i) => `第${i}件急事，${passage}，请看`), `第${personal.length}件急事，${friends}`];
const texts = titles.map(
  (title, i) => `正文在此。群众反映此事已有多日，希望尽快处理，谢谢各位。${title}。这是第${i}件事的经过，大家都很关心，也有人拍了照片。`,
);

describe('redaction before the first write', () => {
  let api: ApiHarness;
  let site: Server;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const http = createHttpClient({ userAgent: 'Guanlan/0.1', perHostIntervalMs: () => 0 });
  beforeAll(async () => {
    api = await startApi();
    folder = await temporaryFolder();
    site = createServer((request, response) => {
      const page = /^\/a\/(\d+)\.html$/u.exec(request.url ?? '')?.[1];
      if (request.url === '/feed.xml') response.setHeader('content-type', 'application/rss+xml; charset=utf-8').end(feed());
      else if (request.url === '/list.html') response.setHeader('content-type', 'text/html; charset=utf-8').end(listPage());
      else if (page !== undefined) response.setHeader('content-type', 'text/html; charset=utf-8').end(article(Number(page)));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await http.close();
    site?.closeAllConnections();
    site?.close();
    await api?.stop();
    await folder?.remove();
  });

  const base = () => `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const collect = async (kind: string, path: string) => {
    const common = { options: {}, local: false, allowPrivate: true, authorKind: 'unknown', everySeconds: 300 } as const;
    const { id } = await addSource(api.db, { kind, name: kind, url: `${base()}${path}`, ...common });
    const logger = createLogger({ level: 'silent' });
    await collectNow({ db: api.db, bus: api.bus, clock: api.clock, logger, http, config: { userAgent: 'Guanlan/0.1' } }, [id]);
    return stored(id);
  };
  const stored = (sourceId: number) => api.db.selectFrom('item').select(['title', 'text']).where('source_id', '=', sourceId).execute();
  const sourceOf = async (kind: string) =>
    (await api.db.selectFrom('source').select('id').where('kind', '=', kind).executeTakeFirstOrThrow()).id;

  const doors: Record<string, () => Promise<{ title: string; text: string }[]>> = {
    feed: () => collect('feed', '/feed.xml'),
    list: () => collect('list', '/list.html'),
    import: async () => {
      const file = `${folder.dir}/件.csv`;
      await writeFile(file, `标题,内容,编号\n${titles.map((title, i) => `"${title}","${texts[i]}",${i}`).join('\n')}\n`);
      const done = await guanlan(['import', file, '--json'], { DATABASE_URL: api.connectionString, GUANLAN_DATA: folder.dir });
      expect(JSON.parse(done.stdout)).toMatchObject({ accepted: titles.length });
      return stored(await sourceOf('import'));
    },
    intake: async () => {
      const { token } = await createApiToken(api.db, { name: '推送', scopes: ['intake'], now: api.clock.now() });
      const items = titles.map((title, i) => ({ externalId: String(i), title, text: texts[i], url: `${base()}/i/${i}?lxdh=13800138000` }));
      await api.ask('/api/v1/intake', { method: 'POST', body: { items }, headers: { authorization: `Bearer ${token}` } });
      return stored(await sourceOf('intake'));
    },
    report: async () => {
      const { token } = await createReportUnit(api.db, { name: '某村', kind: 'village' }, api.clock.now());
      for (const [i, title] of titles.entries()) {
        const body = { idempotencyKey: randomUUID(), what: `${title}。\n${texts[i]}`, detail: title, done: title };
        const { status } = await api.ask('/api/v1/reports', { method: 'POST', body, headers: { authorization: `Bearer ${token}` } });
        expect(status).toBe(201);
      }
      return stored(await sourceOf('report'));
    },
  };

  describe.each(Object.keys(doors))('%s', (door) => {
    let items: { title: string; text: string }[];
    beforeAll(async () => {
      items = (await doors[door]?.()) ?? [];
    });
    const item = (i: number) => items.find(({ title }) => title.includes(`第${i}件急事`));

    test.each(personal.map(([name], i) => [name, i] as const))('masks: %s', (_, i) => {
      const [, , secret = /^/u, mark = ''] = personal[i] ?? [];
      expect(item(i)?.title).toContain(mark);
      expect(item(i)?.text).toContain(mark);
      expect(JSON.stringify(item(i))).not.toMatch(secret);
    });

    test('keeps what only looks alike', () => {
      expect(item(personal.length)?.text).toContain(friends);
    });
  });

  test('nothing of it stands in any table', async () => {
    const tables = ['item', 'direct_report', 'audit_entry', 'intake_receipt', 'source'] as const;
    for (const table of tables) {
      const rows = JSON.stringify(await api.db.selectFrom(table).selectAll().execute());
      for (const [name, , secret] of personal) expect(rows, `${name} in ${table}`).not.toMatch(secret);
    }
  });

  const feed = () =>
    `<rss version="2.0"><channel><title>新闻</title>${titles
      .map(
        (title, i) =>
          `<item><title>${title}</title><link>${base()}/f/${i}?tel=13800138000&amp;mail=zhang%40qq.com</link><guid isPermaLink="false">${i}</guid><description>${texts[i]}</description></item>`,
      )
      .join('')}</channel></rss>`;
  const listPage = () =>
    `<html><body><ul class="list">${titles.map((title, i) => `<li><a href="/a/${i}.html">${title}</a><span>2026-11-${10 + i}</span></li>`).join('')}</ul></body></html>`;
  const article = (i: number) =>
    `<html><head><title>${titles[i]}</title></head><body><article><h1>${titles[i]}</h1><p>${texts[i]}</p><p>${'这里是更多的说明文字，介绍事情的来龙去脉。'.repeat(6)}</p></article></body></html>`;
});
