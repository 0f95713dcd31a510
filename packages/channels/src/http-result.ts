import { toGuanlanError } from '@guanlan/domain';
import { type ChannelAnswer, type ChannelFetch, type ChannelRequest, failed, type SendResult } from './define.ts';

/** What a receiver's own answer says, where it says more than its status; null where it does not. */
export type Judge = (answer: ChannelAnswer) => Omit<SendResult, 'status'> | null;

/**
 * One request as a result: 2xx is delivered; 408, 425, 429 and 5xx may succeed later (RFC 9110 §15.5.9, §15.6, RFC 8470 §5.2,
 * RFC 6585 §4), as may a network fault; any other status will not. A kind whose receiver writes codes into its answers gives
 * a `judge` that is asked first. Throws only the signal's reason.
 */
export async function sendOverHttp(fetch: ChannelFetch, url: string, request: ChannelRequest, judge?: Judge): Promise<SendResult> {
  let answer: ChannelAnswer;
  try {
    answer = await fetch(url, request);
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    return fault(error);
  }
  const { status, retryAfterSeconds } = answer;
  const asked = retryAfterSeconds === null ? {} : { retryAfterSeconds };
  const judged = judge?.(answer) ?? null;
  if (judged !== null) return { status, ...asked, ...judged };
  return { ok: status >= 200 && status < 300, status, response: answer.body, retryable: mayPass(status), ...asked };
}

/** A fault below the protocol, as a result. */
export function fault(error: unknown): SendResult {
  const { message, retryable } = toGuanlanError(error);
  return failed(message, retryable);
}

/** Whether the same request may succeed later. */
export function mayPass(status: number): boolean {
  return status >= 500 || laterStatuses.has(status);
}

const laterStatuses = new Set([408, 425, 429]);
