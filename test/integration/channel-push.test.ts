import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutbound, longMessage, messageOf, type Outbound } from '../support/outbound.ts';
import { type PushReceiver, startBark, startNtfy, startSmsGateway } from '../support/push-receivers.ts';
import { startPushService } from '../support/push-service.ts';

let out: Outbound;
let receivers: { close(): Promise<void> }[];
beforeEach(async () => {
  out = await createOutbound();
  receivers = [];
});
afterEach(async () => {
  await out.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

async function use<Receiver extends { close(): Promise<void> }>(starting: Promise<Receiver>): Promise<Receiver> {
  const receiver = await starting;
  receivers.push(receiver);
  return receiver;
}

const bodyOf = (receiver: PushReceiver, n = 0) => JSON.parse(receiver.received[n]?.body ?? 'null') as Record<string, unknown>;

describe('ntfy', () => {
  const options = { topic: 'guanlan-7f3a', token: 'tk_right' };

  test('a message arrives with its urgency and a link; a long one is cut', async () => {
    const server = await use(startNtfy(options));
    expect(await out.send('ntfy', { server: server.origin, ...options }, { level: 'I', drill: true })).toMatchObject({ ok: true });
    expect(bodyOf(server)).toMatchObject({
      title: '【演练】【建议I级】某小区物业停水三日，居民多次反映',
      priority: 5,
      click: 'https://guanlan.example/alerts/7',
    });
    expect(await out.send('ntfy', { server: server.origin, ...options }, longMessage())).toMatchObject({ ok: true });
    expect(bodyOf(server, 1).message).toContain('内容过长，其余请在观澜查看：https://guanlan.example/alerts/7');
  });

  test('a wrong token, a foreign topic and a wrong address end it in words; too many wait', async () => {
    const server = await use(startNtfy({ ...options, limit: 1 }));
    const said = async (over: Record<string, unknown>) => out.send('ntfy', { server: server.origin, ...options, ...over });
    expect(await said({ token: 'tk_wrong' })).toMatchObject({ ok: false, retryable: false, response: expect.stringContaining('令牌不对') });
    expect(await said({ topic: 'another' })).toMatchObject({
      ok: false,
      retryable: false,
      response: expect.stringContaining('没有向这个主题'),
    });
    expect(await said({ server: `${server.origin}/sub` })).toMatchObject({ ok: false, retryable: false });
    expect(await said({})).toMatchObject({ ok: true });
    expect(await said({})).toMatchObject({ ok: false, retryable: true, retryAfterSeconds: 60 });
  });
});

describe('Bark', () => {
  test('a message arrives with its urgency, and the same key replaces the same notification', async () => {
    const server = await use(startBark({ key: 'device-key' }));
    const options = { server: server.origin, key: 'device-key' };
    expect(await out.send('bark', options, { level: 'I' })).toMatchObject({ ok: true });
    expect(bodyOf(server)).toMatchObject({ id: messageOf().idempotencyKey, level: 'critical', url: 'https://guanlan.example/alerts/7' });
    expect(await out.send('bark', options, longMessage({ level: 'IV' }))).toMatchObject({ ok: true });
    expect(bodyOf(server, 1)).toMatchObject({ level: 'active', body: expect.stringContaining('内容过长') });
  });

  test('an unknown key and a phone that is gone end it; Apple being busy does not', async () => {
    let reason: string | null = null;
    const server = await use(startBark({ key: 'device-key', apple: () => reason }));
    const unknown = await out.send('bark', { server: server.origin, key: 'old-device-key' });
    expect(unknown).toMatchObject({ ok: false, retryable: false, response: expect.stringContaining('设备密钥不存在') });
    const options = { server: `${server.origin}/`, key: 'device-key' };
    for (const [said, retryable] of [
      ['APNS push failed: Unregistered', false],
      ['APNS push failed: BadDeviceToken', false],
      ['APNS push failed: TooManyRequests', true],
      ['APNS push failed: ServiceUnavailable', true],
    ] as const) {
      reason = said;
      expect(await out.send('bark', options), said).toMatchObject({ ok: false, status: 500, retryable });
    }
  });
});

describe('SMS through a gateway', () => {
  const base = {
    phones: '13800000000，13900000000',
    secret: 'gateway-key',
    headers: 'Authorization: Bearer {secret}',
    success: '"code":"OK"',
  };

  test.each([
    ['json', { url: '{origin}/send' }],
    ['form', { url: '{origin}/send', contentType: 'form', body: 'phones={phones}&content={text}' }],
    ['a GET', { url: '{origin}/send?phones={phones}&content={text}', method: 'GET' }],
  ])('by %s, whatever the text contains', async (_how, template) => {
    const gateway = await use(startSmsGateway({ secret: 'gateway-key' }));
    const options = { ...base, ...template, url: template.url.replace('{origin}', gateway.origin) };
    const title = '停水"三日"&phones=1 100% {secret}\\n';
    expect(await out.send('sms', options, { title, level: 'IV', link: null })).toMatchObject({ ok: true });
    const { url, headers, body } = gateway.received[0] ?? {};
    const fields =
      template.url.includes('?') || !headers?.['content-type']?.includes('json')
        ? Object.fromEntries(template.url.includes('?') ? (url?.searchParams ?? []) : new URLSearchParams(body))
        : (JSON.parse(body ?? '{}') as Record<string, string>);
    expect(fields.phones).toBe('13800000000,13900000000');
    expect(fields.content?.startsWith(`【建议IV级】${title}`)).toBe(true);
  });

  test.each([
    [1, 70],
    [2, 134],
    [3, 201],
  ])('in at most %i segments, %i characters, the address whole', async (segments, characters) => {
    const gateway = await use(startSmsGateway({ secret: 'gateway-key' }));
    const options = { ...base, url: `${gateway.origin}/send`, segments, sign: '【某县网信】' };
    expect(await out.send('sms', options, longMessage({ level: 'I', drill: true }))).toMatchObject({ ok: true });
    const { content } = JSON.parse(gateway.received[0]?.body ?? '{}') as { content: string };
    expect(content.length).toBeLessThanOrEqual(characters);
    expect(content.startsWith('【某县网信】【演练】【建议I级】')).toBe(true);
    if (segments > 1) expect(content.endsWith(' https://guanlan.example/alerts/7')).toBe(true);
  });

  test('a refusal in a 200 ends it, without the key; a busy gateway is tried again', async () => {
    const gateway = await use(startSmsGateway({ secret: 'gateway-key', busy: 1 }));
    const options = { ...base, url: `${gateway.origin}/send` };
    const refused = await out.send('sms', { ...options, secret: 'stale-gateway-key' });
    expect(refused).toMatchObject({ ok: false, status: 200, retryable: false, response: expect.stringContaining('SignatureDoesNotMatch') });
    expect(refused.response).not.toContain('stale-gateway-key');
    expect(await out.send('sms', options)).toMatchObject({ ok: false, status: 503, retryable: true });
    expect(await out.send('sms', options)).toMatchObject({ ok: true });
  });

  test('a template that names what nobody fills, or a header that is none, is refused when it is set up', async () => {
    const fine = { ...base, url: 'https://sms.example/send' };
    expect((await out.send('sms', { ...fine, body: '{"to":"{people}"}' })).response).toContain('模板中只能用');
    expect((await out.send('sms', { ...fine, headers: 'Authorization' })).response).toContain('请求头每行一个');
    expect((await out.send('sms', { ...fine, phones: '张三' })).response).toContain('请填写手机号');
  });
});

describe('a browser', () => {
  test('gets what only it can read, signed, however long the message was', async () => {
    const service = await use(startPushService(out.pushKey.publicKey));
    expect(await out.send('browser', service.subscription, { level: 'I', drill: true })).toMatchObject({ ok: true, status: 201 });
    expect(service.received[0]).toMatchObject({
      title: '【演练】【建议I级】某小区物业停水三日，居民多次反映',
      path: '/alerts/7',
      urgent: true,
    });
    expect(service.headers[0]).toMatchObject({ urgency: 'high', ttl: '86400' });
    expect(await out.send('browser', service.subscription, longMessage())).toMatchObject({ ok: true });
    expect(service.received[1]?.body).toContain('内容过长');
    expect(service.headers[1]?.topic).toBe(service.headers[0]?.topic);
  });

  test('that is gone, or was subscribed with another key, ends it in words', async () => {
    const other = await use(startPushService('BNotThisInstallation'));
    const foreign = await out.send('browser', other.subscription);
    expect(foreign).toMatchObject({ ok: false, status: 403, retryable: false, response: expect.stringContaining('重新开启') });
    const service = await use(startPushService(out.pushKey.publicKey));
    service.unsubscribe();
    const gone = await out.send('browser', service.subscription);
    expect(gone).toMatchObject({ ok: false, status: 410, retryable: false, response: expect.stringContaining('已关闭接收') });
  });
});
