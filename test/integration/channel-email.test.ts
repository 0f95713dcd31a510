import { loadChannels } from '@guanlan/channels';
import { createHttpClient, createLogger } from '@guanlan/runtime';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutbound, longMessage, messageOf, type Outbound } from '../support/outbound.ts';
import { type SmtpReceiver, type SmtpReceiverOptions, startScriptedSmtp, startSmtpReceiver } from '../support/smtp-receiver.ts';

/** Mail through real SMTP servers that take it, put it off, refuse it, break off and stall. */
let out: Outbound;
let closers: (() => Promise<unknown>)[];
beforeEach(async () => {
  out = await createOutbound();
  closers = [() => out.close()];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
});

async function receiverOf(options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const receiver = await startSmtpReceiver(options);
  closers.push(() => receiver.close());
  return receiver;
}

const plainly = (port: number) => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  from: 'guanlan@county.example',
  to: 'duty@county.example，leader@county.example',
});

test('a mail arrives in text and HTML, marked as sent by a machine, with the key in its Message-ID', async () => {
  const receiver = await receiverOf();
  const message = messageOf({ level: 'I', drill: true, title: '<b>停水</b>三日' });
  expect(await out.send('email', plainly(receiver.port), message)).toMatchObject({ ok: true, response: expect.stringContaining('250') });
  const { mail, to } = receiver.mails[0] ?? {};
  expect(to).toEqual(['duty@county.example', 'leader@county.example']);
  expect(mail?.subject).toBe('【演练】【建议I级】<b>停水</b>三日');
  expect(mail?.text).toContain('https://guanlan.example/alerts/7');
  expect(mail?.html).toContain('&#60;b&#62;停水');
  expect(mail?.html).not.toContain('<b>停水');
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.date).toEqual(out.clock.now());
  await out.send('email', plainly(receiver.port), message);
  expect(receiver.mails[1]?.mail.messageId).toBe(mail?.messageId);
  await out.send('email', plainly(receiver.port), { ...message, idempotencyKey: 'another' });
  expect(receiver.mails[2]?.mail.messageId).not.toBe(mail?.messageId);
});

test('nothing is cut from a long one', async () => {
  const receiver = await receiverOf();
  expect(await out.send('email', plainly(receiver.port), longMessage())).toMatchObject({ ok: true });
  expect(receiver.mails[0]?.mail.text).toContain('第 399 条');
  expect(receiver.mails[0]?.mail.html).toContain('第 399 条');
});

describe('what the server answers', () => {
  test('451, a greylist: tried again in a minute, and then taken', async () => {
    const receiver = await receiverOf({
      recipient: (_address, attempt) => (attempt === 1 ? { code: 451, text: '4.7.1 Greylisted, please try again later' } : null),
    });
    const first = await out.send('email', plainly(receiver.port));
    expect(first).toMatchObject({ ok: false, retryable: true, retryAfterSeconds: 60 });
    expect(first.response).toContain('Greylisted');
    expect(await out.send('email', plainly(receiver.port))).toMatchObject({ ok: true });
    expect(receiver.mails).toHaveLength(1);
  });

  test('550: refused for good, and nobody’s address in the ledger', async () => {
    const receiver = await receiverOf({ recipient: (address) => ({ code: 550, text: `5.1.1 <${address}> user unknown` }) });
    const result = await out.send('email', plainly(receiver.port));
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(result.response).toContain('邮件服务器拒收');
    expect(result.response).toContain('user unknown');
    expect(result.response).not.toContain('duty@county.example');
  });

  test('550 for one of two: the other has it, and the ledger says so', async () => {
    const receiver = await receiverOf({
      recipient: (address) => (address.startsWith('leader') ? { code: 550, text: 'user unknown' } : null),
    });
    const result = await out.send('email', plainly(receiver.port));
    expect(result).toMatchObject({ ok: true });
    expect(result.response).toContain('2 个收件人中有 1 个没有收下');
    expect(receiver.mails[0]?.to).toEqual(['duty@county.example']);
  });

  test('451 for one of two: tried again, because nobody may be left out', async () => {
    const receiver = await receiverOf({
      recipient: (address, attempt) => (address.startsWith('leader') && attempt === 1 ? { code: 451, text: 'later' } : null),
    });
    expect(await out.send('email', plainly(receiver.port))).toMatchObject({ ok: false, retryable: true });
    expect(await out.send('email', plainly(receiver.port))).toMatchObject({ ok: true });
    expect(receiver.mails.map(({ mail }) => mail.messageId)).toEqual([
      receiver.mails[0]?.mail.messageId,
      receiver.mails[0]?.mail.messageId,
    ]);
  });

  test('a wrong password is told in words, and never repeated', async () => {
    const receiver = await receiverOf({ login: { user: 'guanlan', password: 'right-password' } });
    const wrong = await out.send('email', { ...plainly(receiver.port), user: 'guanlan', password: 'wrong-password' });
    expect(wrong).toMatchObject({ ok: false, retryable: false });
    expect(wrong.response).toContain('授权码');
    expect(wrong.response).not.toContain('wrong-password');
    expect(await out.send('email', { ...plainly(receiver.port), user: 'guanlan', password: 'right-password' })).toMatchObject({ ok: true });
  });

  test('421 at the door is retryable, 554 is not', async () => {
    for (const [line, retryable] of [
      ['421 4.3.2 too busy', true],
      ['554 5.7.1 you are not welcome', false],
    ] as const) {
      const server = await startScriptedSmtp([line]);
      closers.push(() => server.close());
      expect(await out.send('email', plainly(server.port)), line).toMatchObject({ ok: false, retryable });
    }
  });
});

describe('TLS', () => {
  const certificate = () =>
    generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
      ],
    });

  test.each([
    ['tls', true],
    ['starttls', false],
  ] as const)('%s with the office’s own certificate, when it is given', async (security, secure) => {
    const { private: key, cert } = await certificate();
    const receiver = await receiverOf({ tls: { key, cert }, secure });
    const options = { ...plainly(receiver.port), host: 'localhost', security };
    const untrusted = await out.send('email', options);
    expect(untrusted).toMatchObject({ ok: false, retryable: true });
    expect(untrusted.response).toContain('加密连接失败');
    expect(await out.send('email', { ...options, ca: cert })).toMatchObject({ ok: true });
    expect(receiver.mails).toHaveLength(1);
  });

  test('a server without STARTTLS gets nothing in the clear', async () => {
    const receiver = await receiverOf();
    expect(await out.send('email', { ...plainly(receiver.port), security: 'starttls' })).toMatchObject({ ok: false });
    expect(receiver.mails).toEqual([]);
  });

  test('a server that breaks the handshake is tried again', async () => {
    const server = await startScriptedSmtp([
      '220 mail.example ESMTP',
      '250-mail.example\r\n250 STARTTLS',
      '220 go ahead',
      'this is not TLS',
    ]);
    closers.push(() => server.close());
    const result = await out.send('email', { ...plainly(server.port), host: 'localhost', security: 'starttls' });
    expect(result).toMatchObject({ ok: false, retryable: true });
    expect(result.response).toContain('加密连接失败');
  });
});

describe('the way there', () => {
  test('an address inside the network is not connected to without permission', async () => {
    const receiver = await receiverOf();
    for (const host of ['127.0.0.1', 'localhost']) {
      const result = await out.send('email', { ...plainly(receiver.port), host }, {}, false);
      expect(result).toMatchObject({ ok: false, retryable: false });
      expect(result.response).toContain('内网');
    }
    expect(receiver.connections()).toBe(0);
  });

  test('nobody listening is retryable', async () => {
    const result = await out.send('email', plainly(1));
    expect(result).toMatchObject({ ok: false, retryable: true, response: expect.stringContaining('无法连接') });
  });

  test.each([
    ['before it says a word', []],
    ['after the greeting', ['220 mail.example ESMTP']],
    ['at the end of the data', ['220 mail.example', '250 mail.example', '250 ok', '250 ok', '250 ok', '354 go on']],
  ])('a server that stalls %s is left, and the sender’s own end is thrown', async (_when, lines) => {
    const server = await startScriptedSmtp(lines);
    closers.push(() => server.close());
    const http = createHttpClient({ userAgent: 'Guanlan-test' });
    closers.push(() => http.close());
    const email = (await loadChannels()).get('email');
    const deliver = (timeoutMs: number, signal: AbortSignal) =>
      email?.deliver(plainly(server.port), messageOf(), {
        fetch: () => Promise.reject(new Error('mail does not speak HTTP')),
        connect: (target) => http.connect({ ...target, allowPrivate: true }),
        pushKey: async () => out.pushKey,
        timeoutMs,
        signal,
        now: out.clock.now(),
        idempotencyKey: 'stall',
        logger: createLogger({ level: 'silent' }),
      });
    expect(await deliver(200, new AbortController().signal)).toMatchObject({
      ok: false,
      retryable: true,
      response: expect.stringContaining('0.2 秒内没有收下'),
    });
    await expect(deliver(60_000, AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
