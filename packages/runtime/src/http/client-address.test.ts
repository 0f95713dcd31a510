import { describe, expect, it } from 'vitest';
import type { ResolvedAddress } from './address.ts';
import { client, faultOf, reachOf, serve } from './client-fixture.ts';

describe('addresses', () => {
  it('refuses what is no public http address', async () => {
    const http = client();
    for (const url of ['', 'news', 'file:///etc/passwd', 'gopher://x', 'http://user:pw@example.com/', 'http://test???', 'http://']) {
      expect((await faultOf(http, url, {})).code, url).toBe(url === 'http://test???' ? 'dns-failed' : 'url-invalid');
    }
  });

  it('refuses loopback by literal and by name, and connects to nothing', async () => {
    const { port, connections } = await serve((_request, response) => response.end());
    const http = client({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    for (const host of [
      '127.0.0.1',
      '127.0.0.3',
      '0x7f.1',
      '2130706433',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      'localhost',
      'news.example',
    ]) {
      expect((await faultOf(http, `http://${host}:${port}/`, {})).code, host).toBe('address-private');
    }
    expect(connections()).toBe(0);
  });

  it('asks the resolver once per connection and checks each answer: rebinding gains nothing', async () => {
    const { port } = await serve((_request, response) => response.setHeader('connection', 'close').end('public'));
    const answers: ResolvedAddress[][] = [[{ address: '127.0.0.2', family: 4 }], [{ address: '127.0.0.1', family: 4 }]];
    let asked = 0;
    const http = client({
      reachOf,
      resolve: async () => {
        asked += 1;
        return answers.shift() ?? [];
      },
    });
    expect((await (await http.fetch(`http://news.example:${port}/`)).bytes()).toString()).toBe('public');
    expect(asked).toBe(1);
    expect((await faultOf(http, `http://news.example:${port}/`, {})).code).toBe('address-private');
    expect(asked).toBe(2);
  });

  it('refuses a redirect from a public host to loopback, by literal and by name', async () => {
    const inner = await serve((_request, response) => response.end('secret'));
    const outer = await serve((request, response) => {
      response.writeHead(302, { location: `http://${request.url === '/name' ? 'inner.example' : '127.0.0.1'}:${inner.port}/` }).end();
    });
    const http = client({
      reachOf,
      resolve: async (name) => [{ address: name === 'inner.example' ? '127.0.0.1' : '127.0.0.2', family: 4 }],
    });
    expect((await faultOf(http, `http://news.example:${outer.port}/literal`, {})).code).toBe('address-private');
    expect((await faultOf(http, `http://news.example:${outer.port}/name`, {})).code).toBe('address-private');
    expect(inner.connections()).toBe(0);
  });

  it('lets permission go no further than the host it was given for', async () => {
    const other = await serve((_request, response) => response.end('other'));
    const own = await serve((request, response) => {
      if (request.url === '/away') response.writeHead(302, { location: `http://127.0.0.3:${other.port}/` }).end();
      else if (request.url === '/same') response.writeHead(302, { location: '/end' }).end();
      else response.end('end');
    });
    const http = client();
    expect((await (await http.fetch(`${own.url}/same`, { allowPrivate: true })).bytes()).toString()).toBe('end');
    expect((await faultOf(http, `${own.url}/away`)).code).toBe('address-private');
    expect(other.connections()).toBe(0);
  });

  it('does not use a permitted connection without permission', async () => {
    const { port } = await serve((_request, response) => response.end('ok'));
    const http = client({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    await (await http.fetch(`http://inner.example:${port}/`, { allowPrivate: true })).bytes();
    expect((await faultOf(http, `http://inner.example:${port}/`, {})).code).toBe('address-private');
  });
});
