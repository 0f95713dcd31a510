import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { guanlan, type Product, startProduct } from '../support/product.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The newcomer's first minutes, through `npm start`'s own entry, in a folder whose name has a space and Chinese characters. */
describe('npm start -- --demo', { timeout: 240_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let receiver: Receiver;
  let product: Product;
  let data: string;
  let port: number;
  let cookie = '';

  beforeAll(async () => {
    folder = await temporaryFolder();
    data = `${folder.dir}/数据 文件夹`;
    receiver = await startReceiver();
    port = await freePort();
    const added = await guanlan(
      ['channel', 'add', 'webhook', '--name', '值班接收端', '--set', `url=${receiver.url}`, `secret=${receiver.secret}`, '--allow-private'],
      { GUANLAN_DATA: data },
    );
    expect(added.stderr + added.stdout).toContain('默认路由');
    product = await startProduct(['--demo', '--data', data, '--port', String(port)]);
  }, 180_000);

  afterAll(async () => {
    await product?.kill();
    // The embedded server outlives a killed process; the next start would adopt it.
    await guanlan(['doctor'], { GUANLAN_DATA: data });
    await receiver?.close();
    await folder?.remove();
  });

  const api = async (path: string, init: RequestInit = {}) =>
    fetch(`${product.address}${path}`, {
      ...init,
      headers: { cookie, 'content-type': 'application/json', origin: product.address, ...init.headers },
    });

  test('the console is ready, and the setup link works once', async () => {
    expect((await api('/healthz')).status).toBe(200);
    expect((await api('/readyz')).status).toBe(200);
    expect(await (await api('/')).text()).toContain('<title>');
    expect((await api('/api/v1/alerts')).status).toBe(401);
    const setup = { token: product.setupToken, name: 'duty', password: 'a long enough password' };
    const response = await api('/api/v1/setup', { method: 'POST', body: JSON.stringify(setup) });
    expect(response.status).toBeLessThan(300);
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    expect(
      (await api('/api/v1/setup', { method: 'POST', body: JSON.stringify({ ...setup, name: 'other' }) })).status,
    ).toBeGreaterThanOrEqual(400);
  });

  test('alerts reach the receiver, signed, with the evidence', async () => {
    await expect.poll(() => receiver.received.length, { timeout: 60_000, interval: 200 }).toBeGreaterThan(0);
    const [first] = receiver.received;
    expect(first?.genuine).toBe(true);
    expect(first?.key).not.toBe('');
    expect(first?.body).toMatchObject({ level: expect.stringMatching(/^(?:I|II|III|IV)$/u), reason: expect.stringContaining('新预警') });
    expect(first?.body.evidence).not.toEqual([]);
  });

  test('counts move, and every counted row is listed', async () => {
    const progress = async () =>
      (await (await api('/api/v1/progress')).json()) as { items: { collected: number; relevant: number; counted: number } };
    await expect.poll(async () => (await progress()).items.counted, { timeout: 60_000, interval: 500 }).toBeGreaterThan(3);
    const { items } = await progress();
    expect(items.collected).toBeGreaterThan(items.relevant);
    const listed = (await (await api('/api/v1/tally?state=counted&limit=200')).json()) as { rows: unknown[] };
    expect(listed.rows.length).toBeGreaterThanOrEqual(items.counted);
  });

  test('another command works beside it', async () => {
    const { stdout, code } = await guanlan(['progress', '--json'], { GUANLAN_DATA: data });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ items: { target: 2500 }, trainings: [{ target: 8 }, { target: 4 }] });
  });

  test('after kill -9 it starts again with everything in place, on the next port when its own is taken', async () => {
    const before = (await (await api('/api/v1/alerts?limit=200')).json()) as { rows: { id: number }[] };
    await product.kill();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      product = await startProduct(['--data', data, '--port', String(port)]);
      expect(product.address).not.toContain(`:${port}`);
      expect(product.setupToken).toBeNull();
      const after = (await (await api('/api/v1/alerts?limit=200')).json()) as { rows: { id: number }[] };
      expect(after.rows.map((a) => a.id)).toEqual(expect.arrayContaining(before.rows.map((a) => a.id)));
      expect(await product.stop()).toBe(0);
    } finally {
      squatter.close();
    }
  });
});
