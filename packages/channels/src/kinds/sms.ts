import { z } from 'zod';
import { defineChannel } from '../define.ts';
import { sentencesOf } from '../fit.ts';
import { type Judge, sendOverHttp } from '../http-result.ts';
import { secretText } from '../option-fields.ts';
import { filled, headersOf, unknownPlaces, type Writing } from '../template.ts';
import { type Wording, wordingOf } from '../wording.ts';

const places = ['phones', 'text', 'key', 'secret'];
const placesFault = '模板中只能用 {phones}、{text}、{key}、{secret}';

/**
 * Text messages through whatever HTTP gateway the office has a contract with: address, headers and body are templates.
 *
 * | place | becomes |
 * |---|---|
 * | `{phones}` | the numbers, joined by commas |
 * | `{text}` | the message |
 * | `{key}` | the idempotency key, the same on every attempt |
 * | `{secret}` | the secret, so that it stands in no template |
 *
 * Values are escaped for where they stand: percent-encoded in the address and in a form, as JSON in a JSON body. A text of up to 70
 * UTF-16 units is one segment; a longer one is sent, and paid, in segments of 67 (3GPP TS 23.040 §9.2.3.24.1, UCS-2).
 */
export default defineChannel({
  kind: 'sms',
  title: '短信网关',
  guide: '由短信服务商提供接口网址、密钥和报备签名；按服务商文档填写网址、请求头和内容模板，可用 {phones} {text} {key} {secret}',
  options: z.strictObject({
    url: z
      .string('请填写接口网址')
      .max(2_000, '网址过长')
      .refine((value) => /^https?:\/\//iu.test(value) && URL.canParse(sampleOf(value)), '请填写以 http:// 或 https:// 开头的完整网址')
      .refine(placesKnown, placesFault)
      .meta({ title: '接口网址（模板）', secret: true }),
    method: z.enum(['POST', 'GET'], '只能是 POST 或 GET').default('POST').meta({ title: '请求方法' }),
    headers: z
      .string()
      .max(4_000, '请求头过长')
      .refine(headersFit, '请求头每行一个，形如 Authorization: Bearer {secret}，只含英文字符')
      .refine(placesKnown, placesFault)
      .default('')
      .meta({ title: '请求头（模板，每行一个）', secret: true, lines: 3 }),
    body: z
      .string()
      .max(4_000, '内容模板过长')
      .refine(placesKnown, placesFault)
      .default('{"phones":"{phones}","content":"{text}"}')
      .meta({ title: '内容（模板）', secret: true, lines: 4 }),
    contentType: z
      .enum(['json', 'form'], '只能是 json 或 form')
      .default('json')
      .meta({ title: '内容类型', description: 'json（application/json）或 form（表单）' }),
    phones: z
      .string('请填写手机号')
      .max(2_000, '手机号过多')
      .refine(
        (value) => phonesOf(value).every((phone) => /^\+?\d{5,15}$/u.test(phone)) && phonesOf(value).length > 0,
        '请填写手机号，多个用逗号隔开',
      )
      .meta({ title: '手机号', description: '多个用逗号隔开', secret: true }),
    secret: secretText('密钥', '在模板中写作 {secret}').optional(),
    sign: z.string().max(20, '签名过长').default('').meta({ title: '短信签名', description: '服务商要求写在正文里时填，如【某县网信】' }),
    success: z
      .string()
      .max(200, '过长')
      .default('')
      .meta({ title: '成功标志', description: '回答中含有这段文字才算发出；不填则只看 HTTP 状态' }),
    segments: z
      .number('应为整数')
      .int('应为整数')
      .min(1, '最少 1 段')
      .max(8, '最多 8 段')
      .default(3)
      .meta({ title: '最多段数', description: '每段 67 字（只有一段时 70 字），按段计费' }),
  }),

  render: (message, { sign, segments }) => ({
    text: `${sign}${textWithin(wordingOf(message), (segments === 1 ? 70 : 67 * segments) - sign.length)}`,
    key: message.idempotencyKey,
  }),

  send({ url, method, headers, body: template, contentType, phones, secret = '', success }, { text, key }, { fetch, signal }) {
    const values = { text, key, secret, phones: phonesOf(phones).join(',') };
    const writing: Writing = contentType === 'json' ? 'json' : 'form';
    const type = { 'Content-Type': contentType === 'json' ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded' };
    return sendOverHttp(
      fetch,
      filled(url, values, 'url'),
      {
        method,
        headers: { ...(method === 'GET' ? {} : type), ...filledHeaders(headers, values) },
        body: method === 'GET' ? '' : filled(template, values, writing),
        signal,
      },
      judge(success),
    );
  },
});

/**
 * A gateway that refuses in a 200 is not asked again: what it says cannot be told apart, and each try may be paid for and arrive.
 */
function judge(success: string): Judge {
  return ({ status, body }) =>
    success === '' || status < 200 || status > 299 || body.includes(success)
      ? null
      : { ok: false, response: `短信网关的回答中没有“${success}”：${body}`, retryable: false };
}

/** Marks and title first, then as many sentences as fit; the address of the case is kept whole, or left out. */
function textWithin({ head, facts, link }: Wording, limit: number): string {
  const tail = link === null || link.length >= limit / 2 ? '' : ` ${link}`;
  const room = limit - tail.length;
  let text = head.length <= room ? head : `${head.slice(0, room - 1).toWellFormed()}…`;
  for (const sentence of facts.flatMap((line) => sentencesOf(line))) {
    const next = `${text}${/[。！？；…]$/u.test(text) ? '' : '。'}${sentence}`;
    if (next.length > room) break;
    text = next;
  }
  return text + tail;
}

/** Filled after they are taken apart, so that no value can add one. */
function filledHeaders(template: string, values: { text: string } & Record<string, string>): Record<string, string> {
  const ascii = { ...values, text: encodeURIComponent(values.text) };
  return Object.fromEntries(Object.entries(headersOf(template)).map(([name, value]) => [name, filled(value, ascii, 'plain')]));
}

function phonesOf(text: string): string[] {
  return text.split(/[\s,，;；]+/u).filter((phone) => phone !== '');
}

function sampleOf(template: string): string {
  return filled(template, { phones: '1', text: '1', key: '1', secret: '1' }, 'url');
}

function placesKnown(template: string): boolean {
  return unknownPlaces(template, places).length === 0;
}

function headersFit(lines: string): boolean {
  try {
    return headersOf(lines) !== null;
  } catch {
    return false;
  }
}
