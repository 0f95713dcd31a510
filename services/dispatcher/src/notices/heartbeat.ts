import type { Logger } from '@guanlan/runtime';
import { type OutboundHttp, sendTimeoutMs } from '../channel-fetch.ts';

/**
 * The dead man's switch: asks an address outside (a monitoring service, another machine) that is expected to be asked once a minute.
 * Whoever watches there raises the alarm when it is not. A failure is only logged: nobody here could be told of it more surely.
 */
export async function beatHeart(http: OutboundHttp, url: string, logger: Logger): Promise<boolean> {
  try {
    const answer = await http.fetch(url, {
      method: 'GET',
      headers: {},
      allowPrivate: true,
      timeoutMs: sendTimeoutMs,
      maxBytes: Number.MAX_SAFE_INTEGER,
      polite: false,
      anyStatus: false,
      signal: AbortSignal.timeout(2 * sendTimeoutMs),
    });
    answer.cancel();
    return true;
  } catch (err) {
    logger.warn({ err }, 'the outside heartbeat address did not answer');
    return false;
  }
}
