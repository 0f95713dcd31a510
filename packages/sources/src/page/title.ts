import { oneLine } from '../text.ts';
import type { PageDocument } from './dom.ts';

export interface PageTitle {
  title: string;
  /** What the end of `<title>` calls the site, when it was cut off there. */
  site: string | null;
}

/**
 * The title of an article without the site's name. A heading, or what the page's metadata says, that stands at the
 * head of `<title>` shows where the title ends; otherwise the parts that look like a site or a column are cut off.
 */
export function readTitle(document: PageDocument): PageTitle {
  const whole = textOf(document, 'title');
  const meta = metaTitle(document);
  const headings = [...headingsOf(document), ...meta];
  const fitting = headings.filter((heading) => heading.length >= 4 && startsWith(whole, heading));
  const best = fitting.sort((a, b) => b.length - a.length).map((heading) => trimSuffix(heading).title)[0];
  if (best !== undefined && best !== '') return { title: best, site: siteIn(whole, best) };
  const cut = trimSuffix(whole);
  // A page whose <title> names only the site has its article's title in a heading.
  const first = headings.find((heading) => heading.length >= 8);
  if (first !== undefined && (cut.title.length < 6 || columnName.test(cut.title)))
    return { title: trimSuffix(first).title, site: cut.site ?? cut.title };
  return cut;
}

/** Cuts what looks like names of sites and columns off the end of a `<title>`. */
export function trimSuffix(whole: string): PageTitle {
  let title = whole;
  let site: string | null = null;
  for (let i = 0; i < 6; i++) {
    const at = lastSeparator(title);
    if (at === null) break;
    const rest = title.slice(at.end).trim();
    const head = title.slice(0, at.start).trim();
    const sure = sureSeparator.test(title.slice(at.start, at.end));
    if (head.length < 4 || rest.length > 24 || !(sure ? !/[，。！？；]/u.test(rest) : isName(rest, head))) break;
    site ??= rest === '' ? null : rest;
    title = head;
  }
  return { title, site };
}

/** Between a title and the names after it. One `-` or `—` may belong to the title, so those need a name behind them. */
const separators = /\s*(?:[_|｜丨┃]|--+|——+|\s[-–—·]\s|[-–—])\s*/u;
const sureSeparator = /[_|｜丨┃]|--|\s[-–—]\s/u;
const siteName =
  /(?:网|网站|新闻|频道|门户|客户端|日报|晚报|早报|晨报|时报|商报|都市报|官网|在线|资讯|财经|科技|娱乐|体育|军事|公报|电视台|广播|传媒|融媒|论坛|社区|博客|空间|首页|专题|政府|委员会|办事处|办公室|局|厅|部|news|\.com|\.cn|\.net|网易订阅|百度|腾讯|新浪|搜狐|凤凰|澎湃)[^，。！？；：]{0,6}$/iu;
const columnName = /(?:动态|公告|通知|新闻|频道|首页|资讯|详情|正文|信息|栏目|官网)$/u;

/** A site's name, or behind a long title a short word, which is the column's. */
function isName(rest: string, head: string): boolean {
  return rest === '' || siteName.test(rest) || (head.length >= 8 && /^\p{Script=Han}{2,4}$/u.test(rest));
}

function lastSeparator(title: string): { start: number; end: number } | null {
  let found: { start: number; end: number } | null = null;
  const all = new RegExp(separators, 'gu');
  for (let match = all.exec(title); match !== null; match = all.exec(title))
    found = { start: match.index, end: match.index + match[0].length };
  return found;
}

function siteIn(whole: string, title: string): string | null {
  const rest = whole.slice(title.length).split(separators).filter(Boolean);
  const last = rest.at(-1)?.trim() ?? '';
  return last === '' || last.length > 24 ? null : last;
}

function headingsOf(document: PageDocument): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll('h1, h2, h3, [class*="title" i], [id*="title" i], [itemprop="headline"]')) {
    if (found.length >= 40) break;
    const text = oneLine((element.textContent ?? '').slice(0, 400));
    if (text !== '' && text.length <= 200) found.push(text);
  }
  return found;
}

function metaTitle(document: PageDocument): string[] {
  const found: string[] = [];
  for (const selector of [
    'meta[property="og:title"]',
    'meta[name="og:title"]',
    'meta[name="twitter:title"]',
    'meta[name="ArticleTitle" i]',
  ]) {
    const value = oneLine(document.querySelector(selector)?.getAttribute('content') ?? '');
    if (value !== '') found.push(value);
  }
  return found;
}

function textOf(document: PageDocument, selector: string): string {
  return oneLine(document.querySelector(selector)?.textContent ?? '');
}

/** Whether `whole` begins with `part`, whatever the white space and quotation marks. */
function startsWith(whole: string, part: string): boolean {
  return squash(whole).startsWith(squash(part));
}

function squash(text: string): string {
  return text.replace(/[\s"“”'‘’]/gu, '');
}
