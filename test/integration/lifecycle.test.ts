import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { rootDir } from '@guanlan/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { serviceProcess } from '../support/service-process.ts';
import { countRows, openWorld, rss, until, type World } from './path-world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function world(): Promise<World> {
  const w = await openWorld();
  closers.push(() => w.close());
  return w;
}

/** The path's services as processes on this world's database. */
function service(w: World, name: string, env: Record<string, string> = {}) {
  const child = serviceProcess(name, { DATABASE_URL: w.connectionString, GUANLAN_HOST_INTERVAL_MS: '0', ...env });
  closers.push(() => child.kill());
  child.start();
  return child;
}

describe('services as processes', { timeout: 90_000 }, () => {
  test('SIGTERM lets a crawler finish what it has in hand, then it exits 0', async () => {
    const w = await world();
    const asked = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const origin = await w.serve(async (request, response) => {
      if (request.url !== '/feed.xml') return void response.writeHead(404).end();
      asked.resolve();
      await go.promise;
      response.end(rss([{ title: '最后一条', text: '还在路上', link: 'http://news.example/last' }]));
    });
    await w.watch(`${origin}/feed.xml`);
    const crawler = service(w, 'crawler');
    await asked.promise;
    const stopped = crawler.stop();
    // It has taken the signal when it says so; only now does the site answer.
    await until(
      async () => crawler.log(),
      (log) => log.includes('正在停止'),
    );
    go.resolve();
    expect(await stopped).toBe(0);
    // A canary may have flown meanwhile: it is no item of this source.
    expect(
      await w.db.selectFrom('item').select('title').where('url', 'is not', null).where('url', 'like', '%news.example%').execute(),
    ).toEqual([{ title: '最后一条' }]);
    const source = await w.db
      .selectFrom('source')
      .select(['last_success_at', 'rung_at'])
      .where('kind', '=', 'feed')
      .executeTakeFirstOrThrow();
    expect(source.last_success_at).not.toBeNull();
    expect(source.rung_at).toBeNull();
    expect(crawler.log()).not.toMatch(/\n\s+at /u);
  });

  test('services in processes of their own make one path, and all of them exit 0', async () => {
    const w = await world();
    const origin = await w.serve((request, response) => {
      if (request.url !== '/feed.xml') return void response.writeHead(404).end();
      const title = '巨鹿县小吕寨镇一厂房突发火灾';
      response.end(rss([{ title, text: '一家厂房突然起火，现场浓烟滚滚，有2人被困。', link: 'http://news.example/1' }]));
    });
    await w.watch(`${origin}/feed.xml`);
    const processes = ['crawler', 'classifier', 'dispatcher,counter'].map((name) => service(w, name));
    await until(
      () => countRows(w.db),
      (n) => n.counted === 1 && n.alerts === 1 && n.undecided === 0,
    );
    expect(await Promise.all(processes.map((p) => p.stop()))).toEqual([0, 0, 0]);
    for (const p of processes) expect(p.log()).toContain('已停止。');
  });

  test('an unknown service is wrong usage, a wrong setting a failure; one clear line each', async () => {
    const unknown = await run(['up', '--services', 'crawler,kraken'], {});
    expect(unknown.code).toBe(2);
    expect(unknown.stderr.trim()).toMatch(/^错误：没有名为 kraken 的服务；可选：crawler、.+$/u);
    const wrong = await run(['up', '--services', 'crawler'], { DATABASE_URL: 'mysql://127.0.0.1/x' });
    expect(wrong.code).toBe(1);
    expect(wrong.stderr.match(/^错误：.+$/gmu)).toHaveLength(1);
    expect(wrong.stderr).toContain('DATABASE_URL');
    const away = await run(['up', '--services', 'crawler'], { DATABASE_URL: `postgres://postgres@127.0.0.1:${await freePort()}/postgres` });
    expect(away.code).toBe(1);
    expect(away.stderr.match(/^错误：.*数据库.*$/gmu)).toHaveLength(1);
    for (const { stderr, stdout } of [unknown, wrong, away]) {
      expect(stderr).not.toMatch(/\n\s+at |node:internal/u);
      expect(stdout).toBe('');
    }
  });

  test('a taken port: the next free one, said plainly', async () => {
    const w = await world();
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    closers.push(() => squatter.close());
    const { port } = squatter.address() as AddressInfo;
    const api = service(w, 'api', { GUANLAN_PORT: String(port) });
    const log = await until(
      async () => api.log(),
      (seen) => seen.includes('已就绪') || !api.running(),
      80_000,
    );
    const address = /观澜已就绪：http:\/\/127\.0\.0\.1:(\d+)/u.exec(log)?.[1];
    expect(Number(address)).toBeGreaterThan(port);
    expect(log, 'why it is not the usual one').toMatch(new RegExp(`${port}.*(?:占用|is taken)`, 'u'));
    expect((await fetch(`http://127.0.0.1:${address}/healthz`)).status).toBe(200);
    expect(await api.stop()).toBe(0);
  });
});

async function run(args: string[], env: Record<string, string>): Promise<{ code: number | null; stderr: string; stdout: string }> {
  const main = path.join(rootDir, 'services', 'cli', 'src', 'main.ts');
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closers.push(() => child.kill('SIGKILL'));
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stderr, stdout };
}
