import { readDate, readFullDate } from '../date.ts';
import { readFeedDate } from '../feed/date.ts';
import { plainText } from '../text.ts';
import type { PageDocument } from './dom.ts';

/**
 * When an article was published, by the page's own word: metadata, JSON-LD, `<time>`, then the date it shows near its
 * title. Null rather than a date that belongs to something else.
 *
 * @param title as the page shows it, to know where to look
 * @param now what relative dates and dates without a year are relative to; null: they are not read
 */
export function readPublished(document: PageDocument, html: string, title: string, now: Date | null): Date | null {
  const stated = fromMeta(document) ?? fromJsonLd(document) ?? fromTime(document);
  const shown = fromText(html, title, now);
  if (stated === null) return shown;
  if (shown === null || isMidnight(shown) || Math.abs(shown.getTime() - stated.getTime()) >= 86_400_000) return stated;
  // Metadata that only knows the day, or was moved on by a later edit, gives way to the minute that readers are shown.
  return isMidnight(stated) || shown < stated ? shown : stated;
}

const metaNames =
  /^(?:article:published_time|og:published_time|og:release_date|bytedance:published_time|article:create_at|weibo:\s*article:create_at|publishdate|pubdate|publish-date|publish_date|publication_date|published_time|datepublished|dc\.date(?:\.issued|\.created)?|dcterms\.(?:created|issued|date)|firstpublishedtime|apub:time|_pubtime|sailthru\.date|parsely-pub-date)$/iu;

function fromMeta(document: PageDocument): Date | null {
  for (const meta of document.querySelectorAll('meta[content]')) {
    const name = meta.getAttribute('property') ?? meta.getAttribute('name') ?? meta.getAttribute('itemprop') ?? '';
    if (!metaNames.test(name.trim())) continue;
    const date = readStated(meta.getAttribute('content') ?? '');
    if (date !== null) return date;
  }
  return null;
}

/** What programs write for programs: also RFC 822 dates, fourteen digits, and seconds or milliseconds since 1970. */
function readStated(value: string): Date | null {
  const text = value.trim();
  const stamp = /^(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?$/u.exec(text);
  if (stamp !== null)
    return readFullDate(`${stamp[1]}-${stamp[2]}-${stamp[3]} ${stamp[4] ?? '00'}:${stamp[5] ?? '00'}:${stamp[6] ?? '00'}`);
  if (/^1\d{9}(?:\d{3})?$/u.test(text)) return new Date(Number(text.padEnd(13, '0')));
  return readFullDate(text) ?? readFeedDate(text);
}

function fromJsonLd(document: PageDocument): Date | null {
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    // The date is all that is wanted, and half of these scripts are not valid JSON.
    const value = /"(?:datePublished|pubDate|upDate)"\s*:\s*"([^"]{4,60})"/u.exec((script.textContent ?? '').slice(0, 100_000))?.[1];
    const date = value === undefined ? null : readStated(value);
    if (date !== null) return date;
  }
  return null;
}

function fromTime(document: PageDocument): Date | null {
  for (const time of document.querySelectorAll('[itemprop="datePublished"], time[pubdate], article time[datetime], time[datetime]')) {
    const date = readFullDate(time.getAttribute('datetime') ?? time.getAttribute('content') ?? time.textContent ?? '');
    if (date !== null) return date;
  }
  return null;
}

const notPublication = /版权|备案|copyright|©|ICP|有效期|截至|截止|更新于|注册/iu;
const label = /(?:发布|发表|刊发|发稿|更新|编辑|录入|上传|成文)?(?:时间|日期)\s*[:：]|(?:发布|发表)于/u;

/** The date near the title: a labelled one first, then the first line that is little more than a date. */
function fromText(html: string, title: string, now: Date | null): Date | null {
  const lines = plainText(html, 400_000).split('\n');
  const wanted = squash(title).slice(0, 16);
  const at =
    wanted === ''
      ? -1
      : lines.findLastIndex((line, i) => i < 600 && line.length < 300 && squash(line).includes(wanted) && !line.includes('_'));
  const first = wanted === '' ? -1 : lines.findIndex((line) => squash(line).startsWith(wanted));
  // A title may name the day of what it announces.
  const near = [...around(lines, first), ...around(lines, at)].filter((line) => squash(line) !== squash(title));
  const elsewhere = pick(lines.slice(0, 400), null) ?? pick(lines.slice(-40), null);
  return pick(near, now) ?? (elsewhere !== null && isAhead(elsewhere, now) ? null : elsewhere);
}

function around(lines: readonly string[], at: number): string[] {
  return at === -1 ? [] : [...lines.slice(at, at + 16), ...lines.slice(Math.max(0, at - 4), at).reverse()];
}

/** @param now null where only a date with its year is trusted */
function pick(lines: readonly string[], now: Date | null): Date | null {
  const read = (line: string) => {
    const date = readFullDate(line) ?? (now !== null && line.length < 40 ? readDate(line, now) : null);
    // A day still to come is that of what the page announces; clocks may be a day apart.
    return date !== null && isAhead(date, now) ? null : date;
  };
  let loose: Date | null = null;
  for (const line of lines) {
    if (line.length > 200 || !/[\d前昨今刚]/u.test(line) || notPublication.test(line)) continue;
    const labelled = label.exec(line);
    if (labelled !== null) {
      const date = read(line.slice(labelled.index));
      if (date !== null) return date;
    }
    if (loose === null && (line.length < 80 || /来源|作者|编辑|字体|阅读|浏览|点击/u.test(line))) loose = read(line);
  }
  return loose;
}

function isAhead(date: Date, now: Date | null): boolean {
  return now !== null && date.getTime() > now.getTime() + 86_400_000;
}

function isMidnight(date: Date): boolean {
  return (date.getTime() + 8 * 3_600_000) % 86_400_000 === 0;
}

function squash(text: string): string {
  return text.replace(/[\s"“”'‘’]/gu, '');
}
