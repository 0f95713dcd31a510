import type { ServerResponse } from 'node:http';

/** A reader this far behind is cut off; its browser reconnects and is told what it missed. */
const maxBufferedBytes = 256 * 1024;

/** One listening page. */
export interface Connection {
  /** Queues an event. A reader that does not keep up is closed instead of being kept in memory. */
  send(event: { name: string; id?: string; data: string }): void;
  /** A line that says nothing, so that proxies keep the connection. */
  beat(): void;
  close(): void;
  readonly open: boolean;
}

/** Takes over an answer as a stream of server-sent events (WHATWG HTML §9.2). */
export function openConnection(raw: ServerResponse, headers: Record<string, string>): Connection {
  raw.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // nginx would otherwise collect what we send.
    'x-accel-buffering': 'no',
  });
  const close = () => {
    if (!raw.writableEnded) raw.end();
  };
  const write = (text: string) => {
    if (raw.writableEnded || raw.destroyed) return;
    if (raw.writableLength > maxBufferedBytes) raw.destroy();
    else raw.write(text);
  };
  raw.on('error', () => raw.destroy());
  write('retry: 3000\n\n');
  return {
    send: ({ name, id, data }) => write(`event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${data}\n\n`),
    beat: () => write(': still here\n\n'),
    close,
    get open() {
      return !raw.writableEnded && !raw.destroyed;
    },
  };
}
