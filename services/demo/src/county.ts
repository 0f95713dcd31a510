import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuthorKind, GuanlanError } from '@guanlan/domain';
import { type Clock, type Logger, systemClock } from '@guanlan/runtime';
import { renderOverview } from './overview.ts';
import { createReceiver } from './receiver.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import { pathOf, sites } from './sites.ts';
import { serveSite } from './web.ts';

export interface DemoOptions {
  clock?: Clock;
  /** How many times faster than written the story is told; 1 is about ten minutes. */
  pace?: number;
  /** Gets one line for people for each alert the receiver takes: level, title, reason. */
  onAlert?: (line: string) => void;
  /** Tried first, then those after it, then any. 0: any. */
  port?: number;
}

/** A source of the demo county, in the shape in which sources are stored. */
export interface DemoSource {
  kind: 'feed' | 'list';
  name: string;
  url: string;
  options: Record<string, unknown>;
  local: boolean;
  allowPrivate: boolean;
  authorKind: AuthorKind;
  everySeconds: number;
}

export interface DemoStats {
  /** Items a reader can see by now. */
  published: number;
  requests: number;
  /** Requests that were answered with 304. */
  notModified: number;
  /** What the receiver took: each alert once, repeats of them, and deliveries without a valid signature. */
  alerts: { received: number; repeated: number; refused: number };
}

export interface DemoCounty {
  /** Rejects with `internal` when no port can be had. The story begins now. */
  start(resources: { logger: Logger }): Promise<void>;
  stop(): Promise<void>;
  /** http://127.0.0.1:7220, once started. */
  readonly origin: string;
  sources(): DemoSource[];
  receiver(): { url: string; secret: string };
  stats(): DemoStats;
}

const preferredPort = 7_220;
const portsTried = 20;
/** No secret at all: whoever sends a message here has it shown on a page of the demonstration, nothing else. */
const secret = 'guanlan-demo-county';

/** The demo county: a web of its own on a loopback address, and a receiver for the alerts about it. */
export function createDemoCounty(options: DemoOptions = {}): DemoCounty {
  const { clock = systemClock, pace = 1, onAlert = () => {}, port = preferredPort } = options;
  const receiver = createReceiver({ secret, clock, onAlert });
  const counts = { requests: 0, notModified: 0 };
  let running: { server: Server; origin: string; schedule: Schedule; start: Date } | undefined;

  const current = () => {
    if (running === undefined) throw new GuanlanError('internal', '演示县还没有启动。');
    return running;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { origin, schedule, start } = current();
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/receiver' && request.method === 'POST') return receiver.handle(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const now = clock.now();
    const context = { origin, visible: schedule.visible(now), seconds: ((now.getTime() - start.getTime()) / 1_000) * pace, pace };
    if (path === '/') {
      const page = renderOverview({ ...context, alerts: receiver.alerts() });
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
    } else if (!(await serveSite(path, request, response, context))) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404');
    }
  };

  return {
    start: async ({ logger }) => {
      const server = createServer((request, response) => {
        counts.requests += 1;
        response.on('finish', () => {
          if (response.statusCode === 304) counts.notModified += 1;
        });
        answer(request, response).catch((error: unknown) => {
          logger.warn({ err: error }, 'the demo county could not answer');
          response.destroy();
        });
      });
      const origin = `http://127.0.0.1:${await listen(server, port)}`;
      const start = clock.now();
      running = { server, origin, schedule: createSchedule({ start, pace }), start };
      logger.info({ origin, sites: sites.length }, 'the demo county is open');
    },
    stop: async () => {
      const server = running?.server;
      running = undefined;
      if (server === undefined) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    get origin() {
      return current().origin;
    },
    sources: () =>
      sites.map((site) => ({
        kind: 'list' in site.shape ? ('list' as const) : ('feed' as const),
        name: `演示·${site.name}`,
        url: `${current().origin}${pathOf(site)}`,
        options: 'list' in site.shape ? { ...site.shape.selectors } : {},
        local: site.local,
        allowPrivate: true,
        authorKind: site.authorKind,
        everySeconds: Math.max(1, Math.round(site.everySeconds / pace)),
      })),
    receiver: () => ({ url: `${current().origin}/receiver`, secret }),
    stats: () => ({ published: current().schedule.visible(clock.now()).length, ...counts, alerts: receiver.counts() }),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const wanted = port === 0 ? [0] : [...Array.from({ length: portsTried }, (_, i) => port + i), 0];
  for (const one of wanted) {
    try {
      server.listen(one, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    }
  }
  throw new GuanlanError('internal', `演示县找不到可用的端口（试过 ${port} 起的 ${portsTried} 个）。`);
}
