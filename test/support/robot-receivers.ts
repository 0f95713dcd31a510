import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A robot on loopback that behaves as its maker documents: what is wrong is told by a code in a 200. */
export interface Robot {
  /** As copied from its settings page. */
  url: string;
  /** Messages that reached the group. */
  received: Record<string, unknown>[];
  /** Every request, accepted or not. */
  requests(): number;
  /** Answers this once, whatever comes. */
  answerOnce(status: number, body: string): void;
  /** Refuses connections until it is up again, at the same address. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

export interface RobotOptions {
  clock: { now(): Date };
  /** Guarded by a signature. */
  secret?: string;
  /** Guarded by a keyword that every message must contain. */
  keyword?: string;
  /** Guarded by a list of addresses that loopback is not on. */
  whitelist?: boolean;
}

interface Request {
  url: URL;
  raw: string;
  body: Record<string, unknown>;
}

type Verdict = { accepted: true; answer: object } | { accepted: false; answer: object };

const hourMs = 3_600_000;
const sign = (key: string, data: string) => createHmac('sha256', key).update(data).digest('base64');

/** https://open.dingtalk.com/document/robots/custom-robot-access and …/customize-robot-security-settings. */
export function startDingtalk({ clock, secret, keyword, whitelist }: RobotOptions): Promise<Robot> {
  const quota = quotaOf(clock, [{ limit: 20, windowMs: 60_000 }], 600_000);
  const refuse = (errcode: number, errmsg: string): Verdict => ({ accepted: false, answer: { errcode, errmsg } });
  return startRobot('/robot/send?access_token=dingtalk-token-of-the-tests', ({ url, raw, body }) => {
    if (url.searchParams.get('access_token') !== 'dingtalk-token-of-the-tests') return refuse(300005, 'token is not exist');
    if (whitelist) return refuse(310000, 'ip 127.0.0.1 not in whitelist');
    if (secret !== undefined) {
      const timestamp = url.searchParams.get('timestamp') ?? '';
      if (Math.abs(clock.now().getTime() - Number(timestamp)) > hourMs) return refuse(310000, 'invalid timestamp');
      if (url.searchParams.get('sign') !== sign(secret, `${timestamp}\n${secret}`)) return refuse(310000, 'sign not match');
    }
    if (Buffer.byteLength(raw) > 20_000) return refuse(460101, 'message too long, exceed 20000 bytes');
    const said = contentOf(body, { text: 'content', markdown: 'text' });
    if (said === null) return refuse(400105, 'unsupported msgtype');
    if (keyword !== undefined && !said.includes(keyword)) return refuse(310000, 'keywords not in content');
    if (!quota()) return refuse(130101, 'send too fast, exceed 20 times per minute');
    return { accepted: true, answer: { errcode: 0, errmsg: 'ok' } };
  });
}

/** https://developer.work.weixin.qq.com/document/path/91770 and …/path/90313. */
export function startWecom({ clock }: RobotOptions): Promise<Robot> {
  const quota = quotaOf(clock, [{ limit: 20, windowMs: 60_000 }], 0);
  const refuse = (errcode: number, errmsg: string): Verdict => ({ accepted: false, answer: { errcode, errmsg } });
  return startRobot('/cgi-bin/webhook/send?key=wecom-key-of-the-tests', ({ url, body }) => {
    if (url.searchParams.get('key') !== 'wecom-key-of-the-tests') return refuse(93000, 'invalid webhook url, hint: [1]');
    const said = contentOf(body, { text: 'content', markdown: 'content' });
    if (said === null) return refuse(40008, 'invalid message type');
    if (said === '') return refuse(44004, 'empty content');
    const limit = body.msgtype === 'text' ? 2_048 : 4_096;
    if (Buffer.byteLength(said) > limit) return refuse(40058, `${body.msgtype}.content exceed max length ${limit}`);
    if (!quota()) return refuse(45009, 'api freq out of limit');
    return { accepted: true, answer: { errcode: 0, errmsg: 'ok' } };
  });
}

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. */
export function startFeishu({ clock, secret, keyword, whitelist }: RobotOptions): Promise<Robot> {
  const quota = quotaOf(
    clock,
    [
      { limit: 100, windowMs: 60_000 },
      { limit: 5, windowMs: 1_000 },
    ],
    0,
  );
  const refuse = (code: number, msg: string): Verdict => ({ accepted: false, answer: { code, msg, data: {} } });
  return startRobot('/open-apis/bot/v2/hook/feishu-hook-of-the-tests', ({ url, raw, body }) => {
    if (!url.pathname.endsWith('/feishu-hook-of-the-tests')) return refuse(19001, 'param invalid: incoming webhook access token invalid');
    if (Buffer.byteLength(raw) > 20 * 1_024) return refuse(9499, 'Bad Request');
    if (whitelist) return refuse(19022, 'Ip Not Allowed');
    if (secret !== undefined) {
      const { timestamp, sign: given } = body;
      const fresh = Math.abs(clock.now().getTime() / 1_000 - Number(timestamp)) <= 3_600;
      if (!fresh || given !== sign(`${timestamp}\n${secret}`, '')) {
        return refuse(19021, 'sign match fail or timestamp is not within one hour from current time');
      }
    }
    if (body.msg_type !== 'post') return refuse(19002, 'params error, msg_type need');
    if (keyword !== undefined && !raw.includes(keyword)) return refuse(19024, 'Key Words Not Found');
    if (!quota()) return refuse(9499, 'too many request');
    return { accepted: true, answer: { StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' } };
  });
}

async function startRobot(path: string, judge: (request: Request) => Verdict): Promise<Robot> {
  const received: Record<string, unknown>[] = [];
  let requests = 0;
  let once: { status: number; body: string } | undefined;
  const server: Server = createServer(async (request, response) => {
    requests += 1;
    const raw = await text(request);
    if (once) {
      response.writeHead(once.status).end(once.body);
      once = undefined;
      return;
    }
    const body = bodyOf(request, raw);
    if (body === null) return void response.writeHead(200).end(JSON.stringify({ errcode: 43004, code: 9499, errmsg: 'not json' }));
    const { accepted, answer } = judge({ url: new URL(request.url ?? '/', 'http://robot'), raw, body });
    if (accepted) received.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}${path}`,
    received,
    requests: () => requests,
    answerOnce: (status, body) => {
      once = { status, body };
    },
    down: close,
    up: () => listen(port),
    close,
  };
}

function bodyOf(request: IncomingMessage, raw: string): Record<string, unknown> | null {
  if (request.method !== 'POST' || !/^application\/json\b/u.test(request.headers['content-type'] ?? '')) return null;
  try {
    return JSON.parse(raw) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** What a message of one of these types says; null for any other type. */
function contentOf(body: Record<string, unknown>, types: Record<string, string>): string | null {
  const type = String(body.msgtype);
  const field = Object.hasOwn(types, type) ? types[type] : undefined;
  if (field === undefined) return null;
  return String((body[type] as Record<string, unknown> | undefined)?.[field] ?? '');
}

/** Whether one more may pass now. Who sends more than any of the limits is shut out for `penaltyMs` from then on. */
function quotaOf(clock: { now(): Date }, limits: readonly { limit: number; windowMs: number }[], penaltyMs: number): () => boolean {
  const passed: number[] = [];
  let shutUntil = 0;
  return () => {
    const now = clock.now().getTime();
    if (now < shutUntil) return false;
    const within = (windowMs: number) => passed.filter((at) => at > now - windowMs).length;
    if (limits.some(({ limit, windowMs }) => within(windowMs) >= limit)) {
      shutUntil = now + penaltyMs;
      return false;
    }
    passed.push(now);
    return true;
  };
}
