import { ended, fitted, lastLine, sentencesOf } from './fit.ts';
import type { Wording } from './wording.ts';

/**
 * Outside text as markdown that means nothing: whatever could start a link, a mention (`<@all>`), a heading or a colour becomes its
 * full-width twin, because the robots' dialects know no reliable escape.
 */
export function inert(text: string): string {
  return text.replace(/[[\]<>`*_#~|\\!]/gu, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0));
}

/** The wording in the markdown that the robots share (bold, quote, link), cut where it `fits`. `br` ends a line. */
export function markdownOf(wording: Wording, options: { br: string; fits: (text: string) => boolean }): string {
  const { br, fits } = options;
  const sentences = [
    ...wording.facts.flatMap((line) => ended(sentencesOf(line).map(inert), br)),
    ...wording.items.map(({ title, from, url }, n) => {
      const name = url === null ? inert(title) : `[${inert(title)}](${address(url)})`;
      // Not `1.`: that would be a list, which WeCom's dialect does not have.
      return `${n + 1}、${name}（${inert(from)}）${br}`;
    }),
  ];
  const build = (kept: readonly string[], cut: boolean) => {
    const body = kept.join('');
    const gap = body === '' || body.endsWith(br) ? '' : br;
    return `**${inert(wording.head)}**${br}${body}${gap}${linked(wording, cut)}`;
  };
  return fitted(sentences, build, fits);
}

function linked(wording: Wording, cut: boolean): string {
  const { link } = wording;
  if (link === null) return lastLine(wording, cut);
  return cut ? `内容过长，[其余请在观澜查看](${address(link)})` : `[在观澜查看与处置](${address(link)})`;
}

/** An address cannot end its own brackets. */
function address(url: string): string {
  return url.replace(/[()<>\s]/gu, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
