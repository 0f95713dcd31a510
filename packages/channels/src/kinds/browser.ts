import { createHash } from 'node:crypto';
import webPush from 'web-push';
import { z } from 'zod';
import { bytesOf, defineChannel, failed, type PushKey } from '../define.ts';
import { textOf } from '../fit.ts';
import { type Judge, mayPass, sendOverHttp } from '../http-result.ts';
import { wordingOf } from '../wording.ts';

/** A push service takes 4,096 bytes encrypted (RFC 8030 §7.2), which leaves 3,993 (RFC 8291 §4). */
const maxBytes = 3_993;
/** How long the push service keeps it for a browser that is not running: a day. */
const keptSeconds = 86_400;

/**
 * Web Push to one browser that somebody has turned it on in (RFC 8030; encrypted by RFC 8291, so that the push service cannot read
 * it; signed by RFC 8292). The options are the browser's subscription; the console makes them.
 */
export default defineChannel({
  kind: 'browser',
  title: '浏览器推送',
  guide: '不需要密钥：在要接收的浏览器中打开控制台的“通知渠道”页，点“在此浏览器接收”（须以 https 或本机地址打开）',
  options: z.strictObject({
    endpoint: z
      .url({ protocol: /^https?$/u, error: '应为浏览器给出的推送地址' })
      .max(2_000, '网址过长')
      .meta({ title: '推送地址', secret: true }),
    p256dh: key(65).meta({ title: '浏览器公钥', secret: true }),
    auth: key(16).meta({ title: '浏览器密钥', secret: true }),
  }),
  maxBytes,

  render: (message) => {
    const wording = wordingOf(message);
    const body = (text: string) => ({
      title: wording.head,
      body: text,
      // Of the console that the subscription was made in, whatever its address is.
      path: message.alertId > 0 ? `/alerts/${message.alertId}` : '/alerts',
      tag: message.idempotencyKey,
      urgent: message.level === 'I' || message.level === 'II',
    });
    const text = (whole: string) => whole.slice(wording.head.length + 1);
    return body(text(textOf(wording, (whole) => bytesOf(body(text(whole))) <= maxBytes)));
  },

  async send({ endpoint, p256dh, auth }, body, { fetch, pushKey, signal, idempotencyKey }) {
    let request: webPush.RequestDetails;
    try {
      request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(body), {
        vapidDetails: { subject: 'mailto:guanlan@guanlan.invalid', ...(await pushKey()) },
        contentEncoding: 'aes128gcm',
        TTL: keptSeconds,
        urgency: body.urgent ? 'high' : 'normal',
        // A repeat replaces what still waits there.
        topic: createHash('sha256').update(idempotencyKey).digest('base64url').slice(0, 32),
      });
    } catch (error) {
      return failed(`订阅的密钥不可用，请在该浏览器中重新开启：${(error as Error).message}`, false);
    }
    const { 'Content-Length': _, ...headers } = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    return sendOverHttp(fetch, endpoint, { method: 'POST', headers, body: request.body ?? '', signal }, judge);
  },
});

/** A key pair for an installation that has none yet. */
export function newPushKey(): PushKey {
  return webPush.generateVAPIDKeys();
}

const words: Record<number, string> = {
  401: '推送服务不认本机的签名，请在该浏览器中重新开启接收',
  403: '推送服务不认本机的签名，请在该浏览器中重新开启接收',
  404: '这个浏览器的订阅已失效，请在该浏览器中重新开启接收',
  410: '这个浏览器已关闭接收或订阅已过期，请在该浏览器中重新开启接收',
  413: '消息超过推送服务的长度上限',
  429: '发送过于频繁，被推送服务限流',
};

const judge: Judge = ({ status, body }) => {
  const meaning = words[status];
  if (meaning === undefined) return null;
  const later = status === 429 ? { retryAfterSeconds: 60 } : {};
  return { ok: false, response: `${meaning}（${body.trim()}）`, retryable: mayPass(status), ...later };
};

/** So many bytes in base64url. */
function key(bytes: number) {
  return z
    .string('应为浏览器给出的密钥')
    .refine((value) => /^[-_A-Za-z0-9]+=*$/u.test(value) && Buffer.from(value, 'base64url').length === bytes, '应为浏览器给出的密钥');
}
