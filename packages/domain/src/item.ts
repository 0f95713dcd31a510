import { canonicalUrl } from './canonical-url.ts';
import { digest, fingerprintOf } from './fingerprint.ts';
import { type Redacted, redact } from './redact.ts';
import { suspects } from './redact-suspect.ts';
import type { AuthorKind } from './source.ts';

/** What any door (feed, list page, import, intake, direct report) yields: plain text, not yet redacted. Never stored. */
export interface RawItem {
  url: string | null;
  /** A stable id the source gives its entry (guid, externalId), when it has one. */
  externalId: string | null;
  title: string;
  text: string;
  publishedAt: Date | null;
}

/** What the first write stores: redacted, with the two keys that make storing it twice impossible. */
export interface PreparedItem {
  /** 32 hex digits: identity of the post (canonical URL, or source + external id, or content). Unique in the table. */
  key: string;
  /** 32 hex digits: what the text says, whatever its address. Equal fingerprints are exact copies of each other. */
  fingerprint: string;
  url: string | null;
  title: string;
  text: string;
  publishedAt: Date | null;
  authorKind: AuthorKind;
  redactions: number;
}

/** Bounds on what is stored; longer titles and texts are cut at these many UTF-16 units. */
export const itemLimits = { title: 500, text: 200_000, url: 2_000 };

/** Control characters but tab and line ends: PostgreSQL cannot hold NUL, and the others say nothing. */
const unstorable = /(?![\t\n\r])\p{Cc}/gu;

/**
 * Turns a raw item into what may be stored. Every door goes through here and nothing else writes items, so that
 * redaction before the first write (个人信息保护法 art. 6, 19) holds by construction.
 *
 * @param scope names the source, for entries that have neither an address nor a text of their own.
 */
export function prepareItem(raw: RawItem, scope: { sourceId: number; authorKind: AuthorKind }): PreparedItem {
  const title = storable(raw.title, itemLimits.title);
  const text = storable(raw.text, itemLimits.text);
  const url = raw.url === null || raw.url.length > itemLimits.url ? null : canonicalUrl(raw.url);
  const fingerprint = fingerprintOf(title.text, text.text);
  const identity = url ?? (raw.externalId === null ? `${scope.sourceId}\n${fingerprint}` : `${scope.sourceId}\n${raw.externalId}`);
  return {
    key: digest(identity),
    fingerprint,
    url,
    title: title.text,
    text: text.text,
    publishedAt: plausible(raw.publishedAt),
    authorKind: scope.authorKind,
    redactions: title.count + text.count,
  };
}

/** The key an item at this address has; null when the address identifies nothing. */
export function keyOfUrl(url: string): string | null {
  const canonical = url.length > itemLimits.url ? null : canonicalUrl(url);
  return canonical === null ? null : digest(canonical);
}

/** The digest that a sender's own id is kept as: the key of an item of this source that has this id and no address. */
export function externalKeyOf(externalId: string, sourceId: number): string {
  return digest(`${sourceId}\n${externalId}`);
}

/** Cleaned, then redacted. A text in which one look finds nothing to do, as most are, stays as it is. */
function storable(value: string, limit: number): Redacted {
  const asItIs = value.length <= limit && value.trim().length === value.length && suspects(value) === 0;
  return asItIs ? { text: value, count: 0 } : redact(clean(value, limit));
}

/** Removes what PostgreSQL cannot hold (NUL, lone surrogates) and control characters; trims; cuts to `limit`. */
function clean(value: string, limit: number): string {
  const text = (value.isWellFormed() ? value : value.toWellFormed()).replace(unstorable, '').trim();
  if (text.length <= limit) return text;
  return text.slice(0, limit).toWellFormed();
}

/** A date no PostgreSQL timestamp should hold, or an invalid one, is no date. */
function plausible(date: Date | null): Date | null {
  if (date === null || Number.isNaN(date.getTime())) return null;
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2200 ? date : null;
}
