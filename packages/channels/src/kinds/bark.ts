import type { Level } from '@guanlan/domain';
import { z } from 'zod';
import { type CodeMeaning, codedAnswers } from '../coded-answer.ts';
import { bytesOf, defineChannel } from '../define.ts';
import { textOf } from '../fit.ts';
import { sendOverHttp } from '../http-result.ts';
import { jsonHeaders, secretText, webAddress } from '../option-fields.ts';
import { wordingOf } from '../wording.ts';

/** Apple takes 4 KB of payload (APNs, "Generating a remote notification"); the server adds its own keys to ours. */
const maxBytes = 3_500;

/**
 * Bark on an iPhone, through the public server or the office's own. Documented at https://bark.day.app/#/tutorial (JSON to `/push`,
 * levels, `id` replaces an earlier notification with the same one) and by the server's route_push.go: `{code, message}` beside
 * the same HTTP status; 400 is an unknown key, 500 what Apple refused, in Apple's words.
 */
export default defineChannel({
  kind: 'bark',
  title: 'Bark 推送（iPhone）',
  guide: 'iPhone 装 Bark，首页显示的网址里，域名后面那一段就是设备密钥',
  options: z.strictObject({
    server: webAddress('服务器网址').default('https://api.day.app').meta({ title: '服务器网址', description: '自建服务器的根地址' }),
    key: secretText('设备密钥'),
  }),
  maxBytes,

  render: (message, { key }) => {
    const wording = wordingOf(message);
    const body = (text: string) => ({
      device_key: key,
      id: message.idempotencyKey,
      title: wording.head,
      body: text,
      group: '观澜',
      level: urgency[message.level],
      ...(wording.link === null ? {} : { url: wording.link }),
    });
    const text = (whole: string) => whole.slice(wording.head.length + 1);
    return body(text(textOf(wording, (whole) => bytesOf(body(text(whole))) <= maxBytes)));
  },

  send({ server }, body, { fetch, signal }) {
    const address = new URL('push', server.endsWith('/') ? server : `${server}/`).href;
    return sendOverHttp(fetch, address, { method: 'POST', headers: jsonHeaders, body: JSON.stringify(body), signal }, judge);
  },
});

/** `critical` sounds through silence and focus modes, `timeSensitive` through focus modes, `passive` makes no sound. */
const urgency: Record<Level, string> = { I: 'critical', II: 'timeSensitive', III: 'active', IV: 'active', none: 'passive' };

const judge = codedAnswers({
  name: 'Bark ',
  codeOf: ({ code, message }) =>
    typeof code === 'number' ? { code: code === 200 ? 0 : code, message: typeof message === 'string' ? message : '' } : null,
  meaningOf,
});

function meaningOf(code: number, message: string): CodeMeaning | null {
  if (code === 400 && /device token|device key/iu.test(message)) return { words: '设备密钥不存在，请在手机的 Bark 首页重新复制' };
  // Apple's reasons: of these no retry mends one (APNs, "Handling notification responses").
  if (/BadDeviceToken|Unregistered|DeviceTokenNotForTopic/u.test(message))
    return { words: '这台手机已卸载 Bark 或重置过，请重新复制设备密钥' };
  if (/PayloadTooLarge/u.test(message)) return { words: '消息超过苹果推送的长度上限' };
  if (code === 429 || /TooManyRequests/u.test(message)) return { words: '发送过于频繁，被限流', retryAfter: 60 };
  return code >= 500 ? { words: '推送暂时没有成功', retryAfter: 5 } : null;
}
