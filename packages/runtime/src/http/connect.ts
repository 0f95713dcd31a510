import { connect as openSocket, type Socket } from 'node:net';
import { GuanlanError } from '@guanlan/domain';
import { checkLiteral, guardedLookup, type ReachOf, type Resolve } from './address.ts';
import { transportFault } from './fault.ts';

export interface ConnectOptions {
  /** A name or an address, without brackets. */
  hostname: string;
  port: number;
  /** The operator's word that this address may be private or loopback. */
  allowPrivate?: boolean;
  /** Default 10,000. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

export type Connect = (options: ConnectOptions) => Promise<Socket>;

/**
 * A plain TCP connection for what does not speak HTTP (SMTP), under the same guard: every resolved address is checked, and what
 * was checked is what is connected to. The socket is the caller's to destroy.
 */
export function guardedConnect(resolve: Resolve, reachOf: ReachOf): Connect {
  return async ({ hostname, port, allowPrivate = false, timeoutMs = 10_000, signal }) => {
    signal?.throwIfAborted();
    checkLiteral(hostname, allowPrivate, reachOf);
    const place = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    const url = URL.parse(`http://${place}/`);
    if (url === null) throw new GuanlanError('url-invalid', `“${place}”不是有效的主机和端口。请核对后重试。`);
    const socket = openSocket({ host: hostname, port, lookup: guardedLookup(resolve, allowPrivate, reachOf) });
    return new Promise((done, fail) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        socket.off('error', onError);
        settle();
      };
      const giveUp = (reason: unknown) =>
        end(() => {
          // An error of a socket that nobody waits for any more is nobody's.
          socket.on('error', () => {}).destroy();
          fail(reason);
        });
      const onError = (error: Error) => giveUp(transportFault(error, url));
      const onAbort = () => giveUp(signal?.reason);
      const timer = setTimeout(() => {
        giveUp(new GuanlanError('fetch-timeout', `${place} 在 ${timeoutMs / 1_000} 秒内没有连上。请检查主机、端口和防火墙。`));
      }, timeoutMs);
      socket.once('error', onError);
      socket.once('connect', () => end(() => done(socket)));
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  };
}
