import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type AlertMessage, GuanlanError } from '@guanlan/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Channel,
  type ChannelFetch,
  isSecret,
  loadChannels,
  maskedOptions,
  responseLimit,
  type SendContext,
  verifyWebhook,
} from './index.ts';

/** Recorded beside every kind: `{receiver}` in an option stands for the address of the receiver on loopback. */
interface Fixture {
  options: Record<string, unknown>;
  /** Options the schema must refuse. */
  rejected: Record<string, unknown>;
  /** What the shared message renders to. */
  body: unknown;
}

const channels = await loadChannels();
const fixtures = new Map<string, Fixture>();
for (const file of await readdir(new URL('./fixtures/', import.meta.url))) {
  if (file !== 'message.json') fixtures.set(file.slice(0, -'.json'.length), await fixture(file));
}
const message = await fixture<AlertMessage>('message.json');
const now = new Date('2026-11-23T11:00:00+08:00');

/** A real receiver that answers as told and remembers what came. */
const receiver = {
  server: undefined as Server | undefined,
  url: '',
  answer: { status: 200, headers: {} as Record<string, string>, body: '' },
  received: [] as { headers: IncomingHttpHeaders; body: string }[],
};

beforeAll(async () => {
  receiver.server = createServer(async (request, response) => {
    receiver.received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(receiver.answer.status, receiver.answer.headers).end(receiver.answer.body);
  });
  await new Promise<void>((resolve) => receiver.server?.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}/hook`;
});
afterAll(() => receiver.server?.close());
beforeEach(() => {
  receiver.received = [];
  receiver.answer = { status: 200, headers: {}, body: 'ok' };
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
    expect(channel.render(message)).toEqual(recorded.body);
    expect(channel.render(structuredClone(message))).toEqual(channel.render(message));
  });

  test('delivers', async () => {
    const { result } = await deliver(channel, recorded);
    expect(result.ok).toBe(true);
    expect(receiver.received.length).toBeLessThanOrEqual(1);
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
      [204, true, false],
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

    test('passes on Retry-After and keeps the beginning of the answer', async () => {
      receiver.answer = { status: 429, headers: { 'retry-after': '17' }, body: '慢'.repeat(2_000) };
      const { result } = await deliver(channel, recorded);
      expect(result.retryAfterSeconds).toBe(17);
      expect(result.response).toBe('慢'.repeat(responseLimit));
    });

    test('nobody listening is retryable; an address that is not allowed is not', async () => {
      const down = await deliver(channel, recorded, async () => {
        throw new GuanlanError('connect-failed', '无法连接');
      });
      expect(down.result).toEqual({ ok: false, response: 'connect-failed：无法连接', retryable: true });
      const refused = await deliver(channel, recorded, async () => {
        throw new GuanlanError('address-private', '内网地址');
      });
      expect(refused.result).toMatchObject({ ok: false, retryable: false });
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
  return Object.fromEntries(Object.entries(recorded.options).map(([k, v]) => [k, v === '{receiver}' ? receiver.url : v]));
}

function secretsOf(channel: Channel, recorded: Fixture): unknown[] {
  return Object.entries(recorded.options).flatMap(([name, value]) => (isSecret(channel, name) ? [value] : []));
}

function speaksHttp(channel: Channel): boolean {
  return Object.values(fixtures.get(channel.kind)?.options ?? {}).includes('{receiver}');
}

/** The platform's own client; the guarded one belongs to whoever assembles the channels. */
const loopback: ChannelFetch = async (url, request) => {
  const response = await fetch(url, { ...request, redirect: 'manual' });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, body: await response.text(), retryAfterSeconds: retryAfter === null ? null : Number(retryAfter) };
};

function context(fetch: ChannelFetch): { context: SendContext; lines: () => string } {
  const lines: string[] = [];
  const logger = { info: (facts: Record<string, unknown>, line: string) => void lines.push(`${line} ${JSON.stringify(facts)}`) };
  return {
    context: { fetch, signal: new AbortController().signal, now, idempotencyKey: message.idempotencyKey, logger },
    lines: () => lines.join(''),
  };
}

async function deliver(channel: Channel, recorded: Fixture, fetch: ChannelFetch = loopback) {
  const { context: sendContext, lines } = context(fetch);
  const result = await channel.deliver(optionsOf(recorded), message, sendContext);
  return { result, lines: lines() };
}
