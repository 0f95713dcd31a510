import type { IncomingMessage, ServerResponse } from 'node:http';
import { verifyWebhook } from '@guanlan/channels';
import { type AlertMessage, levelInfo, levelMark } from '@guanlan/domain';
import type { Clock } from '@guanlan/runtime';

/** An alert as the receiver took it. */
export interface ReceivedAlert {
  at: Date;
  message: AlertMessage;
}

export interface Receiver {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Newest first; the last 200. */
  alerts(): readonly ReceivedAlert[];
  /** Deliveries: each alert once; the same one again; without a valid signature. */
  counts(): { received: number; repeated: number; refused: number };
}

const maxBytes = 1_048_576;
const remembered = { alerts: 200, keys: 10_000 };

/** A webhook receiver as an office would write one: it checks who sends, drops repeats, and says what came in one line. */
export function createReceiver(options: { secret: string; clock: Clock; onAlert: (line: string) => void }): Receiver {
  const { secret, clock, onAlert } = options;
  const alerts: ReceivedAlert[] = [];
  const keys = new Set<string>();
  const counts = { received: 0, repeated: 0, refused: 0 };

  const take = (body: Buffer, headers: IncomingMessage['headers']): { status: number; answer: Record<string, unknown> } => {
    const timestamp = one(headers['x-guanlan-timestamp']);
    const signature = one(headers['x-guanlan-signature']);
    if (!verifyWebhook(secret, { body, timestamp, signature }, clock.now())) {
      counts.refused += 1;
      return { status: 401, answer: { error: '签名不对，或时间相差超过五分钟' } };
    }
    const key = one(headers['idempotency-key']);
    const message = parse(body);
    if (key === undefined || message === null) {
      counts.refused += 1;
      return { status: 400, answer: { error: '缺少 Idempotency-Key，或内容不是预警' } };
    }
    if (keys.has(key)) {
      counts.repeated += 1;
      return { status: 200, answer: { received: true, repeated: true } };
    }
    keys.add(key);
    if (keys.size > remembered.keys) keys.delete(keys.values().next().value ?? key);
    counts.received += 1;
    alerts.unshift({ at: clock.now(), message });
    alerts.length = Math.min(alerts.length, remembered.alerts);
    onAlert(lineOf(message));
    return { status: 200, answer: { received: true } };
  };

  return {
    handle: async (request, response) => {
      const body = await read(request);
      const { status, answer } =
        body === null ? { status: 413, answer: { error: `内容超过 ${maxBytes} 字节` } } : take(body, request.headers);
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(answer));
    },
    alerts: () => alerts,
    counts: () => ({ ...counts }),
  };
}

function lineOf(message: AlertMessage): string {
  const sign = message.test === true ? '【测试】' : levelMark(message);
  return `${sign}${message.title}（${message.reason}）`;
}

function parse(body: Buffer): AlertMessage | null {
  try {
    const message = JSON.parse(body.toString('utf8')) as AlertMessage | null;
    return typeof message?.title === 'string' && typeof message.reason === 'string' && message.level in levelInfo ? message : null;
  } catch {
    return null;
  }
}

/** Null when it is too long; the rest is then read and dropped, so that the sender hears the answer. */
async function read(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? null : Buffer.concat(chunks);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
