import { GuanlanError } from '@guanlan/domain';
import { readDate, readFullDate } from '../date.ts';
import { absolute } from '../feed/entry.ts';
import { type PageDocument, type PageElement, parsePage } from '../page/dom.ts';
import { oneLine } from '../text.ts';

/** One article that a list page names. */
export interface ListEntry {
  url: string;
  title: string;
  publishedAt: Date | null;
}

/** CSS selectors that a person has set. `title` and `date` are looked for inside each item; without `item` the links are the items. */
export interface ListSelectors {
  item?: string | undefined;
  link?: string | undefined;
  title?: string | undefined;
  date?: string | undefined;
}

export interface ReadListOptions {
  /** The page's own address, for relative links. */
  base: string;
  selectors?: ListSelectors | undefined;
  /** What dates without a year are relative to; without it only full dates are read. */
  now?: Date | undefined;
}

/** Links read from one page at most. */
const entryLimit = 500;

/**
 * The articles of a list page, in the page's order, each address once. Without selectors: of the groups of links that stand in the
 * same kind of place, the one that reads most like a list of headlines.
 *
 * @throws GuanlanError `not-a-list` when there is none; `bad-input` for a selector that is no CSS
 */
export async function readList(html: string, options: ReadListOptions): Promise<ListEntry[]> {
  const document = await parsePage(html);
  if (document === null) throw new GuanlanError('not-a-list', `页面嵌套过深或过大，无法作为列表页读取：${options.base}`);
  const base = absolute(document.querySelector('base[href]')?.getAttribute('href') ?? '', options.base) ?? options.base;
  const { item, link } = options.selectors ?? {};
  const items = item !== undefined || link !== undefined ? selected(document, options.selectors ?? {}) : found(document, base);
  const entries = new Map<string, ListEntry>();
  for (const each of items) {
    const entry = entryOf(each, base, options);
    if (entry === null) continue;
    const before = entries.get(entry.url);
    // A picture and a headline often link to the same article: the longer text is the title.
    if (before === undefined) entries.set(entry.url, entry);
    else if (before.title.length < entry.title.length)
      entries.set(entry.url, { ...entry, publishedAt: entry.publishedAt ?? before.publishedAt });
    if (entries.size >= entryLimit) break;
  }
  if (entries.size === 0) {
    const advice = item === undefined && link === undefined ? '可用选择器指明每一条（item）和链接（link）' : '请检查选择器是否与页面相符';
    throw new GuanlanError('not-a-list', `页面中找不到文章列表：${options.base}。${advice}。`);
  }
  return [...entries.values()];
}

interface Item {
  anchor: PageElement;
  /** What belongs to the entry besides its link: its date. */
  around: PageElement;
  title: string;
  date: string;
}

function selected(document: PageDocument, selectors: ListSelectors): Item[] {
  try {
    const items =
      selectors.item === undefined ? document.querySelectorAll(selectors.link ?? 'a[href]') : document.querySelectorAll(selectors.item);
    const result: Item[] = [];
    const several = new Map<PageElement, boolean>();
    for (const around of items) {
      const anchor = selectors.item === undefined || around.tagName === 'A' ? around : around.querySelector(selectors.link ?? 'a[href]');
      if (anchor === null) continue;
      const title = selectors.title === undefined ? null : around.querySelector(selectors.title);
      const date = selectors.date === undefined ? null : around.querySelector(selectors.date);
      result.push({
        anchor,
        around: selectors.item === undefined ? holderOf(anchor, several) : around,
        title: textOf(title),
        date: textOf(date),
      });
    }
    return result;
  } catch (error) {
    throw new GuanlanError('bad-input', `选择器不是有效的 CSS：${Object.values(selectors).filter(Boolean).join('，')}`, { cause: error });
  }
}

/** Groups links by where they stand and takes the group that reads most like headlines. */
function found(document: PageDocument, base: string): Item[] {
  const groups = new Map<string, { items: Item[]; score: number; urls: Set<string> }>();
  const several = new Map<PageElement, boolean>();
  for (const anchor of document.querySelectorAll('a[href]')) {
    const href = anchor.getAttribute('href') ?? '';
    const url = absolute(href, base);
    if (url === null || href.startsWith('#') || sameDocument(url, base)) continue;
    const title = titleOf(anchor);
    if (title === '') continue;
    const key = placeOf(anchor);
    const group = groups.get(key) ?? { items: [], score: 0, urls: new Set<string>() };
    groups.set(key, group);
    const around = holderOf(anchor, several);
    const item = { anchor, around, title: '', date: '' };
    group.items.push(item);
    if (group.urls.has(url)) continue;
    group.urls.add(url);
    group.score += worth(title, url, base, textOf(around));
  }
  const best = [...groups.values()].filter((group) => group.urls.size >= 3 && group.score > 0).sort((a, b) => b.score - a.score)[0];
  return best?.items ?? [];
}

/** How much a link looks like an article's: long text, an address with numbers in it, a date beside it. */
function worth(title: string, url: string, base: string, around: string): number {
  const length = [...title].length;
  // Columns, "更多" and "下一页" are short; below this a text pulls its group down.
  let value = length < 7 ? -6 : Math.min(length, 30);
  if (/\d{3,}|\.s?html?$|[?&](?:id|aid|tid)=/iu.test(new URL(url).pathname + new URL(url).search)) value += 4;
  if (new URL(url).host !== new URL(base).host) value -= 10;
  if (readFullDate(around) !== null || /(?<!\d)(?:[01]\d[-/.月][0-3]\d)/u.test(around)) value += 12;
  return value;
}

/** Tag and class of an element and its near ancestors: links of one list share it. */
function placeOf(anchor: PageElement): string {
  const parts: string[] = [];
  let element: PageElement | null = anchor;
  for (let i = 0; i < 5 && element !== null && element.tagName !== 'BODY'; i++, element = element.parentElement) {
    // Numbers and states in class names (item-3, odd, first) tell rows of one list apart; they are not its kind.
    const classes = (element.getAttribute('class') ?? '')
      .replace(/\b(?:odd|even|first|last|active|current|on|hover)\b|\d+/giu, '')
      .trim()
      .split(/\s+/u)
      .sort()
      .join('.');
    parts.push(`${element.tagName}${i === 0 ? '' : `.${classes}`}`);
  }
  return parts.join('>');
}

/** The row that a link stands in: the smallest ancestor that holds more than the link, as long as it holds no other article. */
function holderOf(anchor: PageElement, several: Map<PageElement, boolean>): PageElement {
  let holder = anchor;
  for (let i = 0; i < 4; i++) {
    const parent = holder.parentElement;
    if (parent === null || parent.tagName === 'BODY' || parent.tagName === 'UL' || parent.tagName === 'TBODY') break;
    const crowded = several.get(parent) ?? holdsSeveral(parent);
    // Thousands of links may stand beside each other: what holds them is looked through once, not for each.
    several.set(parent, crowded);
    if (crowded) return holder;
    holder = parent;
    if (parent.tagName === 'LI' || parent.tagName === 'TR' || parent.tagName === 'ARTICLE') break;
  }
  return holder;
}

function holdsSeveral(element: PageElement): boolean {
  const targets = new Set<string>();
  for (const link of element.querySelectorAll('a[href]')) {
    if (oneLine(link.textContent ?? '').length >= 7) targets.add(link.getAttribute('href') ?? '');
    if (targets.size > 1) return true;
  }
  return false;
}

function entryOf(item: Item, base: string, options: ReadListOptions): ListEntry | null {
  const url = absolute(item.anchor.getAttribute('href') ?? '', base);
  const title = item.title !== '' ? item.title : titleOf(item.anchor);
  if (url === null || title === '') return null;
  const text = item.date !== '' ? item.date : textOf(item.around).replace(title, ' ');
  const now = options.now;
  const publishedAt =
    now === undefined
      ? readFullDate(text)
      : item.date !== '' || text.length < 60
        ? readDate(text, now)
        : (readFullDate(text) ?? readDate(text.slice(-20), now));
  return { url, title: stripDate(title), publishedAt };
}

/** The title attribute says in full what the visible text abbreviates. */
function titleOf(anchor: PageElement): string {
  const shown = textOf(anchor);
  const full = oneLine(anchor.getAttribute('title') ?? '');
  const visible = shown.replace(/(?:\.{3}|…)+$/u, '');
  return full.length > visible.length && full.startsWith(visible) ? full : shown;
}

/** A date that stands inside the link, at either end of its text, is not part of the title. */
function stripDate(title: string): string {
  const date = String.raw`[[(（【]?(?:20\d\d[-/.年])?[01]?\d[-/.月][0-3]?\d日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\])）】]?`;
  const rest = title.replace(new RegExp(`^(?:${date})\\s+|\\s+(?:${date})$`, 'u'), '').trim();
  return rest.length >= 4 ? rest : title;
}

function textOf(element: PageElement | null): string {
  return element === null ? '' : oneLine((element.textContent ?? '').slice(0, 2_000));
}

function sameDocument(url: string, base: string): boolean {
  return url.split('#')[0] === base.split('#')[0];
}
