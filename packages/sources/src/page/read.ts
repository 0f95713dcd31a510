import { canonicalUrl } from '@guanlan/domain';
import { type DecodeOptions, decode } from '../decode.ts';
import { absolute } from '../feed/entry.ts';
import { plainText, plainTitle } from '../text.ts';
import { readBody } from './body.ts';
import { trimBoilerplate } from './boilerplate.ts';
import { articleLimits, type PageDocument, parsePage } from './dom.ts';
import { readPublished } from './published.ts';
import { readTitle, trimSuffix } from './title.ts';

/** An article page, as the command `page` prints it. */
export interface Page {
  url: string | null;
  /** What the page calls its own address, else `url` without its fragment. */
  canonicalUrl: string | null;
  siteName: string | null;
  charset: string;
  /** Without the site's name. */
  title: string;
  /** Main text; paragraphs are lines. */
  text: string;
  publishedAt: Date | null;
}

export interface ReadPageOptions extends DecodeOptions {
  /** Where the page came from. */
  url?: string | undefined;
  /** What relative dates (3小时前) are relative to: when the page was fetched. Default: they are not read. */
  now?: Date | undefined;
}

/**
 * Reads an article page of any encoding. Gives what it finds; an empty title or text means that the page has none.
 *
 * @throws GuanlanError `body-too-large`
 */
export async function readPage(bytes: Uint8Array, options: ReadPageOptions = {}): Promise<Page> {
  const { text: html, charset } = decode(bytes, options);
  const url = options.url ?? null;
  const document = await parsePage(html, articleLimits);
  if (document === null) {
    const named = /<title[^>]{0,200}>([^<]{1,1000})</iu.exec(html.slice(0, 100_000))?.[1] ?? '';
    const { title, site } = trimSuffix(plainTitle(named));
    return { url, canonicalUrl: own(url), siteName: site, charset, title, text: plainText(html), publishedAt: null };
  }
  const { title, site } = readTitle(document);
  const page = {
    url,
    canonicalUrl: declaredUrl(document, url) ?? own(url),
    siteName: attribute(document, 'meta[property="og:site_name"]', 'content') ?? site,
    charset,
    title,
    publishedAt: readPublished(document, html, title, options.now ?? null),
  };
  return { ...page, text: trimBoilerplate(await readBody(document), title) };
}

/** `<link rel=canonical>` or og:url, as long as it names a page of the same site that is not merely its front page. */
function declaredUrl(document: PageDocument, url: string | null): string | null {
  const value = attribute(document, 'link[rel="canonical" i]', 'href') ?? attribute(document, 'meta[property="og:url"]', 'content');
  const found = value === null ? null : absolute(value, url);
  if (found === null || URL.parse(found)?.pathname === '/') return null;
  return own(found);
}

function own(url: string | null): string | null {
  return url === null ? null : canonicalUrl(url);
}

function attribute(document: PageDocument, selector: string, name: string): string | null {
  const value = document.querySelector(selector)?.getAttribute(name)?.trim() ?? '';
  return value === '' ? null : value;
}
