import { toGuanlanError } from '@guanlan/domain';
import { type ChannelAnswer, type ChannelFetch, type ChannelRequest, failed, responseLimit, type SendResult } from './define.ts';

/**
 * One request as a result: 2xx is delivered; 408, 425, 429 and 5xx may succeed later (RFC 9110 §15.5.9, §15.6, RFC 8470 §5.2,
 * RFC 6585 §4), as may a network fault; any other status will not. Throws only the signal's reason.
 */
export async function sendOverHttp(fetch: ChannelFetch, url: string, request: ChannelRequest): Promise<SendResult> {
  let answer: ChannelAnswer;
  try {
    answer = await fetch(url, request);
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    const fault = toGuanlanError(error);
    return failed(`${fault.code}：${fault.message}`, fault.retryable);
  }
  return {
    ok: answer.status >= 200 && answer.status < 300,
    status: answer.status,
    response: answer.body.slice(0, responseLimit).toWellFormed(),
    retryable: answer.status >= 500 || laterStatuses.has(answer.status),
    ...(answer.retryAfterSeconds === null ? {} : { retryAfterSeconds: answer.retryAfterSeconds }),
  };
}

const laterStatuses = new Set([408, 425, 429]);
