import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { client, listen, reachOf } from './client-fixture.ts';

const smtp = () => listen(createServer((socket) => socket.end('220 mail.example ESMTP\r\n')));

describe('a connection that does not speak HTTP', () => {
  it('reaches what it may', async () => {
    const { port } = await smtp();
    const http = client({ reachOf, resolve: async () => [{ address: '127.0.0.2', family: 4 }] });
    expect(await text(await http.connect({ hostname: 'mail.example', port }))).toBe('220 mail.example ESMTP\r\n');
    expect(await text(await http.connect({ hostname: '127.0.0.1', port, allowPrivate: true }))).toContain('220');
  });

  it('goes nowhere private without permission, however the address is written, and connects to nothing', async () => {
    const { port, connections } = await smtp();
    const http = client({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    for (const hostname of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0x7f.1', '2130706433', 'mail.example', 'localhost']) {
      await expect(http.connect({ hostname, port }), hostname).rejects.toMatchObject({ code: 'address-private' });
    }
    expect(connections()).toBe(0);
  });

  it('says what failed, and ends with its caller', async () => {
    const http = client({ resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })) });
    await expect(http.connect({ hostname: 'mail.example', port: 25 })).rejects.toMatchObject({ code: 'dns-failed' });
    await expect(http.connect({ hostname: '127.0.0.1', port: 1, allowPrivate: true })).rejects.toMatchObject({ code: 'connect-failed' });
    await expect(http.connect({ hostname: 'mail example', port: 25 })).rejects.toMatchObject({ code: 'url-invalid' });
    const never = client({ resolve: () => new Promise(() => {}) });
    await expect(never.connect({ hostname: 'mail.example', port: 25, timeoutMs: 50 })).rejects.toMatchObject({ code: 'fetch-timeout' });
    const control = new AbortController();
    const opening = never.connect({ hostname: 'mail.example', port: 25, signal: control.signal });
    control.abort(new Error('closing'));
    await expect(opening).rejects.toThrow('closing');
  });
});
