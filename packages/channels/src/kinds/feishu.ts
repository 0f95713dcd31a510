import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type CodeMeaning, codedAnswers } from '../coded-answer.ts';
import { bytesOf, defineChannel } from '../define.ts';
import { fitted, lastLine, sentencesOf } from '../fit.ts';
import { sendOverHttp } from '../http-result.ts';
import { callAll, callsAll, jsonHeaders, robotAddress, secretText } from '../option-fields.ts';
import { type Wording, wordingOf } from '../wording.ts';

const everybody: Tag[] = [{ tag: 'at', user_id: 'all' }];

type Tag = { tag: 'text'; text: string } | { tag: 'a'; text: string; href: string } | { tag: 'at'; user_id: 'all' };

/** 20 KB of request, less what the signature adds when it is sent. */
const maxBytes = 20 * 1_024 - 256;

/**
 * A custom robot of a Feishu (Lark) group, written to as rich text (`post`), whose text parts mean nothing but themselves. Documented
 * at https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: 100 messages a minute and 5 a second; a request of up to
 * 20 KB; codes in a 200. Signature: base64 of HMAC-SHA256 of nothing, keyed with timestamp in seconds + `\n` + secret; it
 * stands in the body with the timestamp and is good for an hour.
 */
export default defineChannel({
  kind: 'feishu',
  title: '飞书群机器人',
  guide: '飞书群 → 设置 → 群机器人 → 添加“自定义机器人”，安全设置勾选“签名校验”，复制 Webhook 地址和密钥',
  options: z.strictObject({
    url: robotAddress('https://open.feishu.cn/open-apis/bot/v2/hook/…', (url) => /\/bot\/v2\/hook\/[^/]+$/u.test(url.pathname)),
    secret: secretText('签名校验密钥', '没有勾选“签名校验”时不填').optional(),
    atAll: callAll(),
  }),
  budget: [
    { limit: 100, windowMs: 60_000 },
    { limit: 5, windowMs: 1_000 },
  ],
  maxBytes,

  render: (message, { atAll }) => post(wordingOf(message), callsAll(message, atAll)),

  send({ url, secret }, body, { fetch, signal, now }) {
    const timestamp = String(Math.floor(now.getTime() / 1_000));
    const proof = secret === undefined ? {} : { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
    return sendOverHttp(fetch, url, { method: 'POST', headers: jsonHeaders, body: JSON.stringify({ ...proof, ...body }), signal }, judge);
  },
});

function post(wording: Wording, all: boolean) {
  const lines: Tag[][] = [
    ...wording.facts.map((line) => sentencesOf(line).map((text): Tag => ({ tag: 'text', text }))),
    ...wording.items.map(({ title, from, url }, n): Tag[] => [
      { tag: 'text', text: `${n + 1}. ` },
      url === null ? { tag: 'text', text: title } : { tag: 'a', text: title, href: url },
      { tag: 'text', text: `（${from}）` },
    ]),
  ];
  // What an item is made of stays together; a line of sentences may end early.
  const atoms = lines.flatMap((tags, line) =>
    line < wording.facts.length ? tags.map((tag) => ({ line, tags: [tag] })) : [{ line, tags }],
  );
  const build = (kept: readonly { line: number; tags: Tag[] }[], cut: boolean) => {
    const content: Tag[][] = [];
    for (const { line, tags } of kept) content[line] = [...(content[line] ?? []), ...tags];
    return {
      msg_type: 'post',
      content: { post: { zh_cn: { title: wording.head, content: [...content, last(wording, cut), ...(all ? [everybody] : [])] } } },
    };
  };
  return fitted(atoms, build, (body) => bytesOf(body) <= maxBytes);
}

function last(wording: Wording, cut: boolean): Tag[] {
  const { link } = wording;
  if (link === null) return [{ tag: 'text', text: lastLine(wording, cut) }];
  return [{ tag: 'a', text: cut ? '内容过长，其余请在观澜查看' : '在观澜查看与处置', href: link }];
}

const tooFast: CodeMeaning = { words: '发送过于频繁，被飞书限流（每分钟 100 条、每秒 5 条，整点和半点更严）', retryAfter: 60 };

const meanings: Record<number, CodeMeaning> = {
  11232: tooFast,
  99991400: tooFast,
  19001: { words: '机器人不存在或 Webhook 地址不对，请在群机器人设置中重新复制' },
  19002: { words: '飞书认为消息格式不对' },
  19021: { words: '签名不符或已过期，请核对签名校验密钥，并确认本机时间准确（相差不得超过一小时）' },
  19022: { words: '本机的出口 IP 不在机器人的 IP 白名单中，请在机器人安全设置中加入' },
  19024: { words: '消息不含机器人的自定义关键词，请把关键词设为“观澜”，或改用“签名校验”' },
};

const judge = codedAnswers({
  name: '飞书',
  codeOf: ({ code, msg, StatusCode, StatusMessage }) => {
    // The older pair of names is still answered, sometimes alone.
    const found = code ?? StatusCode;
    const words = msg ?? StatusMessage;
    return typeof found === 'number' ? { code: found, message: typeof words === 'string' ? words : '' } : null;
  },
  meaningOf: (code, message) => {
    // One code for two things: a malformed or oversized request, and too many of them.
    if (code === 9499) return /too many/iu.test(message) ? tooFast : { words: '飞书认为请求格式不对或超过 20 KB' };
    return meanings[code] ?? null;
  },
});
