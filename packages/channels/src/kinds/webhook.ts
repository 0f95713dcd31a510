import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { defineChannel } from '../define.ts';
import { sendOverHttp } from '../http-result.ts';
import { secretText, webAddress } from '../option-fields.ts';

/**
 * A signed POST of the message as JSON (`AlertMessage` in packages/domain/src/notification.ts).
 *
 * | header | holds |
 * |---|---|
 * | `Idempotency-Key` | the same on every attempt of one notification: a receiver drops what it has seen |
 * | `X-Guanlan-Timestamp` | seconds since 1970 when this attempt was made |
 * | `X-Guanlan-Signature` | `sha256=` + lower-case hex of HMAC-SHA256(secret, timestamp + `.` + body) |
 *
 * To verify: take the raw bytes of the body, compute the signature over `timestamp.body` with the shared secret, compare
 * in constant time, and refuse a timestamp more than five minutes away. {@link verifyWebhook} does just that.
 *
 * Answer 2xx once the message is safe with you. 408, 425, 429 and 5xx are tried again (Retry-After is honoured), any
 * other status is taken as a refusal.
 */
export default defineChannel({
  kind: 'webhook',
  title: '网络回调（Webhook）',
  guide: '由接收系统提供网址；签名密钥由双方约定，接收方据此验证消息确实来自观澜',
  options: z.strictObject({
    url: webAddress('接收网址'),
    secret: secretText('签名密钥', '双方约定的任意一串字符'),
  }),

  render: (message) => JSON.stringify(message),

  send(options, body, { fetch, signal, now, idempotencyKey }) {
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    return sendOverHttp(fetch, options.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Idempotency-Key': idempotencyKey,
        'X-Guanlan-Timestamp': timestamp,
        'X-Guanlan-Signature': signWebhook(options.secret, timestamp, body),
      },
      body,
      signal,
    });
  },
});

/** `sha256=<hex>` over `timestamp.body`. */
export function signWebhook(secret: string, timestamp: string, body: string | Uint8Array): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

/** For a receiver: whether the body came from whoever holds the secret, within `toleranceSeconds` (300) of `now`. */
export function verifyWebhook(
  secret: string,
  received: { body: string | Uint8Array; timestamp: string | undefined; signature: string | undefined },
  now: Date,
  toleranceSeconds = 300,
): boolean {
  const { body, timestamp, signature } = received;
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/u.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = Buffer.from(signWebhook(secret, timestamp, body));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
