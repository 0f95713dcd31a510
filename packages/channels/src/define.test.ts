import { readFile } from 'node:fs/promises';
import type { AlertMessage } from '@guanlan/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineChannel, type SendContext } from './define.ts';
import { fieldsOf, optionsFromText } from './form.ts';
import { maskedOptions } from './secret.ts';

const message = JSON.parse(await readFile(new URL('./fixtures/message.json', import.meta.url), 'utf8')) as AlertMessage;
const never = () => Promise.reject(new Error('not in this test'));
const context: SendContext = {
  fetch: never,
  connect: never,
  pushKey: never,
  timeoutMs: 1_000,
  signal: new AbortController().signal,
  now: new Date(),
  idempotencyKey: message.idempotencyKey,
  logger: { info: () => {} },
};

test('what is too long for the receiver is never sent', async () => {
  const sent: unknown[] = [];
  const narrow = defineChannel({
    kind: 'narrow',
    title: '窄渠道',
    guide: '',
    options: z.strictObject({}),
    maxBytes: 10,
    render: ({ title }) => title,
    send: async (_options, body) => ({ ok: sent.push(body) > 0, response: '', retryable: false }),
  });
  const result = await narrow.deliver({}, { ...message, title: '四个汉字' }, context);
  expect(result).toEqual({ ok: false, response: '消息有 12 字节，超过窄渠道的上限 10 字节，没有发送', retryable: false });
  expect(sent).toEqual([]);
  expect(await narrow.deliver({}, { ...message, title: '三个字' }, context)).toMatchObject({ ok: true });
});

const wide = defineChannel({
  kind: 'wide',
  title: '宽渠道',
  guide: '',
  options: z.strictObject({
    url: z.url().meta({ title: '地址', secret: true }),
    key: z.string().meta({ title: '密钥', secret: true }).optional(),
    port: z.number().int().default(465).meta({ title: '端口' }),
    loud: z.boolean().default(false).meta({ title: '响铃' }),
    form: z.enum(['a', 'b']).default('a').meta({ title: '格式', description: 'a 或 b' }),
    body: z.string().default('').meta({ title: '模板', lines: 3 }),
  }),
  render: () => null,
  send: async ({ url, key }) => ({ ok: false, response: `at ${url}: bad key ${encodeURIComponent(key ?? '')}`, retryable: false }),
});

test('a form is drawn from the options', () => {
  expect(fieldsOf(wide).map(({ name, type, required, secret, default: fallback }) => [name, type, required, secret, fallback])).toEqual([
    ['url', 'text', true, true, null],
    ['key', 'text', false, true, null],
    ['port', 'number', false, false, 465],
    ['loud', 'boolean', false, false, false],
    ['form', 'choice', false, false, 'a'],
    ['body', 'lines', false, false, ''],
  ]);
});

test('what is typed becomes what its field is; a name there is none of is told with those there are', () => {
  expect(optionsFromText(wide, { key: '0123', port: '587', loud: 'true', body: '{"a":1}' })).toEqual({
    key: '0123',
    port: 587,
    loud: true,
    body: '{"a":1}',
  });
  expect(() => wide.parseOptions({ url: 'https://a.example', ...optionsFromText(wide, { port: 'x' }) })).toThrow('port');
  expect(() => wide.parseOptions({ url: 'https://a.example', ...optionsFromText(wide, { loud: 'yes' }) })).toThrow('loud');
  expect(() => optionsFromText(wide, { keys: 'x' })).toThrow('宽渠道渠道没有名为“keys”的选项，可用：url、key、port、loud、form、body');
});

test('secrets are masked where they are shown, and where a receiver repeats them', async () => {
  const options = { url: 'https://a.example/hook/0123456789abcdef?token=t0ken', key: '密 钥+1' };
  expect(maskedOptions(wide, options)).toEqual({ url: '******', key: '******' });
  const { response } = await wide.deliver(options, message, context);
  expect(response).toBe('at ******: bad key ******');
});

test('no part of a secret is left where an answer is shortened', async () => {
  const chatty = defineChannel({
    kind: 'chatty',
    title: '话多的渠道',
    guide: '',
    options: z.strictObject({ body: z.string().meta({ title: '模板', secret: true }) }),
    render: () => null,
    send: async () => ({ ok: false, response: `${'.'.repeat(495)}app-key-0123456789`, retryable: false }),
  });
  const { response } = await chatty.deliver({ body: '{"key":"app-key-0123456789","text":"{text}"}' }, message, context);
  expect(response).toBe(`${'.'.repeat(495)}*****`);
});

test('a message that cannot be rendered ends instead of coming back for ever', async () => {
  const strict = defineChannel({
    kind: 'strict',
    title: '严格的渠道',
    guide: '',
    options: z.strictObject({}),
    render: ({ firstSeenAt }) => new Date(firstSeenAt).toISOString(),
    send: async () => ({ ok: true, response: '', retryable: false }),
  });
  expect(await strict.deliver({}, { ...message, firstSeenAt: 'yesterday' }, context)).toMatchObject({ ok: false, retryable: false });
});
