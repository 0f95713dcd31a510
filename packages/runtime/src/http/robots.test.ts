import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { createHttpClient } from './client.ts';
import { createRobots } from './robots.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function site(answer: (response: ServerResponse, url: string) => void) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    answer(response, request.url ?? '');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const userAgent = 'Guanlan/0.1 (+test)';
  const client = createHttpClient({ userAgent, perHostIntervalMs: 0 });
  cleanups.push(() => client.close());
  const clock = manualClock(new Date('2026-11-23T00:00:00Z'));
  const robots = createRobots({ client, userAgent, clock });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { clock, url, asked: () => asked, check: (path: string) => robots.check(url + path, { allowPrivate: true }), robots };
}

describe('createRobots', () => {
  it('obeys the rules, and asks once a day', async () => {
    const { check, asked, clock } = await site((response) => response.end('user-agent: guanlan\ndisallow: /private\ncrawl-delay: 90\n'));
    const answers = await Promise.all([check('/a'), check('/b'), check('/c')]);
    expect(answers[0]).toMatchObject({ minIntervalMs: 60_000 });
    await expect(check('/private/x')).rejects.toMatchObject({ code: 'robots-disallowed', retryable: false });
    expect(asked()).toBe(1);
    clock.advance(24 * 3_600_000);
    await check('/a');
    expect(asked()).toBe(2);
  });

  it('takes 4xx for "no rules"', async () => {
    for (const status of [404, 403, 410]) {
      const { check } = await site((response) => response.writeHead(status).end());
      expect(await check('/a')).toMatchObject({ minIntervalMs: undefined });
    }
  });

  it('takes a server error for "not now", gives the reason, and asks again later', async () => {
    let status = 503;
    const { check, clock, asked } = await site((response) => response.writeHead(status).end());
    await expect(check('/a')).rejects.toMatchObject({ code: 'http-status', retryable: true });
    status = 200;
    await expect(check('/a')).rejects.toMatchObject({ code: 'http-status' });
    expect(asked()).toBe(1);
    clock.advance(5 * 60_000);
    await check('/a');
    expect(asked()).toBe(2);
  });

  it('keeps old rules while the file cannot be had', async () => {
    let status = 200;
    const { check, clock } = await site((response) => response.writeHead(status).end('user-agent: *\ndisallow: /x'));
    await check('/a');
    status = 500;
    clock.advance(25 * 3_600_000);
    await check('/a');
    await expect(check('/x')).rejects.toMatchObject({ code: 'robots-disallowed' });
  });

  it('follows five redirects', async () => {
    const { check } = await site((response, url) => {
      const hops = Number(/\d/u.exec(url)?.[0] ?? 0);
      if (hops < 5) response.writeHead(302, { location: `/r${hops + 1}` }).end();
      else response.end('user-agent: *\ndisallow: /x');
    });
    await expect(check('/x')).rejects.toMatchObject({ code: 'robots-disallowed' });
  });

  it('reads no more than 500 KiB of an endless file', async () => {
    const { check } = await site((response) => {
      response.write('user-agent: *\ndisallow: /x\n');
      const more = () => {
        while (!response.destroyed) if (!response.write('# nothing here\n'.repeat(1_000))) return void response.once('drain', more);
      };
      more();
    });
    await expect(check('/x')).rejects.toMatchObject({ code: 'robots-disallowed' });
    await check('/a');
  });

  it('does not lend a permitted answer to a source without permission', async () => {
    const { robots, url, check } = await site((response) => response.end(''));
    await check('/a');
    await expect(robots.check(`${url}/a`)).rejects.toMatchObject({ code: 'address-private' });
  });
});
