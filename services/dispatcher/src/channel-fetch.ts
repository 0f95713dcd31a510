import type { Socket } from 'node:net';
import type { ChannelConnect, ChannelFetch } from '@guanlan/channels';

/** The part of the guarded HTTP client that channels are sent through. */
export interface OutboundHttp {
  fetch(
    url: string,
    options: {
      method: 'GET' | 'POST' | 'PUT';
      headers: Record<string, string>;
      body?: string | Uint8Array;
      allowPrivate: boolean;
      timeoutMs: number;
      maxBytes: number;
      polite: boolean;
      anyStatus: boolean;
      signal: AbortSignal;
    },
  ): Promise<{ status: number; retryAfterSeconds: number | null; body: AsyncIterable<Uint8Array>; cancel(): void }>;
  connect(options: { hostname: string; port: number; allowPrivate: boolean; timeoutMs: number; signal: AbortSignal }): Promise<Socket>;
}

/** Longest a receiver may take to answer. */
export const sendTimeoutMs = 10_000;

/** More of an answer than this is not read. */
const answerBytes = 4_096;

/** The guarded client as channels see it: a refusal is an answer too, and only the beginning of a body is read. */
export function channelFetch(http: OutboundHttp, options: { allowPrivate: boolean }): ChannelFetch {
  return async (url, request) => {
    const response = await http.fetch(url, {
      ...request,
      allowPrivate: options.allowPrivate,
      timeoutMs: sendTimeoutMs,
      // The bound is on what is read, below; an answer that is larger still says that the message has arrived.
      maxBytes: Number.MAX_SAFE_INTEGER,
      polite: false,
      anyStatus: true,
    });
    return { status: response.status, body: await beginning(response), retryAfterSeconds: response.retryAfterSeconds };
  };
}

/** The same for what does not speak HTTP. */
export function channelConnect(http: OutboundHttp, { allowPrivate }: { allowPrivate: boolean }): ChannelConnect {
  return (target) => http.connect({ ...target, allowPrivate, timeoutMs: sendTimeoutMs });
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
