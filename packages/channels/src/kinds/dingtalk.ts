import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type CodeMeaning, codedAnswers } from '../coded-answer.ts';
import { bytesOf, defineChannel } from '../define.ts';
import { textOf } from '../fit.ts';
import { sendOverHttp } from '../http-result.ts';
import { inert, markdownOf } from '../markdown.ts';
import { callAll, callsAll, jsonHeaders, robotAddress, secretText } from '../option-fields.ts';
import { wordingOf } from '../wording.ts';

/**
 * A custom robot of a DingTalk group. Documented at https://open.dingtalk.com/document/robots/custom-robot-access: 20 messages a
 * minute, and ten minutes of silence for who sends more; 20,000 bytes a message; what went wrong is an `errcode` in a 200.
 * Signature (…/robots/customize-robot-security-settings): base64 of HMAC-SHA256(secret, timestamp in ms + `\n` + secret), both in
 * the address, good for an hour. A robot guarded by a keyword instead takes every message of ours with the keyword 观澜.
 */
export default defineChannel({
  kind: 'dingtalk',
  title: '钉钉群机器人',
  guide: '钉钉群 → 群设置 → 机器人 → 添加“自定义”机器人，安全设置选“加签”，复制 Webhook 地址和以 SEC 开头的密钥',
  options: z.strictObject({
    url: robotAddress('https://oapi.dingtalk.com/robot/send?access_token=…', (url) => url.searchParams.has('access_token')),
    secret: secretText('加签密钥', '以 SEC 开头；安全设置不是“加签”时不填').optional(),
    format: z
      .enum(['markdown', 'text'], '只能是 markdown 或 text')
      .default('markdown')
      .meta({ title: '消息格式', description: 'markdown（标题加粗、可点链接）或 text（纯文本）' }),
    atAll: callAll(),
  }),
  budget: [{ limit: 20, windowMs: 60_000 }],
  maxBytes: 20_000,

  render: (message, { format, atAll }) => {
    const wording = wordingOf(message);
    const at = callsAll(message, atAll) ? { at: { isAtAll: true } } : {};
    const body = (text: string) =>
      format === 'markdown'
        ? { msgtype: 'markdown', markdown: { title: inert(wording.head), text }, ...at }
        : { msgtype: 'text', text: { content: text }, ...at };
    const fits = (text: string) => bytesOf(body(text)) <= 20_000;
    return body(format === 'markdown' ? markdownOf(wording, { br: '\n\n', fits }) : textOf(wording, fits));
  },

  send({ url, secret }, body, { fetch, signal, now }) {
    const address = secret === undefined ? url : signed(url, secret, now);
    return sendOverHttp(fetch, address, { method: 'POST', headers: jsonHeaders, body: JSON.stringify(body), signal }, judge);
  },
});

function signed(url: string, secret: string, now: Date): string {
  const address = new URL(url);
  const timestamp = String(now.getTime());
  address.searchParams.set('timestamp', timestamp);
  address.searchParams.set('sign', createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'));
  return address.href;
}

const tooFast: CodeMeaning = { words: '发送过于频繁，被钉钉限流（每分钟 20 条，超出后停 10 分钟）', retryAfter: 600 };
const noToken: CodeMeaning = { words: '机器人不存在或地址中的 access_token 不对，请到群设置中重新复制 Webhook 地址' };
const unwanted: CodeMeaning = { words: '钉钉认为消息含有不合适的内容或链接，没有发出；请改用其他渠道告知' };

const meanings: Record<number, CodeMeaning> = {
  [-1]: { words: '钉钉系统繁忙', retryAfter: 5 },
  130101: tooFast,
  410100: tooFast,
  1111: tooFast,
  300001: noToken,
  300005: noToken,
  400101: noToken,
  400106: noToken,
  400013: { words: '群已解散，请换一个群重新添加机器人' },
  400102: { words: '机器人已停用，请在群设置中启用' },
  430101: unwanted,
  430102: unwanted,
  430103: unwanted,
  430104: unwanted,
  460101: { words: '消息超过钉钉的长度上限' },
};

/** One code for every failed security setting: which one is in the words. */
function insecure(message: string): CodeMeaning {
  if (/keyword/iu.test(message)) return { words: '消息不含机器人的自定义关键词，请把关键词设为“观澜”，或把安全设置改为“加签”' };
  if (/\bip\b|whitelist/iu.test(message)) return { words: '本机的出口 IP 不在机器人的 IP 白名单中，请在机器人安全设置中加入' };
  if (/timestamp/iu.test(message)) return { words: '本机时间与钉钉相差超过一小时，请校准本机时间' };
  return { words: '签名不符，请核对加签密钥（机器人安全设置中以 SEC 开头的一串）' };
}

const judge = codedAnswers({
  name: '钉钉',
  codeOf: ({ errcode, errmsg, status }) => {
    // A gateway in front of the robot answers {"status":1111,"punish":"deny"} while it holds somebody back.
    const code = errcode ?? status;
    return typeof code === 'number' ? { code, message: typeof errmsg === 'string' ? errmsg : '' } : null;
  },
  meaningOf: (code, message) => (code === 310000 ? insecure(message) : (meanings[code] ?? null)),
});
