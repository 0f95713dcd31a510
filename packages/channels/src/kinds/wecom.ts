import { z } from 'zod';
import { type CodeMeaning, codedAnswers } from '../coded-answer.ts';
import { bytesOf, defineChannel } from '../define.ts';
import { textOf } from '../fit.ts';
import { sendOverHttp } from '../http-result.ts';
import { markdownOf } from '../markdown.ts';
import { callAll, callsAll, jsonHeaders, robotAddress } from '../option-fields.ts';
import { wordingOf } from '../wording.ts';

/** Of the whole body, which keeps the content below what is documented for it. */
const limits = { markdown: 4_096, text: 2_048 };

/**
 * A robot of a WeCom (企业微信) group. Documented at https://developer.work.weixin.qq.com/document/path/91770 (the key in the address is
 * all the proof it asks; text content up to 2,048 bytes, markdown up to 4,096; 20 messages a minute) and …/path/90313 (codes,
 * which come in a 200). Markdown is not shown in WeChat itself, only in WeCom: for members who read there choose `text`.
 */
export default defineChannel({
  kind: 'wecom',
  title: '企业微信群机器人',
  guide: '企业微信群 → 群设置 → 群机器人 → 添加机器人，复制 Webhook 地址',
  options: z.strictObject({
    url: robotAddress('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…', (url) => url.searchParams.has('key')),
    format: z
      .enum(['markdown', 'text'], '只能是 markdown 或 text')
      .default('markdown')
      .meta({ title: '消息格式', description: 'markdown（可点链接，在微信中看不到）或 text（纯文本，微信中也能看到）' }),
    atAll: callAll(),
  }),
  budget: [{ limit: 20, windowMs: 60_000 }],
  maxBytes: limits.markdown,

  render: (message, options) => {
    const wording = wordingOf(message);
    const all = callsAll(message, options.atAll);
    // Only plain text can call everybody.
    const format = all ? 'text' : options.format;
    const mentioned = all ? { mentioned_list: ['@all'] } : {};
    // `<@name>` mentions in plain text too.
    const body = (content: string) => ({ msgtype: format, [format]: { content: content.replaceAll('<@', '＜@'), ...mentioned } });
    const fits = (text: string) => bytesOf(body(text)) <= limits[format];
    return body(format === 'markdown' ? markdownOf(wording, { br: '\n', fits }) : textOf(wording, fits));
  },

  send({ url }, body, { fetch, signal }) {
    return sendOverHttp(fetch, url, { method: 'POST', headers: jsonHeaders, body: JSON.stringify(body), signal }, judge);
  },
});

const noKey: CodeMeaning = { words: '机器人不存在或地址中的 key 不对，请在群机器人详情页重新复制 Webhook 地址' };
const malformed: CodeMeaning = { words: '企业微信认为消息格式不对或过长' };

const meanings: Record<number, CodeMeaning> = {
  [-1]: { words: '企业微信系统繁忙', retryAfter: 5 },
  45009: { words: '发送过于频繁，被企业微信限流（每分钟 20 条）', retryAfter: 60 },
  45033: { words: '同时发送的消息过多，被企业微信限流', retryAfter: 5 },
  93000: noKey,
  93004: { words: '机器人已停用，请在群设置中启用' },
  93008: { words: '机器人已不在群中，请重新添加' },
  40008: malformed,
  40035: malformed,
  40058: malformed,
  44004: malformed,
  45002: malformed,
  47001: malformed,
};

const judge = codedAnswers({
  name: '企业微信',
  codeOf: ({ errcode, errmsg }) =>
    typeof errcode === 'number' ? { code: errcode, message: typeof errmsg === 'string' ? errmsg : '' } : null,
  meaningOf: (code) => meanings[code] ?? null,
});
