import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openConnection } from './connection.ts';

const server = createServer();
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('a reader that does not keep up is cut off, so that it is not kept in memory', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
  const request = get({ port: (server.address() as AddressInfo).port });
  request.on('error', () => {});
  // The answer's head is read, its body never.
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const [, raw] = await asked;
  const connection = openConnection(raw, { 'x-test': '1' });
  const [response] = await answered;
  response.on('error', () => {}).pause();
  expect(response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-test': '1',
  });

  const data = 'x'.repeat(64 * 1024);
  let sent = 0;
  let most = 0;
  // The system's own socket buffers take some megabytes first.
  while (connection.open && sent < 1_000) {
    connection.send({ name: 'alert', data });
    sent += 1;
    most = Math.max(most, raw.writableLength);
    await new Promise(setImmediate);
  }
  expect(connection.open).toBe(false);
  expect(most).toBeLessThan(512 * 1024);
  expect(() => connection.send({ name: 'alert', data })).not.toThrow();
});
