import { GuanlanError } from '@guanlan/domain';
import { type DecodeOptions, decode } from '../decode.ts';
import { unzipped } from '../unzip.ts';
import type { Feed } from './feed.ts';
import { readJsonFeed } from './json-feed.ts';
import { readXmlFeed } from './xml-feed.ts';

export interface ParseFeedOptions extends DecodeOptions {
  /** Where the document came from, for relative addresses. */
  url?: string | undefined;
}

/**
 * Reads a feed of any common format and encoding: RSS 0.9x/1.0/2.0, Atom 0.3/1.0, JSON Feed 1.x. Ill-formed documents give
 * what can be read; time and memory are bounded by the document's length, whatever it contains.
 *
 * @throws GuanlanError `not-a-feed` with what the document looks like instead; `body-too-large`
 */
export function parseFeed(bytes: Uint8Array, options: ParseFeedOptions = {}): Feed {
  const { text, charset } = decode(
    unzipped(bytes, (error) => notAFeed('压缩的内容已损坏，无法解开', 'binary', error)),
    options,
  );
  const url = options.url ?? null;
  const first = /[^\s\ufeff\0]/u.exec(text.slice(0, 4_096))?.[0];
  if (first === undefined) throw notAFeed('内容是空的', charset);
  if (first === '{' || first === '[') {
    const feed = readJsonFeed(parseJson(text, charset), url);
    if (feed === null) throw notAFeed('这是 JSON，但不是 JSON Feed（没有 version，也没有 items 列表）', charset);
    return { format: feed.format, charset, title: feed.title, entries: feed.entries };
  }
  const feed = readXmlFeed(text, url);
  if (feed.format === null && (feed.entries.length === 0 || isHtml(feed.root))) throw notAFeed(appearance(text, feed.root), charset);
  return { format: feed.format ?? 'rss', charset, title: feed.title, entries: feed.entries };
}

function parseJson(text: string, charset: string): unknown {
  try {
    return JSON.parse(text.replace(/^[\s\ufeff\0]+/u, ''));
  } catch (error) {
    throw notAFeed('内容像 JSON，但格式有误，无法读取', charset, error);
  }
}

function isHtml(root: string | null): boolean {
  return root === 'html' || root === 'xhtml:html' || root === 'head' || root === 'body';
}

function appearance(text: string, root: string | null): string {
  if (isHtml(root) || /<!doctype\s+html|<html[\s>]/iu.test(text.slice(0, 4_096)))
    return '这是一个网页（HTML）。可改用“列表页”类型，或在网页中查找订阅地址';
  if (root === null) return '内容不是 XML 也不是 JSON，像是普通文本';
  if (root === 'urlset' || root === 'sitemapindex' || root.endsWith(':urlset')) return '这是站点地图（sitemap），不是订阅源';
  if (root === 'opml') return '这是 OPML 订阅列表，不是订阅源；请用导入功能';
  return `根元素是 <${root.slice(0, 40)}>，不是 RSS 或 Atom`;
}

function notAFeed(what: string, charset: string, cause?: unknown): GuanlanError {
  return new GuanlanError('not-a-feed', `内容不是可识别的订阅源：${what}。`, { cause, details: { charset } });
}
