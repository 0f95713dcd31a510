import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { GuanlanError } from '@guanlan/domain';
import { afterEach, expect } from 'vitest';
import { addressReach, type ReachOf } from './address.ts';
import { createHttpClient, type FetchOptions, type HttpClient, type HttpClientOptions } from './client.ts';

/** Real servers on loopback for the tests of the client; everything is closed after each test. */
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** 127.0.0.2 stands for a public host; everything else is what it is. */
export const reachOf: ReachOf = (address) => (address === '127.0.0.2' ? 'public' : addressReach(address));

export function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = createHttpClient({ userAgent: 'Guanlan/0.1 (+test)', perHostIntervalMs: 0, ...options });
  cleanups.push(() => made.close());
  return made;
}

/** Listens on all loopback addresses; counts connections. */
export async function listen(server: Server): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

export async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; port: number; connections: () => number }> {
  const { port, connections } = await listen(createServer(handler));
  return { url: `http://127.0.0.1:${port}`, port, connections };
}

export async function faultOf(http: HttpClient, url: string, options: FetchOptions = { allowPrivate: true }): Promise<GuanlanError> {
  try {
    const response = await http.fetch(url, options);
    await response.bytes();
  } catch (error) {
    expect(error).toBeInstanceOf(GuanlanError);
    return error as GuanlanError;
  }
  throw new Error('no fault');
}
