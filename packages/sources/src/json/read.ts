import { GuanlanError, type RawItem } from '@guanlan/domain';
import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3';
import { readDate, readFullDate } from '../date.ts';
import { readFeedDate } from '../feed/date.ts';
import { absolute } from '../feed/entry.ts';
import { looksLikeHtml, plainText, plainTitle } from '../text.ts';

/** Where the fields of an item stand, as JSONPath (RFC 9535). `items` is looked for in the whole answer, the others in each item. */
export interface JsonMapping {
  items: string;
  title: string;
  /** A path, or an address with paths in braces: `https://example.org/a/{$.id}`. */
  link?: string | undefined;
  text?: string | undefined;
  date?: string | undefined;
  id?: string | undefined;
}

export interface ReadJsonOptions {
  /** Where the answer came from, for relative addresses. */
  url: string;
  now: Date;
}

const itemLimit = 1_000;
const textLimit = 200_000;
const environment = new JSONPathEnvironment({ maxRecursionDepth: 100 });

/**
 * Reads the items of an API's answer, in its order. Entries without a title and a text are left out.
 *
 * @throws GuanlanError `bad-input` for a path that is no JSONPath; `not-a-list` when the answer is no JSON or has no items where `items` points
 */
export function readJson(text: string, mapping: JsonMapping, options: ReadJsonOptions): RawItem[] {
  const paths = compile(mapping);
  const document = parse(text, options.url);
  const found = query(paths.items, document);
  // A path may point at the list itself or at each of its members.
  const items = found.length === 1 && Array.isArray(found[0]) ? found[0] : found;
  if (found.length === 0)
    throw new GuanlanError('not-a-list', `接口的回答中没有“${mapping.items}”所指的内容${hint(document)}：${options.url}`);
  return items.slice(0, itemLimit).flatMap((item) => itemOf(item, paths, options));
}

interface Paths {
  items: JSONPathQuery;
  title: JSONPathQuery;
  link: (item: JSONValue) => string;
  text: JSONPathQuery | null;
  date: JSONPathQuery | null;
  id: JSONPathQuery | null;
}

/** Checks a mapping without any answer. @throws GuanlanError `bad-input` */
export function compile(mapping: JsonMapping): Paths {
  const optional = (path: string | undefined) => (path === undefined ? null : compilePath(path));
  return {
    items: compilePath(mapping.items),
    title: compilePath(mapping.title),
    link: linkOf(mapping.link),
    text: optional(mapping.text),
    date: optional(mapping.date),
    id: optional(mapping.id),
  };
}

function compilePath(path: string): JSONPathQuery {
  try {
    return environment.compile(path.startsWith('$') ? path : `$.${path}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new GuanlanError('bad-input', `“${path}”不是有效的 JSONPath（如 $.data.list[*]、$.title）：${why}`, { cause: error });
  }
}

function linkOf(link: string | undefined): (item: JSONValue) => string {
  if (link === undefined) return () => '';
  if (!/^https?:\/\//iu.test(link)) {
    const path = compilePath(link);
    return (item) => first(path, item);
  }
  const parts = link.split(/\{([^{}]+)\}/u).map((part, i) => (i % 2 === 0 ? part : compilePath(part)));
  return (item) => {
    let missing = false;
    const url = parts.map((part) => {
      if (typeof part === 'string') return part;
      const value = first(part, item);
      missing ||= value === '';
      return encodeURIComponent(value);
    });
    return missing ? '' : url.join('');
  };
}

function parse(text: string, url: string): JSONValue {
  // Some interfaces answer in the form of a script: callback({...});
  const bare = text.replace(/^[\s\ufeff]+/u, '');
  const script = /^[\w$.]{1,80}\s*\(([\s\S]*)\)\s*;?\s*$/u.exec(bare)?.[1];
  try {
    return JSON.parse(script ?? bare) as JSONValue;
  } catch (error) {
    const page = bare.startsWith('<') ? '，回答的是网页，可能需要登录或地址有误' : '';
    throw new GuanlanError('not-a-list', `接口的回答不是 JSON${page}：${url}`, { cause: error });
  }
}

function query(path: JSONPathQuery, value: JSONValue): JSONValue[] {
  try {
    return path.query(value).values() as JSONValue[];
  } catch (error) {
    throw new GuanlanError('parse-limit', '接口的回答嵌套过深，无法读取。', { cause: error });
  }
}

/** The first value that can be shown, as text. */
function first(path: JSONPathQuery | null, item: JSONValue): string {
  if (path === null) return '';
  for (const value of query(path, item)) {
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}

function itemOf(item: JSONValue, paths: Paths, { url, now }: ReadJsonOptions): RawItem[] {
  const title = plainTitle(first(paths.title, item), 500);
  const raw = first(paths.text, item).slice(0, textLimit * 4);
  const text = (looksLikeHtml(raw) ? plainText(raw) : raw.trim()).slice(0, textLimit);
  if (title === '' && text === '') return [];
  const id = first(paths.id, item).slice(0, 500);
  const link = absolute(paths.link(item), url);
  return [{ url: link, externalId: id === '' ? null : id, title, text, publishedAt: dateOf(first(paths.date, item), now) }];
}

/** Seconds or milliseconds since 1970, or any date that feeds and Chinese pages write. */
function dateOf(value: string, now: Date): Date | null {
  const text = value.trim();
  if (text === '') return null;
  if (/^\d{10}(?:\.\d+)?$/u.test(text)) return new Date(Number(text) * 1_000);
  if (/^\d{13}$/u.test(text)) return new Date(Number(text));
  // Without a zone a Chinese interface means Shanghai's time, so that reading goes first.
  const zoned = /[+-]\d{2}:?\d{2}$|z$|gmt|utc/iu.test(text);
  return (zoned ? readFeedDate(text) : null) ?? readFullDate(text) ?? readFeedDate(text) ?? readDate(text, now);
}

/** What an interface says of itself when it refuses. */
function hint(document: JSONValue): string {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return '';
  for (const name of ['message', 'msg', 'error', 'errmsg', 'info']) {
    const value = document[name];
    if (typeof value === 'string' && value !== '') return `（接口说：${value.slice(0, 100)}）`;
  }
  return '';
}
