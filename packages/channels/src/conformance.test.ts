import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, connect as openSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bytesOf,
  type Channel,
  type ChannelFetch,
  isSecret,
  loadChannels,
  maskedOptions,
  newPushKey,
  responseLimit,
  type SendContext,
  verifyWebhook,
} from './index.ts';

/**
 * Recorded beside every kind: `{receiver}` in an option stands for the address of the receiver on loopback, `{smtp}` for the port of
 * the mail server there.
 */
interface Fixture {
  options: Record<string, unknown>;
  /** Options the schema must refuse. */
  rejected: Record<string, unknown>;
  /** What the receiver writes when it has taken a message, where its status alone does not say so. */
  answer?: string;
  /** What the shared message renders to. */
  body: unknown;
}

const channels = await loadChannels();
const fixtures = new Map<string, Fixture>();
for (const file of await readdir(new URL('./fixtures/', import.meta.url))) {
  if (file !== 'message.json') fixtures.set(file.slice(0, -'.json'.length), await fixture(file));
}
const pushKey = newPushKey();
const message = await fixture<AlertMessage>('message.json');
const long = '受影响的学生已经送往县医院，市场监督管理局正在现场核查。';
/** More than any receiver takes, in every part that may be long. */
const endless: AlertMessage = {
  ...message,
  level: 'I',
  drill: true,
  title: `${message.title}${'，后续'.repeat(300)}`,
  reason: long.repeat(400),
  places: Array(200).fill('城关镇'),
  evidence: Array(100).fill({ rule: 'r', term: '呕吐', snippet: long }),
  items: message.items.flatMap((item) => Array(300).fill({ ...item, title: `[点此](https://evil.example) <@all> ${long}` })),
};
const now = new Date('2026-11-23T11:00:00+08:00');

/** A real receiver that answers as told and remembers what came. */
const receiver = {
  server: undefined as Server | undefined,
  url: '',
  answer: { status: 200, headers: {} as Record<string, string>, body: '' },
  received: [] as { headers: IncomingHttpHeaders; body: string }[],
};

/** A real mail server that takes everything. */
const mails: string[] = [];
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => void text(stream).then((mail) => done(null, String(mails.push(mail)))),
});

beforeAll(async () => {
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  receiver.server = createServer(async (request, response) => {
    receiver.received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(receiver.answer.status, receiver.answer.headers).end(receiver.answer.body);
  });
  await new Promise<void>((resolve) => receiver.server?.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  receiver.server?.close();
  await new Promise<void>((resolve) => smtp.close(resolve));
});
beforeEach(() => {
  receiver.received = [];
  mails.length = 0;
  receiver.answer = { status: 200, headers: {}, body: '' };
});

test('every kind has a fixture, and every fixture a kind', () => {
  expect([...fixtures.keys()].sort()).toEqual([...channels.keys()].sort());
});

describe.each([...channels.values()].map((channel) => [channel.kind, channel] as const))('channel %s', (kind, channel) => {
  const recorded = fixtures.get(kind) as Fixture;

  test('accepts its own options and refuses wrong ones in words', () => {
    expect(() => channel.parseOptions(optionsOf(recorded))).not.toThrow();
    expect(() => channel.parseOptions(recorded.rejected)).toThrow(GuanlanError);
    expect(() => channel.parseOptions(recorded.rejected)).toThrow(channel.title);
  });

  test('marks and masks what is secret', () => {
    for (const name of Object.keys(channel.options.shape)) {
      if (/secret|token|password|key/iu.test(name)) expect(isSecret(channel, name), name).toBe(true);
    }
    const shown = JSON.stringify(maskedOptions(channel, recorded.options));
    for (const [name, value] of Object.entries(recorded.options)) if (isSecret(channel, name)) expect(shown).not.toContain(value);
  });

  test('renders the recorded body, the same each time', () => {
    const options = { ...recorded.options, ...(kind === 'email' ? { port: 25 } : {}) };
    const render = (of: AlertMessage) => channel.render(place(options, 'http://receiver.example', 25), of);
    expect(render(message)).toEqual(recorded.body);
    expect(render(structuredClone(message))).toEqual(render(message));
  });

  test('delivers', async () => {
    const { result } = await deliver(channel, recorded);
    expect(result).toMatchObject({ ok: true });
    expect(receiver.received.length + mails.length).toBeLessThanOrEqual(1);
  });

  test('takes a message of any length, and stays within what the receiver takes', async () => {
    const { result } = await deliver(channel, recorded, loopback, endless);
    expect(result).toMatchObject({ ok: true });
    const body = channel.render(place(recorded.options, 'http://receiver.example', 25), endless);
    if (channel.maxBytes !== undefined) expect(bytesOf(body)).toBeLessThanOrEqual(channel.maxBytes);
    if (channel.maxBytes !== undefined) expect(JSON.stringify(body)).toContain(endless.link);
    if (readByPeople(channel)) expect(JSON.stringify(body)).toContain('【演练】【建议I级】');
  });

  test('says whose the level is', () => {
    const options = place(recorded.options, 'http://receiver.example', 25);
    const confirmed = JSON.stringify(channel.render(options, { ...message, confirmedLevel: 'II' }));
    if (readByPeople(channel)) expect(confirmed).toContain('【核定II级】');
    if (readByPeople(channel)) expect(confirmed).not.toContain('【建议');
    if (kind === 'webhook') expect(JSON.parse(JSON.parse(confirmed))).toMatchObject({ level: message.level, confirmedLevel: 'II' });
  });

  test('marks a test, and says nothing of a person', () => {
    const options = place(recorded.options, 'http://receiver.example', 25);
    const named = { ...message, author: '张三', items: message.items.map((item) => ({ ...item, author: '张三' })) };
    if (kind !== 'webhook') expect(JSON.stringify(channel.render(options, named))).not.toContain('张三');
    const tried = JSON.stringify(channel.render(options, { ...message, test: true }));
    expect(tried).toContain(readByPeople(channel) ? '【测试】' : '"test');
  });

  test('never logs a title, a text or a secret', async () => {
    const { lines } = await deliver(channel, recorded);
    for (const private_ of [message.title, message.evidence[0]?.snippet, message.items[0]?.url, ...secretsOf(channel, recorded)]) {
      expect(lines).not.toContain(private_);
    }
  });

  test('options that no longer fit end it without a throw', async () => {
    const { result } = await deliver(channel, { ...recorded, options: recorded.rejected });
    expect(result).toMatchObject({ ok: false, retryable: false });
    expect(receiver.received).toEqual([]);
  });
});

describe.each([...channels.values()].filter(speaksHttp).map((channel) => [channel.kind, channel] as const))(
  'over HTTP: %s',
  (kind, channel) => {
    const recorded = fixtures.get(kind) as Fixture;

    test.each([
      [200, true, false],
      [400, false, false],
      [401, false, false],
      [404, false, false],
      [410, false, false],
      [302, false, false],
      [408, false, true],
      [425, false, true],
      [429, false, true],
      [500, false, true],
      [503, false, true],
    ])('status %i: delivered %s, retryable %s', async (status, ok, retryable) => {
      receiver.answer.status = status;
      const { result } = await deliver(channel, recorded);
      expect(result).toMatchObject({ ok, status });
      if (!ok) expect(result.retryable).toBe(retryable);
    });

    test('repeats no secret that the receiver repeats', async () => {
      receiver.answer.status = 400;
      receiver.answer.body = JSON.stringify(optionsOf(recorded));
      const { result } = await deliver(channel, recorded);
      expect(result.ok).toBe(false);
      for (const secret of secretsOf(channel, { ...recorded, options: optionsOf(recorded) })) expect(result.response).not.toContain(secret);
    });

    test('passes on Retry-After and keeps the beginning of the answer', async () => {
      receiver.answer = { status: 429, headers: { 'retry-after': '17' }, body: '慢'.repeat(2_000) };
      const { result } = await deliver(channel, recorded);
      expect(result.retryAfterSeconds).toBeGreaterThanOrEqual(17);
      expect(result.response).toContain('慢'.repeat(400));
      expect(result.response.length).toBeLessThanOrEqual(responseLimit);
    });

    test('nobody listening is retryable; an address that is not allowed is not', async () => {
      const down = await deliver(channel, recorded, async () => {
        throw new GuanlanError('connect-failed', '无法连接');
      });
      expect(down.result).toEqual({ ok: false, response: '无法连接', retryable: true });
      const refused = await deliver(channel, recorded, async () => {
        throw new GuanlanError('address-private', '内网地址');
      });
      expect(refused.result).toMatchObject({ ok: false, retryable: false });
      const slow = await deliver(channel, recorded, async (url) => {
        throw new GuanlanError('fetch-timeout', `${url} 太慢`);
      });
      expect(slow.result).toMatchObject({ ok: false, retryable: true });
      for (const secret of secretsOf(channel, { ...recorded, options: optionsOf(recorded) }))
        expect(slow.result.response).not.toContain(secret);
    });

    test('an aborted signal is thrown, not recorded', async () => {
      const control = new AbortController();
      control.abort(new Error('closing'));
      await expect(channel.deliver(optionsOf(recorded), message, { ...context(loopback).context, signal: control.signal })).rejects.toThrow(
        'closing',
      );
    });
  },
);

test('a webhook receiver can verify what it got', async () => {
  const webhook = channels.get('webhook') as Channel;
  await deliver(webhook, fixtures.get('webhook') as Fixture);
  const [got] = receiver.received;
  const received = {
    body: got?.body ?? '',
    timestamp: got?.headers['x-guanlan-timestamp'] as string,
    signature: got?.headers['x-guanlan-signature'] as string,
  };
  const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000);
  expect(got?.headers['idempotency-key']).toBe(message.idempotencyKey);
  expect(JSON.parse(received.body)).toEqual(message);
  expect(verifyWebhook('conformance-secret', received, later(299))).toBe(true);
  expect(verifyWebhook('conformance-secret', received, later(301))).toBe(false);
  expect(verifyWebhook('another-secret', received, now)).toBe(false);
  expect(verifyWebhook('conformance-secret', { ...received, body: received.body.replace('III', 'I') }, now)).toBe(false);
  expect(verifyWebhook('conformance-secret', { ...received, timestamp: `1${received.timestamp}` }, now)).toBe(false);
  expect(verifyWebhook('conformance-secret', { ...received, signature: undefined }, now)).toBe(false);
});

test('a file whose kind is not its name is refused', async () => {
  await expect(loadChannels(new URL('./', import.meta.url))).rejects.toThrow('defineChannel');
});

async function fixture<T = Fixture>(file: string): Promise<T> {
  return JSON.parse(await readFile(new URL(`./fixtures/${file}`, import.meta.url), 'utf8')) as T;
}

function optionsOf(recorded: Fixture): Record<string, unknown> {
  return place(recorded.options, receiver.url, (smtp.server.address() as AddressInfo).port);
}

function secretsOf(channel: Channel, recorded: Fixture): unknown[] {
  return Object.entries(recorded.options).flatMap(([name, value]) => (isSecret(channel, name) ? [value] : []));
}

function speaksHttp(channel: Channel): boolean {
  return Object.values(fixtures.get(channel.kind)?.options ?? {}).some((value) => String(value).includes('{receiver}'));
}

function readByPeople(channel: Channel): boolean {
  return channel.kind !== 'webhook' && channel.kind !== 'log';
}

function place(options: Record<string, unknown>, url: string, port: number): Record<string, unknown> {
  const placed = (value: unknown) => (value === '{smtp}' ? port : typeof value === 'string' ? value.replace('{receiver}', url) : value);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, placed(value)]));
}

/** The platform's own client; the guarded one belongs to whoever assembles the channels. */
const loopback: ChannelFetch = async (url, request) => {
  const response = await fetch(url, { ...request, redirect: 'manual' });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, body: await response.text(), retryAfterSeconds: retryAfter === null ? null : Number(retryAfter) };
};

function context(fetch: ChannelFetch): { context: SendContext; lines: () => string } {
  const lines: string[] = [];
  const connect: SendContext['connect'] = async ({ hostname, port }) => openSocket(port, hostname);
  const logger = { info: (facts: Record<string, unknown>, line: string) => void lines.push(`${line} ${JSON.stringify(facts)}`) };
  return {
    context: {
      fetch,
      connect,
      pushKey: async () => pushKey,
      timeoutMs: 10_000,
      signal: new AbortController().signal,
      now,
      idempotencyKey: message.idempotencyKey,
      logger,
    },
    lines: () => lines.join(''),
  };
}

async function deliver(channel: Channel, recorded: Fixture, fetch: ChannelFetch = loopback, of: AlertMessage = message) {
  receiver.answer.body ||= recorded.answer ?? '';
  const { context: sendContext, lines } = context(fetch);
  const result = await channel.deliver(optionsOf(recorded), of, sendContext);
  return { result, lines: lines() };
}
