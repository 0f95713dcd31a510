import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';

/** Hosts remembered; the one seen first is forgotten first. */
const maxHosts = 5_000;

export interface Certificates {
  /** A connector that opens connections as undici's own does, and notes when the certificate shown runs out. */
  noting(options: buildConnector.BuildOptions): buildConnector.connector;
  /** Null for a host that showed none. */
  expiryOf(url: URL): Date | null;
}

/** Remembers until when the certificates of hosts are valid, from the connections made anyway. */
export function createCertificates(): Certificates {
  const expiries = new Map<string, Date>();
  return {
    noting: (options) => {
      const connect = buildConnector(options);
      return (target, callback) =>
        connect(target, (...result) => {
          const [, socket] = result;
          if (socket instanceof TLSSocket) note(target.hostname, socket);
          callback(...result);
        });
    },
    expiryOf: (url) => (url.protocol === 'https:' ? (expiries.get(url.hostname) ?? null) : null),
  };

  function note(hostname: string, socket: TLSSocket): void {
    const until = new Date(socket.getPeerCertificate().valid_to);
    if (Number.isNaN(until.getTime())) return;
    expiries.delete(hostname);
    expiries.set(hostname, until);
    if (expiries.size > maxHosts) expiries.delete(expiries.keys().next().value ?? hostname);
  }
}
