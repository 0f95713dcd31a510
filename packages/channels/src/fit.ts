import type { Wording } from './wording.ts';

/**
 * Cuts at sentence ends: builds the body of as many of the sentences as fit, from the first on, and tells `build` whether some
 * were left out. What `build` makes of no sentence at all is the last resort and has to fit by itself.
 */
export function fitted<Sentence, Body>(
  sentences: readonly Sentence[],
  build: (kept: readonly Sentence[], cut: boolean) => Body,
  fits: (body: Body) => boolean,
): Body {
  const whole = build(sentences, false);
  if (sentences.length === 0 || fits(whole)) return whole;
  // More sentences are never shorter: halving finds the most that fit.
  let most = 0;
  let tooMany = sentences.length;
  while (tooMany - most > 1) {
    const count = Math.floor((most + tooMany) / 2);
    if (fits(build(sentences.slice(0, count), true))) most = count;
    else tooMany = count;
  }
  return build(sentences.slice(0, most), true);
}

/** The sentences of one line, what ends them included; a sentence of more than `longest` characters is taken in pieces. */
export function sentencesOf(line: string, longest = 200): string[] {
  return (line.match(/[^。！？；]*[。！？；]+|[^。！？；]+$/gu) ?? []).flatMap((sentence) => piecesOf(sentence, longest));
}

/** The last line: where the case is, or, when something was cut off, where the rest is. Nothing is lost: the console has it all. */
export function lastLine({ link }: Wording, cut: boolean): string {
  if (!cut) return link === null ? '观澜' : `观澜 · 查看与处置：${link}`;
  return link === null ? '内容过长，其余请在观澜控制台查看' : `内容过长，其余请在观澜查看：${link}`;
}

/** The whole text as sentences, each with the line end that follows it. */
function textSentences({ facts, items }: Wording): string[] {
  return [
    ...facts.flatMap((line) => ended(sentencesOf(line), '\n')),
    ...items.map(({ title, from, url }, n) => `${n + 1}. ${title}（${from}）${url === null ? '' : ` ${url}`}\n`),
  ];
}

export function ended(sentences: readonly string[], end: string): string[] {
  return sentences.map((sentence, n) => (n === sentences.length - 1 ? sentence + end : sentence));
}

/** The wording as plain text, cut where it `fits`. */
export function textOf(wording: Wording, fits: (text: string) => boolean): string {
  const build = (kept: readonly string[], cut: boolean) => {
    const body = kept.join('');
    const gap = body === '' || body.endsWith('\n') ? '' : '\n';
    return `${wording.head}\n${body}${gap}${lastLine(wording, cut)}`;
  };
  return fitted(textSentences(wording), build, fits);
}

function piecesOf(sentence: string, longest: number): string[] {
  const characters = [...sentence];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += longest) pieces.push(characters.slice(at, at + longest).join(''));
  return pieces;
}
