import { plainText, plainTitle, tidy } from '../text.ts';
import { readFeedDate } from './date.ts';
import { absolute } from './entry.ts';
import { type FeedEntry, feedLimits } from './feed.ts';

type Fields = Record<string, unknown>;

export interface JsonFeed {
  format: string;
  title: string;
  entries: FeedEntry[];
}

/**
 * Reads JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/). Null when the value is JSON but no feed: it must
 * name its version or have a list of items.
 */
export function readJsonFeed(value: unknown, url: string | null): JsonFeed | null {
  if (!isFields(value)) return null;
  const version = /jsonfeed\.org\/version\/([\d.]{1,5})/u.exec(text(value.version))?.[1];
  if (version === undefined && !(Array.isArray(value.items) && value.items.some(isEntry))) return null;
  const base = absolute(text(value.feed_url), url) ?? absolute(text(value.home_page_url), url) ?? url;
  const items = Array.isArray(value.items) ? value.items.slice(0, feedLimits.entries).filter(isFields) : [];
  return {
    format: `json${version ?? ''}`,
    title: plainTitle(text(value.title), feedLimits.title),
    entries: items.map((item) => entryOf(item, base)),
  };
}

function entryOf(item: Fields, base: string | null): FeedEntry {
  const id = text(item.id).trim().slice(0, feedLimits.id);
  const url = absolute(text(item.url), base) ?? absolute(text(item.external_url), base) ?? absolute(/^https?:/u.test(id) ? id : '', null);
  const updatedAt = readFeedDate(text(item.date_modified));
  return {
    id: id === '' ? url : id,
    url,
    title: plainTitle(text(item.title), feedLimits.title),
    text:
      tidy(text(item.content_text)).slice(0, feedLimits.text) ||
      plainText(text(item.content_html), feedLimits.text) ||
      plainText(text(item.summary), feedLimits.text),
    publishedAt: readFeedDate(text(item.date_published)) ?? updatedAt,
    updatedAt,
  };
}

/** What no other JSON has: the format's own names for a text, or a title beside an address, an id or a date. */
function isEntry(item: unknown): boolean {
  if (!isFields(item)) return false;
  if (typeof item.content_text === 'string' || typeof item.content_html === 'string') return true;
  return item.title !== undefined && ['date_published', 'url', 'id'].some((key) => item[key] !== undefined);
}

/** Ids and dates are numbers in some feeds, though the format asks for strings. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
