import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A push server or a gateway on loopback that behaves as documented. */
export interface PushReceiver {
  origin: string;
  /** What was taken, as it came. */
  received: { url: URL; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

interface Request {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

interface Answer {
  status: number;
  body: string;
}

const json = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) });

/** ntfy (https://docs.ntfy.sh/publish/#publish-as-json and its server's error table), one topic behind one token. */
export function startNtfy({ topic, token, limit = 60 }: { topic: string; token: string; limit?: number }): Promise<PushReceiver> {
  let taken = 0;
  const refuse = (code: number, error: string) => json(Math.floor(code / 100), { code, http: Math.floor(code / 100), error });
  return startPushReceiver(({ method, url, headers, body }) => {
    if (method !== 'POST' || url.pathname !== '/') return refuse(40401, 'page not found');
    if (headers.authorization !== `Bearer ${token}`) return refuse(40101, 'unauthorized');
    const message = parsed(body);
    if (message === null) return refuse(40017, 'invalid request: request body must be message JSON');
    if (message.topic !== topic) return refuse(40301, 'forbidden');
    if (![1, 2, 3, 4, 5].includes(Number(message.priority))) return refuse(40007, 'invalid priority parameter');
    // A longer message becomes an attachment, which this server does not allow.
    if (Buffer.byteLength(String(message.message)) > 4_096) return refuse(40014, 'invalid request: attachments not allowed');
    taken += 1;
    if (taken > limit) return refuse(42901, 'limit reached: too many requests, please be nice');
    return json(200, { id: `m${taken}`, time: 1, expires: 2, event: 'message', ...message });
  });
}

/** Bark (the server's route_push.go): one device; Apple refuses payloads over 4 KB. */
export function startBark({ key, apple }: { key: string; apple?: () => string | null }): Promise<PushReceiver> {
  const answer = (code: number, message: string) => json(code, { code, message, timestamp: 1 });
  return startPushReceiver(({ method, url, body }) => {
    if (method !== 'POST' || url.pathname !== '/push') return answer(404, 'Cannot POST');
    const message = parsed(body);
    if (message === null) return answer(400, 'request bind failed: invalid character');
    if (!message.device_key) return answer(400, 'device key is empty');
    if (message.device_key !== key) return answer(400, 'failed to get device token: failed to get [x] device token from database');
    const payload = { aps: { alert: { title: message.title, body: message.body }, 'mutable-content': 1, category: 'c' }, ...message };
    const { device_key: _, title: __, body: ___, ...rest } = payload as Record<string, unknown>;
    const reason = Buffer.byteLength(JSON.stringify(rest)) > 4_096 ? 'PayloadTooLarge' : (apple?.() ?? null);
    return reason === null ? answer(200, 'success') : answer(500, `push failed: ${reason}`);
  });
}

/** A text-message gateway of the usual sort: a key in a header, a form or JSON, and its verdict in a 200. */
export function startSmsGateway({ secret, busy = 0 }: { secret: string; busy?: number }): Promise<PushReceiver> {
  let left = busy;
  return startPushReceiver(({ method, url, headers, body }) => {
    if (headers.authorization !== `Bearer ${secret}`)
      return json(200, { code: 'SignatureDoesNotMatch', message: `bad key ${headers.authorization}` });
    if (left-- > 0) return json(503, { code: 'Busy' });
    const fields =
      method === 'GET'
        ? Object.fromEntries(url.searchParams)
        : /json/u.test(headers['content-type'] ?? '')
          ? parsed(body)
          : Object.fromEntries(new URLSearchParams(body));
    if (!fields || !/^1\d{10}(?:,1\d{10})*$/u.test(String(fields.phones)))
      return json(200, { code: 'InvalidMobile', message: '号码不合法' });
    if (String(fields.content).length > 67 * 3) return json(200, { code: 'ContentTooLong', message: '内容过长' });
    return json(200, { code: 'OK', message: '发送成功' });
  });
}

async function startPushReceiver(answerTo: (request: Request) => Answer): Promise<PushReceiver> {
  const received: PushReceiver['received'] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const url = new URL(request.url ?? '/', 'http://push');
    const answer = answerTo({ method: request.method ?? '', url, headers: request.headers, body });
    if (answer.status === 200) received.push({ url, headers: request.headers, body });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parsed(body: string): Record<string, unknown> | null {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return null;
  }
}
