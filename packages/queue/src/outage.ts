import type { Logger } from '@guanlan/runtime';

/** One outage is one line in the log, however many commands fail in it; its end is another. */
export interface Outage {
  down(error: unknown): void;
  up(): void;
}

export function createOutage(logger: Logger, backend: string): Outage {
  let since: number | undefined;
  let settling: NodeJS.Timeout | undefined;
  return {
    down(error) {
      clearTimeout(settling);
      settling = undefined;
      if (since !== undefined) return;
      since = performance.now();
      logger.error({ backend, err: error }, 'queue server lost; retrying until it is back');
    },
    up() {
      if (since === undefined || settling !== undefined) return;
      const ms = Math.round(performance.now() - since);
      settling = setTimeout(() => {
        since = undefined;
        settling = undefined;
        logger.info({ backend, ms }, 'queue server is back');
      }, settleMs).unref();
    },
  };
}

/** A server that shuts down still answers on some connections after it dropped others: that is not a return. */
const settleMs = 500;

/** True when the server could not be reached or went away: the same call may succeed later. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  return (typeof code === 'string' && (lostCodes.has(code) || code.startsWith('08'))) || lostText.test(error.message);
}

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT', // the Unix socket of a server that is down
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too many connections
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now: starting up or shutting down
]);

/** pg and ioredis give these no code. */
const lostText =
  /connection terminated|connection is closed|connection error and is not queryable|timeout exceeded when trying to connect|query read timeout|timeout expired|command timed out|stream isn't writeable|max retries per request|^LOADING /i;
