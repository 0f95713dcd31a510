import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { client, faultOf, listen, serve } from './client-fixture.ts';

describe('bounds', () => {
  it('refuses a body announced too large before reading it', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': String(200 * 1_048_576) });
      response.write('x');
    });
    expect((await faultOf(client(), url)).code).toBe('body-too-large');
  });

  it('stops a 200 MB body at the bound, and the sender with it', async () => {
    let sent = 0;
    let closed: () => void;
    const over = new Promise<void>((done) => {
      closed = done;
    });
    const { url } = await serve((_request, response) => {
      const block = Buffer.alloc(65_536, 'x');
      const more = () => {
        while (sent < 200 * 1_048_576 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) return void response.once('drain', more);
        }
        response.end();
      };
      response.on('close', () => closed());
      more();
    });
    const error = await faultOf(client(), url);
    expect(error.code).toBe('body-too-large');
    expect(error.message).toContain('10 MiB');
    await over;
    expect(sent).toBeLessThan(50 * 1_048_576);
  });

  it('stops reading ahead of a consumer that does not read', async () => {
    let sent = 0;
    const { url } = await serve((_request, response) => {
      const block = Buffer.alloc(65_536, 'x');
      const more = () => {
        while (sent < 100 * 1_048_576 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) return void response.once('drain', more);
        }
      };
      more();
    });
    const response = await client().fetch(url, { allowPrivate: true, maxBytes: 1e9, timeoutMs: 500 });
    await new Promise((done) => setTimeout(done, 600));
    expect(sent).toBeLessThan(50 * 1_048_576);
    await expect(response.bytes()).rejects.toMatchObject({ code: 'fetch-timeout' });
  });

  it.each(['gzip', 'br', 'deflate'])('stops a %s bomb at the bound', async (coding) => {
    const plain = Buffer.alloc(64 * 1_048_576);
    const bomb =
      coding === 'gzip' ? gzipSync(plain) : coding === 'br' ? brotliCompressSync(plain, { params: { 1: 3 } }) : deflateSync(plain);
    expect(bomb.length).toBeLessThan(200_000);
    const { url } = await serve((_request, response) => response.setHeader('content-encoding', coding).end(bomb));
    const response = await client().fetch(url, { allowPrivate: true, maxBytes: 1_048_576 });
    let got = 0;
    await expect(
      (async () => {
        for await (const chunk of response.body) got += chunk.length;
      })(),
    ).rejects.toMatchObject({ code: 'body-too-large' });
    expect(got).toBeLessThanOrEqual(1_048_576);
  });

  it('ends a slow-loris server, in the headers and in the body, at the whole-request deadline', async () => {
    for (const head of ['HTTP/1.1 200 OK\r\nx: ', 'HTTP/1.1 200 OK\r\n\r\n']) {
      let sockets = 0;
      const { port } = await listen(
        createTcpServer((socket) => {
          sockets += 1;
          socket.write(head);
          const drip = setInterval(() => socket.write('a'), 20);
          socket.on('close', () => {
            sockets -= 1;
            clearInterval(drip);
          });
        }),
      );
      expect((await faultOf(client(), `http://127.0.0.1:${port}/`, { allowPrivate: true, timeoutMs: 300 })).code).toBe('fetch-timeout');
      await expect.poll(() => sockets).toBe(0);
    }
  });

  it('counts redirects against one deadline', async () => {
    const { url } = await serve((request, response) => {
      setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 120);
    });
    expect((await faultOf(client(), `${url}/`, { allowPrivate: true, timeoutMs: 300, maxRedirects: 1_000 })).code).toBe('fetch-timeout');
  });

  it('ends an endless redirect', async () => {
    const { url, connections } = await serve((request, response) => response.writeHead(302, { location: `${request.url}x` }).end('moved'));
    expect((await faultOf(client(), `${url}/`)).code).toBe('too-many-redirects');
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it('refuses headers without end', async () => {
    const { port } = await listen(createTcpServer((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}`)));
    expect((await faultOf(client(), `http://127.0.0.1:${port}/`)).code).toBe('body-too-large');
  });

  it('ends with the caller', async () => {
    const { url } = await serve((_request, response) => void response.write('x'));
    const controller = new AbortController();
    const response = await client().fetch(url, { allowPrivate: true, signal: controller.signal });
    controller.abort(new Error('shutting down'));
    await expect(response.bytes()).rejects.toThrow('shutting down');
    await expect(client().fetch(url, { allowPrivate: true, signal: controller.signal })).rejects.toThrow('shutting down');
  });
});
