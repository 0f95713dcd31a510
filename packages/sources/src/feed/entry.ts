import { isPlainUrl } from '@guanlan/domain';
import { looksLikeHtml, oneLine, plainText, plainTitle, tidy } from '../text.ts';
import { readFeedDate } from './date.ts';
import { type FeedEntry, feedLimits } from './feed.ts';

/** How a value is to be read: plain text, HTML that was escaped, or markup whose tags the XML reader already took out. */
export type Form = 'text' | 'html' | 'xhtml' | 'base64';

/** The value of one element. */
export interface Piece {
  value: string;
  form: Form;
}

/** What an element of an entry is about. `other…` is what counts only where the proper element is missing. */
export type Field =
  | 'title'
  | 'otherTitle'
  | 'link'
  | 'id'
  | 'otherId'
  | 'content'
  | 'summary'
  | 'otherText'
  | 'published'
  | 'otherDate'
  | 'updated';

export const entryFields: Readonly<Record<string, Field | undefined>> = {
  __proto__: null as never,
  title: 'title',
  'dc:title': 'otherTitle',
  'media:title': 'otherTitle',
  'itunes:title': 'otherTitle',
  link: 'link',
  guid: 'id',
  id: 'id',
  'dc:identifier': 'otherId',
  'content:encoded': 'content',
  content: 'content',
  'xhtml:body': 'content',
  'xhtml:div': 'content',
  fullitem: 'content',
  description: 'summary',
  summary: 'summary',
  abstract: 'summary',
  'dcterms:abstract': 'otherText',
  'dc:description': 'otherText',
  'media:description': 'otherText',
  'itunes:summary': 'otherText',
  'itunes:subtitle': 'otherText',
  pubdate: 'published',
  published: 'published',
  issued: 'published',
  'dcterms:issued': 'published',
  'dc:date': 'otherDate',
  'dcterms:created': 'otherDate',
  created: 'otherDate',
  updated: 'updated',
  modified: 'updated',
  'dcterms:modified': 'updated',
};

/** An entry while it is being read. */
export interface Draft {
  fields: Partial<Record<Field, Piece>>;
  /** The best address so far, and how good it is. */
  link: string;
  linkRank: number;
  linkBase: string | null;
  permalink: boolean;
}

export function newDraft(): Draft {
  return { fields: {}, link: '', linkRank: 0, linkBase: null, permalink: true };
}

/** Keeps the first value of each kind that is not empty. */
export function setField(draft: Draft, field: Field, piece: Piece): void {
  const before = draft.fields[field];
  if (before === undefined || (before.value.trim() === '' && piece.value !== '')) draft.fields[field] = piece;
}

/** Ranks of addresses: the entry's own page before anything that only belongs to it. */
export const linkRanks = { page: 9, alternate: 8, other: 4, permalink: 6, about: 5, enclosure: 2, self: 1 };

/** Offers an address; of equally good ones the first stays, or with `replace` the last one counts. */
export function offerLink(draft: Draft, url: string, rank: number, base: string | null, replace = false): void {
  if (rank < draft.linkRank || (rank === draft.linkRank && !replace) || url.trim() === '') return;
  draft.link = url;
  draft.linkRank = rank;
  draft.linkBase = base;
}

/** Finishes an entry. `base` is what its addresses are relative to where the document did not say. */
export function entryOf(draft: Draft, base: string | null): FeedEntry {
  const f = draft.fields;
  const ownId = cut(oneLine(f.id?.value || (f.otherId?.value ?? '')), feedLimits.id);
  if (draft.permalink && f.id !== undefined) {
    const value = f.id.value.trim();
    if (/^https?:\/\//iu.test(value)) offerLink(draft, value, linkRanks.permalink, null);
  }
  const url = absolute(draft.link, draft.linkBase ?? base);
  const updatedAt = dateOf(f.updated);
  return {
    id: ownId === '' ? url : ownId,
    url,
    title: titleOf(f.title) || titleOf(f.otherTitle),
    text: textOf(f.content) || textOf(f.summary) || textOf(f.otherText),
    publishedAt: dateOf(f.published) ?? dateOf(f.otherDate) ?? updatedAt,
    updatedAt,
  };
}

export function titleOf(piece: Piece | undefined | null): string {
  if (!piece) return '';
  const value = contentOf(piece);
  const html = piece.form === 'html' || (piece.form !== 'xhtml' && looksLikeHtml(value));
  return cut(html ? plainTitle(value, feedLimits.title) : oneLine(value), feedLimits.title);
}

function textOf(piece: Piece | undefined): string {
  if (piece === undefined) return '';
  const value = contentOf(piece);
  const html = piece.form === 'html' || (piece.form !== 'xhtml' && looksLikeHtml(value));
  return cut(html ? plainText(value, feedLimits.text) : tidy(value), feedLimits.text);
}

function contentOf(piece: Piece): string {
  return piece.form === 'base64' ? Buffer.from(piece.value, 'base64').toString('utf8') : piece.value;
}

function dateOf(piece: Piece | undefined): Date | null {
  return piece === undefined ? null : readFeedDate(piece.value);
}

function cut(value: string, limit: number): string {
  return value.length <= limit ? value : value.slice(0, limit).toWellFormed();
}

/** An http or https address, resolved against `base`; one that is absolute stays as it was written. Null when it is neither. */
export function absolute(value: string, base: string | null): string | null {
  const text = value.trim();
  if (text === '' || text.length > feedLimits.url) return null;
  if (isPlainUrl(text)) return text;
  if (/^https?:\/\/[^\s]+$/iu.test(text)) return URL.canParse(text) ? text : null;
  if (base === null && !/^[a-z][a-z0-9+.-]*:/iu.test(text)) return null;
  const url = URL.parse(text, base ?? undefined);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : null;
}
