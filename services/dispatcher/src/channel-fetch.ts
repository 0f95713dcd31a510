import type { ChannelAnswer, ChannelFetch } from '@guanlan/channels';
import { GuanlanError } from '@guanlan/domain';

/** The part of the guarded HTTP client that channels are sent through. */
export interface OutboundHttp {
  fetch(
    url: string,
    options: {
      method: 'GET' | 'POST' | 'PUT';
      headers: Record<string, string>;
      body?: string;
      allowPrivate: boolean;
      timeoutMs: number;
      maxBytes: number;
      polite: boolean;
      signal: AbortSignal;
    },
  ): Promise<{ status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array>; cancel(): void }>;
}

/** Longest a receiver may take to answer. */
export const sendTimeoutMs = 10_000;

/** More of an answer than this is not read. */
const answerBytes = 4_096;

/** The guarded client as channels see it: a refusal is an answer too, and only the beginning of a body is read. */
export function channelFetch(http: OutboundHttp, options: { allowPrivate: boolean }): ChannelFetch {
  return async (url, request) => {
    try {
      const response = await http.fetch(url, {
        ...request,
        allowPrivate: options.allowPrivate,
        timeoutMs: sendTimeoutMs,
        // The bound is on what is read, below; an answer that is larger still says that the message has arrived.
        maxBytes: Number.MAX_SAFE_INTEGER,
        polite: false,
      });
      return { status: response.status, body: await beginning(response), retryAfterSeconds: null };
    } catch (error) {
      const answer = refusal(error);
      if (answer) return answer;
      throw error;
    }
  };
}

function refusal(error: unknown): ChannelAnswer | null {
  if (!(error instanceof GuanlanError)) return null;
  const { status, retryAfterSeconds } = error.details;
  if (typeof status !== 'number') return null;
  return { status, body: '', retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null };
}

/** A body that breaks off does not undo the status that came before it. */
async function beginning(response: { body: AsyncIterable<Uint8Array>; cancel(): void }): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body) {
      parts.push(part);
      size += part.length;
      if (size >= answerBytes) break;
    }
  } catch {
    response.cancel();
  }
  return Buffer.concat(parts).subarray(0, answerBytes).toString('utf8');
}
