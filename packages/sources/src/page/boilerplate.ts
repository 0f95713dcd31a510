import { readFullDate } from '../date.ts';

/** Lines that only name what follows the article: other articles, comments. Nothing after them belongs to it. */
const endings =
  /^(?:相关(?:推荐|阅读|新闻|文章|报道|链接)|(?:热点|热门|精彩|为您|编辑)推荐|推荐(?:阅读|新闻)|延伸阅读|猜你喜欢|(?:热门|最新|网友|精彩)评论|上一篇|下一篇)\s*[:：]?/u;
/** Lines between a title and its text: source, time, counters. */
const byline = /(?:来源|作者|时间|日期|浏览|阅读|点击|字号|字体|编辑)\s*[:：]/u;

/**
 * Cuts off a body what stands around it on most sites: the title and byline repeated at its head, lists of other articles at its
 * end. Only short lines near the ends are touched.
 */
export function trimBoilerplate(text: string, title: string): string {
  const lines = text.split('\n');
  let from = 0;
  while (from < Math.min(4, lines.length - 1) && isHead(lines[from] ?? '', title)) from += 1;
  // Not in the first third of the text: an article may open with such words.
  let before = 0;
  const end = lines.findIndex((line, i) => {
    const cut = i > from && before * 3 > text.length && line.length < 40 && endings.test(line);
    before += line.length + 1;
    return cut;
  });
  return lines.slice(from, end === -1 ? undefined : end).join('\n');
}

function isHead(line: string, title: string): boolean {
  if (line.length > 120) return false;
  const bare = (value: string) => value.replace(/[\s"“”'‘’]/gu, '');
  return (
    bare(line) === bare(title) ||
    (line.length < 80 && (byline.test(line) || line.length < 24) && readFullDate(line) !== null) ||
    (line.length < 60 && /^来源\s*[:：]/u.test(line))
  );
}
