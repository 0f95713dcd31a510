import { type AlertMessage, categoryInfo, drillMark, levelMark, minuteOf } from '@guanlan/domain';

/**
 * An alert in words, for the kinds that people read. Everything in it is plain text on one line, bounded, and the most needed
 * comes first. It names events, sources and departments, and never a person.
 */
export interface Wording {
  /** Marks (drill, test), level and title. */
  head: string;
  /** Each a line of one or more sentences: why now, what about, how much, on what evidence. */
  facts: string[];
  items: { title: string; from: string; url: string | null }[];
  /** Console address of the alert; null when none is configured. */
  link: string | null;
}

/** Characters (UTF-16) that the parts are held to, so that the head fits every kind; the reason only to what no kind could carry. */
const bounds = { title: 100, reason: 20_000, list: 200, snippet: 120, url: 300 };

export function wordingOf(message: AlertMessage): Wording {
  const { notice, test, drill, link } = message;
  const marks = [
    drill === true && !message.title.startsWith(drillMark) ? drillMark : '',
    test === true ? '【测试】' : '',
    notice === undefined && test !== true ? levelMark(message) : '',
  ].join('');
  // A digest's reason has a line for each alert it tells of.
  const reason = message.reason.split('\n').map((line) => bounded(line, bounds.reason));
  const facts = notice !== undefined || test === true ? reason : [...reason, ...about(message), howMuch(message), ...evidence(message)];
  return {
    head: `${marks}${bounded(message.title, bounds.title)}`,
    facts,
    items: message.items.map((item) => ({
      title: bounded(item.title, bounds.title),
      from: [bounded(item.source, bounds.title), item.publishedAt === null ? '' : clock(item.publishedAt)].filter(Boolean).join('，'),
      url: readable(item.url),
    })),
    link,
  };
}

/** Whitespace and what only steers a display (line ends, direction marks) become one space: a title cannot set up lines of its own. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function about({ categories, places, departments }: AlertMessage): string[] {
  const parts = [
    categories.length > 0 ? `类别：${categories.map((id) => categoryInfo(id).title).join('、')}` : '',
    places.length > 0 ? `地点：${bounded(places.join('、'), bounds.list)}` : '',
    departments.length > 0 ? `建议承办：${bounded(departments.join('、'), bounds.list)}` : '',
  ].filter(Boolean);
  return parts.length === 0 ? [] : [`${parts.join('；')}。`];
}

function howMuch({ itemCount, sourceCount, firstSeenAt }: AlertMessage): string {
  return `已有 ${itemCount} 条信息、${sourceCount} 个来源，最早发现于 ${clock(firstSeenAt)}。`;
}

function evidence({ evidence: found }: AlertMessage): string[] {
  return found.map(({ term, snippet }) => `依据：“${bounded(term, bounds.snippet)}”，见“${bounded(snippet, bounds.snippet)}”。`);
}

/** `11-23 11:10` in Shanghai. */
function clock(at: string): string {
  return minuteOf(new Date(at)).slice(5);
}

function bounded(text: string, limit: number): string {
  const one = plain(text);
  return one.length <= limit ? one : `${one.slice(0, limit - 1).toWellFormed()}…`;
}

/** An address that nobody could read or press is left to the console. */
function readable(url: string | null): string | null {
  return url !== null && url.length <= bounds.url && /^https?:\/\/\S+$/iu.test(url) ? url : null;
}
