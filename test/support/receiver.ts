import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '@guanlan/channels';

export interface Received {
  at: number;
  key: string;
  /** The signature was right. */
  genuine: boolean;
  body: Record<string, unknown>;
}

export interface Receiver {
  url: string;
  secret: string;
  received: Received[];
  /** Answers this status from now on; 200 to begin with. */
  answer(status: number, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

/** A real webhook receiver on loopback that checks signatures and remembers what it got. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const secret = 'a-receiver-secret-of-the-tests';
  const received: Received[] = [];
  let status = 200;
  let extra: Record<string, string> = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({
        at: Date.now(),
        key: String(request.headers['idempotency-key'] ?? ''),
        genuine: verifyWebhook(
          secret,
          { body, timestamp: header(request, 'timestamp'), signature: header(request, 'signature') },
          new Date(),
        ),
        body: JSON.parse(body) as Record<string, unknown>,
      });
      response.writeHead(status, extra).end('{"ok":true}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    secret,
    received,
    answer: (next, headers = {}) => {
      status = next;
      extra = headers;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[`x-guanlan-${name}`];
  return typeof value === 'string' ? value : undefined;
}
