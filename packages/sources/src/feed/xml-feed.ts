import { isBlock, isSilent } from '../text.ts';
import {
  absolute,
  type Draft,
  entryFields,
  entryOf,
  type Field,
  type Form,
  linkRanks,
  newDraft,
  offerLink,
  type Piece,
  setField,
  titleOf,
} from './entry.ts';
import { type FeedEntry, feedLimits } from './feed.ts';
import { type Attributes, readXml, type XmlHandler } from './xml.ts';

export interface XmlFeed {
  /** Null when the root element belongs to no feed format. */
  format: string | null;
  /** Name of the first element, lower case; null in a document without any. */
  root: string | null;
  title: string;
  entries: FeedEntry[];
}

/** Elements whose children count as if they stood in its place. */
const transparent = new Set(['rss', 'rdf:rdf', 'feed', 'channel', 'items', 'media:group', 'media:content', 'data']);

/**
 * Reads RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and CDF. Only direct children of a feed and of an entry count: what
 * an `image`, a `source` or an unknown extension holds is somebody else's title.
 *
 * @param url where the document came from, for relative addresses.
 */
export function readXmlFeed(document: string, url: string | null): XmlFeed {
  const feed: XmlFeed = { format: null, root: null, title: '', entries: [] };
  let bases: { depth: number; base: string | null }[] = [];
  let base = url;
  let depth = 0;
  let skipFrom = 0;
  let entryFrom = 0;
  let draft: Draft | null = null;
  let feedTitle: Piece | null = null;
  let feedLink: string | null = null;
  let field: Field | null = null;
  let fieldFrom = 0;
  let silentFrom = 0;
  let piece: Piece = { value: '', form: 'html' };

  const endEntry = () => {
    if (draft !== null && feed.entries.length < feedLimits.entries) feed.entries.push(entryOf(draft, base ?? feedLink));
    draft = null;
  };
  const isAtom = () => feed.format?.startsWith('atom') === true;
  const capture = (into: Field, form: Form) => {
    field = into;
    fieldFrom = depth;
    piece = { value: '', form };
    handler.wantsText = true;
  };
  const endField = () => {
    const name = field;
    handler.wantsText = false;
    field = null;
    silentFrom = 0;
    if (name === 'link') {
      if (draft !== null) offerLink(draft, piece.value, linkRanks.page, base, true);
      else feedLink ??= absolute(piece.value, base);
    } else if (draft !== null && name !== null) setField(draft, name, piece);
    else if (name === 'title' && (feedTitle === null || feedTitle.value.trim() === '')) feedTitle = piece;
  };
  const openInEntry = (name: string, attributes: Attributes, into: Draft) => {
    const found = entryFields[name];
    if (found === 'link') {
      const href = attributes.get('href');
      if (href === undefined) return capture('link', 'text');
      offerLink(into, href, rankOf(attributes), base, !isAtom());
    } else if (found !== undefined) {
      if (name === 'guid') into.permalink = attributes.get('ispermalink')?.trim().toLowerCase() !== 'false';
      if (name === 'content') offerLink(into, attributes.get('src') ?? '', linkRanks.other, base);
      return capture(found, formOf(found, name, attributes, feed.format ?? ''));
    } else if (name === 'enclosure' || name === 'media:content') offerLink(into, attributes.get('url') ?? '', linkRanks.enclosure, base);
    if (!transparent.has(name)) skipFrom = depth;
  };
  const openInFeed = (name: string, attributes: Attributes) => {
    if (name === 'title') return capture('title', formOf('title', name, attributes, feed.format ?? ''));
    if (name === 'link') {
      const href = attributes.get('href');
      if (href === undefined) return capture('link', 'text');
      if (rankOf(attributes) >= linkRanks.alternate) feedLink ??= absolute(href, base);
    }
    if (depth > 1 && !transparent.has(name)) skipFrom = depth;
  };
  /** An element inside a field is markup that speaks for itself: only the lines it makes are kept. */
  const openInField = (name: string) => {
    if (silentFrom !== 0) return;
    if (piece.form === 'text') piece.form = 'xhtml';
    const local = name.slice(name.indexOf(':') + 1);
    if (isSilent(local)) silentFrom = depth;
    else if (isBlock(local)) piece.value += piece.form === 'html' ? '<br>' : '\n';
  };
  const handler: XmlHandler = {
    wantsText: false,
    open(name, attributes) {
      depth += 1;
      if (feed.root === null) {
        feed.root = name;
        feed.format = formatOf(name, attributes);
      }
      const isEntry = name === 'item' || name === 'entry';
      if (field !== null && !isEntry) return openInField(name);
      if (skipFrom !== 0) return;
      const own = attributes.get('xml:base');
      if (own !== undefined) {
        bases.push({ depth, base });
        base = absolute(own, base) ?? base;
      }
      if (isEntry) {
        // An entry inside a field or inside another entry means that an end tag is missing.
        if (field !== null) endField();
        endEntry();
        entryFrom = depth;
        draft = newDraft();
        offerLink(draft, attributes.get('rdf:about') ?? attributes.get('href') ?? '', linkRanks.about, base);
      } else if (draft !== null) openInEntry(name, attributes, draft);
      else openInFeed(name, attributes);
    },
    close(name) {
      if (field !== null) {
        if (depth === fieldFrom) endField();
        else if (depth === silentFrom) silentFrom = 0;
        else if (silentFrom === 0 && isBlock(name.slice(name.indexOf(':') + 1))) piece.value += piece.form === 'html' ? '<br>' : '\n';
      } else if (depth === skipFrom) skipFrom = 0;
      else if (depth === entryFrom) {
        endEntry();
        entryFrom = 0;
      }
      if (bases.length > 0 && bases.at(-1)?.depth === depth) base = bases.pop()?.base ?? null;
      depth -= 1;
    },
    text(value) {
      if (silentFrom !== 0 || piece.value.length > feedLimits.text * 4) return;
      const more = piece.form === 'xhtml' && value.includes('\n') ? value.replace(/\s*\n\s*/gu, ' ') : value;
      piece.value = piece.value === '' ? more : piece.value + more;
    },
  };
  readXml(document, handler);
  bases = [];
  endEntry();
  feed.title = titleOf(feedTitle);
  return feed;
}

function rankOf(attributes: Attributes): number {
  const rel = attributes.get('rel')?.trim().toLowerCase() ?? 'alternate';
  if (rel === 'alternate' || rel === '' || rel.endsWith('/alternate')) {
    const type = attributes.get('type');
    return type === undefined || /html/iu.test(type) ? linkRanks.page : linkRanks.alternate;
  }
  return rel === 'enclosure'
    ? linkRanks.enclosure
    : rel === 'self'
      ? linkRanks.self
      : rel === 'related' || rel === 'via'
        ? linkRanks.other
        : 0;
}

/** RFC 4287 §3.1.1 and §4.1.3.3, the modes of Atom 0.3; RSS has HTML wherever it has text. */
function formOf(field: Field, name: string, attributes: Attributes, format: string): Form {
  if (field !== 'title' && field !== 'content' && field !== 'summary')
    return field.startsWith('other') && !field.endsWith('Date') ? 'html' : 'text';
  if (name.startsWith('xhtml:')) return 'xhtml';
  const type = attributes.get('type')?.trim().toLowerCase();
  const mode = attributes.get('mode')?.trim().toLowerCase();
  if (mode === 'base64') return 'base64';
  if (!format.startsWith('atom') || name.includes(':')) return 'html';
  if (type === 'html' || type === 'text/html') return mode === 'xml' ? 'xhtml' : 'html';
  if (type === 'xhtml' || type?.endsWith('xml')) return mode === 'escaped' ? 'html' : 'xhtml';
  // RFC 4287 §4.1.3.3: content of any other media type is base64.
  return type?.includes('/') === true && !type.startsWith('text/') ? 'base64' : 'text';
}

/** Name of the format by the root element; null when it is none of a feed. */
function formatOf(root: string, attributes: Attributes): string | null {
  const version = /^\d[\d.]{0,5}/u.exec(attributes.get('version')?.trim() ?? '')?.[0] ?? '';
  const namespace = attributes.get('xmlns') ?? '';
  if (root === 'rss') return `rss${version}`;
  if (root === 'rdf:rdf') return /netscape/iu.test(namespace) ? 'rss0.9' : 'rss1.0';
  if (root === 'feed' || root === 'entry') return version === '0.3' || /purl\.org\/atom/iu.test(namespace) ? 'atom0.3' : 'atom1.0';
  if (root === 'channel') return attributes.get('href') === undefined && attributes.get('base') === undefined ? 'rss' : 'cdf';
  return root === 'item' ? 'rss' : null;
}
