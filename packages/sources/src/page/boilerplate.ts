import { readFullDate } from '../date.ts';

/** Lines that only name what follows the article: other articles, comments. Nothing after them belongs to it. */
const endings =
  /^[【[]?(?:相关(?:推荐|阅读|新闻|文章|报道|链接)|(?:热点|热门|精彩|为您|编辑)推荐|推荐(?:阅读|新闻)|延伸阅读|更多(?:新闻|精彩|内容)|猜你喜欢|(?:热门|最新|网友|精彩)评论|上一[篇条]|下一[篇条]|(?:特别|郑重)声明\s*[:：])\s*[】\]]?\s*[:：]?/u;
/** Lines between a title and its text: source, time, counters. */
const byline = /(?:来源|作者|时间|日期|浏览|阅读|点击|字号|字体|编辑)\s*[:：]/u;
/** What a repost was called before. */
const formerTitle = /^[（(【[]?\s*原标题\s*[:：]/u;
/** Who edited and checked, which is nobody's to keep, and where the text came from. */
const credit =
  /^[（(【[]?\s*(?:(?:本文|文章|稿件|信息|新闻)?来源|(?:责任|值班|本文|网络|实习|文字|图文|美术|新媒体)?编\s?辑|责\s?编|编审|(?:责任|一审|二审|三审)?校\s?对|[初复终一二三]审|审\s?[核校读]|监\s?制|主\s?编|统\s?筹|签\s?发|供\s?稿|排\s?版)\s*[:：/丨|].{0,40}$/u;
/** Buttons and invitations that stand in a text as lines of their own. */
const furniture =
  /^(?:[[【（(]?(?:打印|打印本页|关闭|关闭窗口|关闭本页|返回(?:顶部|首页|列表|上页)|收藏|收藏本文|分享|字号|大|中|小|纠错|我要纠错|举报)[】\]）)]?[\s|/·]*)+$|^(?:分享(?:到|至)|扫一扫|微信扫|用?微信扫|扫描(?:下方|上方|左侧|右侧)?二维码|长按.{0,8}(?:二维码|识别)|点击(?:进入|查看|阅读|关注|下载|收听)(?:专题|全文|原文|更多|.{0,10}(?:>>|»|专题))|关注.{0,16}(?:公众号|微信|视频号|客户端)$|(?:附件|文件)?下载\s*[:：]?$)/u;
const invitation = /[【[]点击[^】\]]{2,8}[】\]]|(?:扫描|长按|识别)[^，。]{0,8}二维码[^。]{0,20}关注/u;

/**
 * Cuts off a body what stands around it on most sites: the title, the former title and the byline repeated at its head; editors' names,
 * source lines and lists of other articles at its end; buttons between its paragraphs. Only short lines go.
 */
export function trimBoilerplate(text: string, title: string): string {
  const lines = text.split('\n');
  let from = 0;
  while (from < Math.min(4, lines.length - 1) && isHead(lines[from] ?? '', title)) from += 1;
  // Not in the first third of the text: an article may open with such words.
  let before = 0;
  const found = lines.findIndex((line, i) => {
    const cut = i > from && before * 3 > text.length && line.length < 400 && endings.test(line);
    before += line.length + 1;
    return cut;
  });
  const end = endOf(lines, from, found === -1 ? lines.length : found);
  const kept = lines.slice(from, end).filter((line) => line.length > 160 || !(furniture.test(line) || invitation.test(line)));
  // A page that is nothing but such lines is better kept than emptied.
  return (kept.length === 0 ? lines : kept).join('\n');
}

/** Goes back over credits, buttons, and other articles' titles each with its date. */
function endOf(lines: readonly string[], from: number, last: number): number {
  let end = last;
  while (end > from + 1) {
    const line = lines[end - 1] ?? '';
    if (line.length < 60 && (credit.test(line) || furniture.test(line))) end -= 1;
    else if (isDate(line) && end > from + 3 && (end < last || isDate(lines[end - 3] ?? ''))) end -= 2;
    else break;
  }
  return end;
}

/** A line that is a date and nothing else. Articles end with one, lists of articles have one to each title. */
function isDate(line: string): boolean {
  return line.length < 24 && /^\s*20\d\d\s*[-/.年][\d\s\-/.:：年月日]+$/u.test(line) && readFullDate(line) !== null;
}

function isHead(line: string, title: string): boolean {
  if (line.length > 120) return false;
  const bare = (value: string) => value.replace(/[\s"“”'‘’]/gu, '');
  return (
    bare(line) === bare(title) ||
    formerTitle.test(line) ||
    (line.length < 80 && (byline.test(line) || line.length < 24) && readFullDate(line) !== null) ||
    (line.length < 60 && /^(?:来源|作者|编辑|责任编辑|发布单位|信息来源|浏览次数|字体|字号)\s*[:：]/u.test(line))
  );
}
