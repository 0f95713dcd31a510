import iconv from 'iconv-lite';
import type { Site } from './sites.ts';

/** Bytes of a document in its site's encoding. */
export function encode(document: string, site: Pick<Site, 'charset'>): Buffer {
  return iconv.encode(document, site.charset);
}

/** What its documents say their encoding is: mostly the truth. */
export function declaredCharset(site: Pick<Site, 'charset' | 'declared'>): string {
  return site.declared ?? site.charset;
}

/** For text and double-quoted attributes of HTML and XML. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"]/gu, (char) => `&#${char.charCodeAt(0)};`);
}
