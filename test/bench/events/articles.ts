import { random } from '../../support/texts.ts';

export interface Article {
  title: string;
  text: string;
}

/**
 * Made-up reports for measuring: words of a vocabulary of 6,000, drawn as in a language (a few very often, most seldom), in sentences and
 * paragraphs, about `length` characters long. The same number gives the same article.
 */
export function article(n: number, length = 560): Article {
  const next = random(n * 104_729 + 11);
  const paragraphs: string[] = [];
  let written = 0;
  while (written < length) {
    const sentences = Array.from({ length: 2 + Math.floor(next() * 3) }, () => sentence(next, 12 + Math.floor(next() * 22)));
    const paragraph = sentences.join('');
    paragraphs.push(paragraph);
    written += paragraph.length;
  }
  const dateline = `本县${1 + Math.floor(next() * 28)}日电 `;
  return { title: phrase(next, 14 + Math.floor(next() * 10)), text: dateline + paragraphs.join('\n') };
}

export type Edit = (article: Article, next: () => number) => Article;

/** What happens to a report on its way from house to house. */
export const edits: Record<string, Edit> = {
  'white space, width and quotes': ({ title, text }) => ({
    title: title.replace(/\d/gu, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0)),
    text: `　　${text.replaceAll('。', '。\n　　').replaceAll('，', ', ')}`,
  }),
  'half cut off': ({ title, text }) => ({ title, text: text.slice(0, Math.floor(text.length / 2)) }),
  'beginning left out': ({ title, text }) => ({ title, text: text.slice(Math.floor(text.length / 4)) }),
  'house mark before': ({ title, text }) => ({
    title: `快讯｜${title}`,
    text: `来源：某某客户端 责任编辑：值班 点击上方蓝字关注我们，第一时间获取资讯。\n${text}`,
  }),
  'boilerplate after': ({ title, text }) => ({
    title: `${title} - 某某网`,
    text: `${text}\n免责声明：本文仅代表作者观点，与本网无关。如涉及版权问题请与本网联系，我们将及时处理。扫描二维码下载客户端，阅读更多精彩内容。`,
  }),
  'paragraphs in another order': ({ title, text }, next) => ({ title, text: shuffled(text.split('\n'), next).join('\n') }),
  'one word in twelve replaced': ({ title, text }, next) => ({ title, text: replaced(text, 1 / 12, next) }),
  'sentences put in': ({ title, text }, next) => ({
    title,
    text: text
      .split('。')
      .flatMap((s) => (next() < 0.2 ? [s, sentence(next, 22).slice(0, -1)] : [s]))
      .join('。'),
  }),
  'one sentence in six left out': ({ title, text }, next) => ({
    title,
    text: text
      .split('。')
      .filter(() => next() > 1 / 6)
      .join('。'),
  }),
  'another headline': ({ text }, next) => ({ title: phrase(next, 16), text }),
};

const characters = Array.from({ length: 1_600 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7_919) % 12_000)));
const vocabulary = (() => {
  const next = random(20_261_123);
  const pick = () => characters[Math.floor(next() * next() * characters.length)] ?? '一';
  return Array.from({ length: 6_000 }, (_, i) => Array.from({ length: i < 60 ? 1 : next() < 0.8 ? 2 : 3 }, pick).join(''));
})();

function word(next: () => number): string {
  // Zipf: the logarithm of the rank is drawn evenly.
  return vocabulary[Math.floor(vocabulary.length ** next()) - 1] ?? '';
}

function phrase(next: () => number, length: number): string {
  let out = '';
  while (out.length < length) out += next() < 0.04 ? String(Math.floor(next() * 900) + 2) : word(next);
  return out;
}

function sentence(next: () => number, length: number): string {
  return `${phrase(next, Math.ceil(length / 2))}，${phrase(next, Math.floor(length / 2))}。`;
}

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

function replaced(text: string, share: number, next: () => number): string {
  let out = '';
  for (let i = 0; i < text.length; ) {
    if (next() < share) {
      out += word(next);
      i += 2;
    } else {
      out += text.slice(i, i + 2);
      i += 2;
    }
  }
  return out;
}
