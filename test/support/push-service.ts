import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface PushService {
  /** As a browser hands it to a page. */
  subscription: { endpoint: string; p256dh: string; auth: string };
  /** Decrypted as the browser would. */
  received: Record<string, unknown>[];
  headers: Record<string, string | string[] | undefined>[];
  /** The browser no longer wants any. */
  unsubscribe(): void;
  close(): Promise<void>;
}

/** A push service (RFC 8030) that knows one browser: it checks the sender's signature (RFC 8292) and decrypts (RFC 8291). */
export async function startPushService(publicKey: string): Promise<PushService> {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const auth = randomBytes(16);
  const received: PushService['received'] = [];
  const headers: PushService['headers'] = [];
  let gone = false;
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const answer = (status: number, text = '') => void response.writeHead(status).end(text);
    if (gone) return answer(410, 'push subscription has unsubscribed or expired.');
    if (!isSignedBy(publicKey, request.headers.authorization ?? '', origin())) return answer(403, 'invalid vapid');
    if (request.headers.ttl === undefined || request.headers['content-encoding'] !== 'aes128gcm') return answer(400, 'missing header');
    if (body.length > 4_096) return answer(413, 'payload too large');
    headers.push(request.headers);
    received.push(JSON.parse(decrypted(body, browser, auth)) as Record<string, unknown>);
    answer(201);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    subscription: {
      endpoint: `${origin()}/wpush/v2/subscription-of-the-tests`,
      p256dh: browser.getPublicKey('base64url'),
      auth: auth.toString('base64url'),
    },
    received,
    headers,
    unsubscribe: () => {
      gone = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function isSignedBy(publicKey: string, authorization: string, audience: string): boolean {
  const match = /^vapid t=([^.]+)\.([^.]+)\.([^,]+), ?k=(.+)$/u.exec(authorization);
  if (!match) return false;
  const [, head = '', claims = '', signature = '', key = ''] = match;
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const verifier = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' } });
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { aud: string; sub: string };
  return (
    key === publicKey &&
    said.aud === audience &&
    said.sub.startsWith('mailto:') &&
    verify('sha256', Buffer.from(`${head}.${claims}`), { key: verifier, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  );
}

/** One record of aes128gcm (RFC 8188 §2) under the keys of RFC 8291 §3.4. */
function decrypted(body: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const idLength = body.readUInt8(20);
  const sender = body.subarray(21, 21 + idLength);
  const sealed = body.subarray(21 + idLength);
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender]);
  const secret = Buffer.from(hkdfSync('sha256', browser.computeSecret(sender), auth, info, 32));
  const derived = (label: string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${label}\0`), length));
  const decipher = createDecipheriv('aes-128-gcm', derived('aes128gcm', 16), derived('nonce', 12));
  decipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  // The last record ends in 0x02 and padding.
  return plain.subarray(0, plain.lastIndexOf(2)).toString('utf8');
}
