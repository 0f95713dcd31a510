import type { AddressInfo } from 'node:net';
import { GuanlanError } from '@guanlan/domain';
import { repeat, type Service } from '@guanlan/runtime';
import type { ApiContext, ApiServer } from './context.ts';
import { injectDrills } from './drill.ts';
import { createServer } from './server.ts';

export interface ApiOptions extends Pick<ApiContext, 'db' | 'bus' | 'clock' | 'logger'> {
  host: string;
  /** Taken by somebody else → the next free one, see {@link ApiService.address}. 0 lets the system choose. */
  port: number;
  /** Folder of the built console; null serves the API alone. */
  consoleDir: string | null;
  /** Where people reach the console (behind a proxy, say), `https://…` for a secure cookie. */
  publicUrl?: string | null;
  indicators?: ApiContext['indicators'];
  /** Folder for the files that come with direct reports, made when needed; without it reports come without files. */
  attachmentsDir?: string | null;
  /** Reads a source once without storing anything; without it sources cannot be tried here. */
  sourceLook?: ApiContext['sourceLook'];
  /** How to try a channel; without it the route says that this process cannot. */
  testChannel?: NonNullable<ApiContext['testChannel']>;
  /** Parts beside the database and the queue that must answer before `/readyz` says yes. */
  readiness?: ApiContext['readiness'];
  /** Pause between two looks for what a drill tells next, in ms (1,000). */
  drillMs?: number;
}

export interface ApiService extends Service {
  /** `http://host:port` as it really listens. Throws before `start`. */
  address(): string;
}

const portTries = 20;

/** The HTTP API and the console. */
export function createApi(options: ApiOptions): ApiService {
  const { db, bus, clock, logger, host, port, consoleDir } = options;
  const context: ApiContext = {
    ...{ db, bus, clock, logger },
    indicators: options.indicators ?? [],
    publicUrl: options.publicUrl?.replace(/\/+$/u, '') ?? null,
    attachmentsDir: options.attachmentsDir ?? null,
    sourceLook: options.sourceLook ?? null,
    testChannel: options.testChannel ?? null,
    readiness: options.readiness ?? (async () => []),
  };
  let app: ApiServer | undefined;
  let drills: { stop(): Promise<void> } | undefined;
  return {
    name: 'api',
    start: async () => {
      const server = await createServer(context, consoleDir);
      try {
        const taken = await listen(server, host, port);
        if (taken !== port && port !== 0) logger.warn({ wanted: port, port: taken }, 'port is taken, listening on the next free one');
      } catch (error) {
        await server.close();
        throw error;
      }
      app = server;
      drills = repeat('drills', options.drillMs ?? 1_000, logger, () => injectDrills(context));
    },
    stop: async () => {
      const server = app;
      app = undefined;
      await drills?.stop();
      await server?.close();
    },
    address: () => {
      if (!app) throw new GuanlanError('internal', '网页服务尚未启动。');
      const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
      return `http://${shown}:${portOf(app)}`;
    },
  };
}

async function listen(server: ApiServer, host: string, wanted: number): Promise<number> {
  for (let port = wanted; ; port += 1) {
    try {
      await server.listen({ host, port });
      return portOf(server);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && wanted !== 0 && port < Math.min(wanted + portTries, 65_535)) continue;
      if (code === 'EADDRINUSE')
        throw new GuanlanError('config-invalid', `端口 ${wanted} 到 ${port} 都被占用，请用 --port 指定另一个。`, { cause: error });
      if (code === 'EACCES')
        throw new GuanlanError('config-invalid', `没有权限监听端口 ${port}，请用 --port 指定 1024 以上的端口。`, { cause: error });
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
        throw new GuanlanError('config-invalid', `这台机器没有地址 ${host}，请检查监听地址。`, { cause: error });
      throw error;
    }
  }
}

function portOf(server: ApiServer): number {
  return (server.server.address() as AddressInfo).port;
}
