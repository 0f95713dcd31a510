/** One scope of namespace declarations. Opaque; given back to `restore`. */
export interface Names {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly resolved: Map<string, string>;
}

/** The usual prefix of each vocabulary feeds use; those that define feeds themselves (RSS, Atom) have none. */
const vocabularies: Record<string, string> = {
  'http://www.w3.org/2005/atom': '',
  'http://purl.org/atom/ns': '',
  // Names Atom had before it was called so.
  'http://example.com/newformat': '',
  'http://example.com/necho': '',
  'http://purl.org/echo': '',
  'http://purl.org/pie': '',
  'http://purl.org/rss/1.0': '',
  'http://my.netscape.com/rdf/simple/0.9': '',
  'http://channel.netscape.com/rdf/simple/0.9': '',
  'http://purl.org/net/rss1.1': '',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
  'http://purl.org/dc/elements/1.1': 'dc',
  'http://purl.org/dc/elements/1.0': 'dc',
  'http://purl.org/dc/terms': 'dcterms',
  'http://purl.org/rss/1.0/modules/content': 'content',
  'http://purl.org/rss/1.0/modules/dc': 'dc',
  'http://search.yahoo.com/mrss': 'media',
  'http://www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://rssnamespace.org/feedburner/ext/1.0': 'feedburner',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://www.w3.org/2000/svg': 'svg',
  'http://www.google.com/schemas/sitemap-news/0.9': 'news',
};
/** Prefixes that are understood where the document forgot to declare them. */
const customary = new Set(['rdf', 'dc', 'dcterms', 'content', 'media', 'itunes', 'feedburner', 'xhtml']);
const plainPrefixes = new Set(['atom', 'rss']);

/**
 * Resolves qualified names by the declarations in force (Namespaces in XML 1.0): lower case, with the usual
 * prefix of the vocabulary (`dc:date`) or none for RSS and Atom; `?:name` for vocabularies nobody here reads.
 */
export function resolver() {
  let scope: Names = { prefixes: new Map(), resolved: new Map() };
  return {
    resolve(qualified: string): string {
      let name = scope.resolved.get(qualified);
      if (name === undefined) {
        name = resolve(qualified.toLowerCase(), scope.prefixes);
        if (scope.resolved.size < 1_000) scope.resolved.set(qualified, name);
      }
      return name;
    },
    /** Opens a scope; answers the one to restore. */
    declare(declarations: readonly (readonly [prefix: string, uri: string])[]): Names {
      const before = scope;
      let prefixes: Map<string, string> | null = null;
      for (const [prefix, uri] of declarations) {
        const vocabulary = vocabularyOf(uri);
        if (before.prefixes.get(prefix) === vocabulary) continue;
        prefixes ??= new Map(before.prefixes);
        if (prefixes.size < 200) prefixes.set(prefix, vocabulary);
      }
      if (prefixes !== null) scope = { prefixes, resolved: new Map() };
      return before;
    },
    restore(before: Names): void {
      scope = before;
    },
  };
}

function vocabularyOf(uri: string): string {
  let found = met.get(uri);
  if (found === undefined) {
    found = recognised(uri);
    if (met.size < 1_000 && uri.length < 200) met.set(uri, found);
  }
  return found;
}

/** Namespaces met so far: the same few stand on every entry of some feeds. */
const met = new Map<string, string>();

function recognised(uri: string): string {
  const key = uri
    .trim()
    .toLowerCase()
    .replace(/[#/]+$/u, '')
    .replace(/^https:/u, 'http:');
  // Old RSS versions each had addresses of their own that no document agreed on.
  return vocabularies[key] ?? (key === '' || (/userland|backend\.|\/rss/u.test(key) && !key.includes('/modules/')) ? '' : '?');
}

function resolve(name: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const prefix = colon === -1 ? '' : name.slice(0, colon);
  const local = colon === -1 ? name : name.slice(colon + 1);
  let vocabulary = prefixes.get(prefix);
  if (vocabulary === undefined || (vocabulary === '?' && customary.has(prefix))) {
    vocabulary = customary.has(prefix) ? prefix : prefix === '' || plainPrefixes.has(prefix) ? '' : '?';
  }
  return vocabulary === '' ? local : `${vocabulary}:${local}`;
}
