import type { Level } from '@guanlan/domain';
import { z } from 'zod';
import { bytesOf, type ChannelAnswer, defineChannel } from '../define.ts';
import { textOf } from '../fit.ts';
import { type Judge, mayPass, sendOverHttp } from '../http-result.ts';
import { jsonHeaders, secretText, webAddress } from '../option-fields.ts';
import { wordingOf } from '../wording.ts';

/** Of the whole body; a longer message would arrive as a file. */
const maxBytes = 4_096;

/**
 * A topic of an ntfy server, public or the office's own. Documented at https://docs.ntfy.sh/publish/ (JSON to the server's root;
 * messages up to 4,096 bytes; priorities 1 to 5; a burst of 60, then one in 5 s, on the public server) and by its error table
 * (server/errors.go: `{code, http, error}` with the matching HTTP status). On the public server who knows the topic can read it.
 */
export default defineChannel({
  kind: 'ntfy',
  title: 'ntfy 推送',
  guide: '手机装 ntfy，订阅一个难以猜到的主题；建议自建服务器并设访问令牌（公共服务器上知道主题名的人都能看到消息）',
  options: z.strictObject({
    server: webAddress('服务器网址').default('https://ntfy.sh').meta({ title: '服务器网址', description: '自建服务器的根地址' }),
    topic: z
      .string('请填写主题')
      .regex(/^[-_A-Za-z0-9]{1,64}$/u, '主题只含英文字母、数字、- 和 _，最多 64 个字符')
      .meta({ title: '主题', description: '相当于密码，请取难以猜到的名字', secret: true }),
    token: secretText('访问令牌', '以 tk_ 开头；服务器不要求登录时不填').optional(),
  }),
  budget: [{ limit: 60, windowMs: 300_000 }],
  maxBytes,

  render: (message, { topic }) => {
    const wording = wordingOf(message);
    const body = (text: string) => ({
      topic,
      title: wording.head,
      message: text,
      priority: priorities[message.level],
      ...(wording.link === null ? {} : { click: wording.link }),
    });
    // The head is the title, and is not said twice.
    const text = (whole: string) => whole.slice(wording.head.length + 1);
    return body(text(textOf(wording, (whole) => bytesOf(body(text(whole))) <= maxBytes)));
  },

  send({ server, token }, body, { fetch, signal }) {
    const headers = token === undefined ? jsonHeaders : { ...jsonHeaders, Authorization: `Bearer ${token}` };
    return sendOverHttp(fetch, server, { method: 'POST', headers, body: JSON.stringify(body), signal }, judge);
  },
});

const priorities: Record<Level, number> = { I: 5, II: 4, III: 3, IV: 2, none: 2 };

const words: Record<number, string> = {
  401: '访问令牌不对',
  403: '没有向这个主题发消息的权限，请核对主题和访问令牌',
  404: '这个网址不是 ntfy 服务器的根地址',
  413: '消息超过服务器的长度上限',
  429: '发送过于频繁，被服务器限流',
  507: '服务器存储已满',
};

const judge: Judge = ({ status, body }: ChannelAnswer) => {
  if (status >= 200 && status < 300) {
    return isMessage(body) ? null : { ok: false, response: `回答不是 ntfy 的格式，消息可能没有送到：${body}`, retryable: true };
  }
  const meaning = words[status];
  if (meaning === undefined) return null;
  const later = status === 429 ? { retryAfterSeconds: 60 } : {};
  return { ok: false, response: `${meaning}（${body.trim()}）`, retryable: mayPass(status), ...later };
};

/** The server answers with the message as it stored it. */
function isMessage(body: string): boolean {
  return /"event"\s*:\s*"message"/u.test(body);
}
