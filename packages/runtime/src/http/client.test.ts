import type { IncomingMessage } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../clock.ts';
import { client, faultOf, listen, serve } from './client-fixture.ts';

describe('what comes back', () => {
  it('is read as one buffer or as a stream', async () => {
    const { url } = await serve((request, response) => {
      expect(request.headers['user-agent']).toBe('Guanlan/0.1 (+test)');
      response.setHeader('x-many', ['a', 'b']);
      response.setHeader('etag', '"1"');
      response.write('观');
      response.end('澜');
    });
    const http = client();
    const whole = await http.fetch(`${url}/a?b=c#d`, { allowPrivate: true });
    expect(whole).toMatchObject({
      status: 200,
      url: `${url}/a?b=c#d`,
      etag: '"1"',
      lastModified: null,
      notModified: false,
      permanentRedirectTo: null,
    });
    expect(whole.headers['x-many']).toBe('a, b');
    expect((await whole.bytes()).toString()).toBe('观澜');

    const chunks: Uint8Array[] = [];
    for await (const chunk of (await http.fetch(url, { allowPrivate: true })).body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('观澜');
  });

  it('is decompressed', async () => {
    const text = '教育局回应 '.repeat(1_000);
    const codings = { gzip: gzipSync(text), br: brotliCompressSync(text), deflate: deflateSync(text), 'deflate?raw': deflateRawSync(text) };
    const { url } = await serve((request, response) => {
      const name = (request.url ?? '').slice(1) as keyof typeof codings;
      response.setHeader('content-encoding', name.split('?')[0] ?? '');
      response.end(codings[name]);
    });
    const http = client();
    for (const name of Object.keys(codings)) {
      expect((await (await http.fetch(`${url}/${name}`, { allowPrivate: true })).bytes()).toString()).toBe(text);
    }
    expect((await faultOf(http, `${url}/zstd`)).code).toBe('http-status');
  });

  it('is fault connect-failed when compressed data is cut off', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('x'.repeat(10_000)).subarray(0, 30));
    });
    expect(await faultOf(client(), url)).toMatchObject({ code: 'connect-failed', retryable: true });
  });

  it('is nothing new when the validators still hold', async () => {
    const { url } = await serve((request, response) => {
      const known = request.headers['if-none-match'] === '"1"' && request.headers['if-modified-since'] === 'Mon, 23 Nov 2026 00:00:00 GMT';
      response.writeHead(known ? 304 : 500, { etag: '"1"' }).end();
    });
    const response = await client().fetch(url, { allowPrivate: true, etag: '"1"', lastModified: 'Mon, 23 Nov 2026 00:00:00 GMT' });
    expect(response).toMatchObject({ status: 304, notModified: true, etag: '"1"' });
    expect(await response.bytes()).toHaveLength(0);
  });

  it('comes over kept-alive connections, refused answers included', async () => {
    const { url, connections } = await serve((request, response) => {
      if (request.url === '/404') response.statusCode = 404;
      response.end('ok');
    });
    const http = client();
    for (const path of ['/1', '/404', '/2', '/404', '/3']) {
      await http.fetch(url + path, { allowPrivate: true }).then(
        (r) => r.bytes(),
        () => {},
      );
    }
    // One more, because nobody waits for the end of an answer that is thrown away.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('is sent again when the kept-alive connection was closed meanwhile', async () => {
    let count = 0;
    const { url } = await serve((request, response) => {
      count += 1;
      if (count === 2) request.socket.destroy();
      else response.end('ok');
    });
    const http = client();
    await (await http.fetch(url, { allowPrivate: true })).bytes();
    expect((await (await http.fetch(url, { allowPrivate: true })).bytes()).toString()).toBe('ok');
    expect(count).toBe(3);
  });

  it('may answer a POST', async () => {
    const { url } = await serve((request, response) => {
      if (request.method === 'POST') request.pipe(response);
    });
    const response = await client().fetch(url, {
      allowPrivate: true,
      method: 'POST',
      body: '{"a":1}',
      headers: { 'Content-Type': 'application/json' },
    });
    expect((await response.bytes()).toString()).toBe('{"a":1}');
  });
});

describe('redirects', () => {
  it('report the end of the leading permanent ones', async () => {
    const { url } = await serve((request, response) => {
      const next: Record<string, [number, string]> = {
        '/a': [301, '/b'],
        '/b': [308, '/c'],
        '/c': [302, '/d'],
        '/d': [301, '/e'],
        '/x': [302, '/e'],
      };
      const hop = next[request.url ?? ''];
      if (hop) response.writeHead(hop[0], { location: hop[1] }).end();
      else response.end('end');
    });
    const http = client();
    expect(await http.fetch(`${url}/a`, { allowPrivate: true })).toMatchObject({ url: `${url}/e`, permanentRedirectTo: `${url}/c` });
    expect(await http.fetch(`${url}/x`, { allowPrivate: true })).toMatchObject({ url: `${url}/e`, permanentRedirectTo: null });
  });

  it('do not carry a caller’s headers to another origin', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const second = await serve((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    const first = await serve((_request, response) => response.writeHead(307, { location: second.url }).end());
    await client().fetch(first.url, { allowPrivate: true, headers: { Authorization: 'Bearer x', 'X-Key': 'y', Accept: 'text/html' } });
    expect(seen[0]).toMatchObject({ accept: 'text/html' });
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(seen[0]).not.toHaveProperty('x-key');
  });

  it('are refused for a POST and to another scheme', async () => {
    const { url } = await serve((request, response) =>
      response.writeHead(302, { location: request.method === 'POST' ? '/b' : 'file:///etc/passwd' }).end(),
    );
    expect(await faultOf(client(), url, { allowPrivate: true, method: 'POST', body: '' })).toMatchObject({
      code: 'http-status',
      details: { status: 302 },
    });
    expect((await faultOf(client(), url)).code).toBe('url-invalid');
  });
});

describe('faults', () => {
  it('tell 410 from other answers, and when to come back', async () => {
    const clock = manualClock(new Date('2026-11-23T00:00:00Z'));
    const { url } = await serve((request, response) => {
      const [, status, retryAfter] = (request.url ?? '').split('/');
      response.writeHead(Number(status), retryAfter ? { 'retry-after': decodeURIComponent(retryAfter) } : {}).end('busy');
    });
    const http = client({ clock });
    expect(await faultOf(http, `${url}/410`)).toMatchObject({ code: 'http-gone', retryable: false, details: { status: 410 } });
    expect(await faultOf(http, `${url}/404`)).toMatchObject({ code: 'http-status', details: { status: 404 } });
    expect((await faultOf(http, `${url}/404`)).details).not.toHaveProperty('retryAfterSeconds');
    expect((await faultOf(http, `${url}/429/120`)).details).toMatchObject({ retryAfterSeconds: 120 });
    expect((await faultOf(http, `${url}/503/${encodeURIComponent('Mon, 23 Nov 2026 00:10:00 GMT')}`)).details).toMatchObject({
      retryAfterSeconds: 600,
    });
    expect((await faultOf(http, `${url}/503/99999999`)).details).toMatchObject({ retryAfterSeconds: 86_400 });
    expect((await faultOf(http, `${url}/503/soon`)).details).not.toHaveProperty('retryAfterSeconds');
    expect((await faultOf(http, `${url}/304`)).code).toBe('http-status');
  });

  it('are answers to whoever asks for them: status, body, and when to come back', async () => {
    const { url } = await serve((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/end' }).end('到别处');
      else response.writeHead(Number(request.url?.slice(1)), { 'retry-after': '17' }).end('{"errcode":310000}');
    });
    const http = client();
    for (const status of [400, 410, 429, 500]) {
      const response = await http.fetch(`${url}/${status}`, { allowPrivate: true, method: 'POST', body: '{}', anyStatus: true });
      expect(response).toMatchObject({ status, retryAfterSeconds: 17 });
      expect((await response.bytes()).toString()).toBe('{"errcode":310000}');
    }
    const moved = await http.fetch(`${url}/moved`, { allowPrivate: true, method: 'POST', body: '{}', anyStatus: true });
    expect(moved).toMatchObject({ status: 302, retryAfterSeconds: null });
  });

  it('name what failed below HTTP', async () => {
    const { port } = await listen(createTcpServer((socket) => socket.end('220 smtp.example ready\r\n')));
    const http = client({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    expect((await faultOf(http, 'http://news.example/', {})).code).toBe('dns-failed');
    expect((await faultOf(http, `https://127.0.0.1:${port}/`)).code).toBe('tls-failed');
    expect((await faultOf(http, `http://127.0.0.1:${port}/`)).code).toBe('connect-failed');
    expect((await faultOf(http, 'http://127.0.0.1:1/')).code).toBe('connect-failed');
    const cut = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    expect((await faultOf(http, cut.url)).code).toBe('connect-failed');
  });

  it('are told in words, without the query', async () => {
    const { url } = await serve((_request, response) => response.writeHead(503).end());
    const { message } = await faultOf(client(), `${url}/feed?key=hunter2`);
    expect(message).toContain(`${url}/feed 返回 HTTP 503`);
    expect(message).not.toContain('hunter2');
  });
});
