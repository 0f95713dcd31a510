/** What stands before the root element, as far as it matters: where the root begins, and the document's own entities. */
export interface Prologue {
  /** Index at which markup after the prologue begins. */
  start: number;
  /** General entities of the internal DTD subset: name → replacement text. Empty for nearly every feed. */
  entities: ReadonlyMap<string, string>;
}

/** Bounds on a document type declaration: where it is looked for, its length, how many entities are kept, and how long each may be. */
const limits = { place: 16_384, subset: 256 * 1024, entities: 500, value: 4_096 };
const none: ReadonlyMap<string, string> = new Map();

/**
 * Reads over the white space, comments, processing instructions and document type declaration in front of a document.
 *
 * Entity values are taken as they stand: a reference inside a value is never expanded, nothing external is ever fetched
 * (external entities are dropped), so that no document can grow by its entities (CWE-776, CWE-611).
 */
export function readPrologue(text: string): Prologue {
  const at = doctypeIn(text.slice(0, limits.place));
  if (at === -1 || hasElementBefore(text, at)) return { start: 0, entities: none };
  const entities = new Map<string, string>();
  const end = skipDoctype(text, at, entities);
  return { start: end, entities };
}

function doctypeIn(head: string): number {
  let at = head.indexOf('<!');
  while (at !== -1 && !/^<!doctype/iu.test(head.slice(at, at + 9))) at = head.indexOf('<!', at + 2);
  return at;
}

/** The doctype counts only in front of the root element; one quoted in an entry is text. */
function hasElementBefore(text: string, end: number): boolean {
  return /<[a-z]/iu.test(text.slice(0, end).replace(/<!--[\s\S]*?-->/gu, ''));
}

function skipDoctype(text: string, at: number, entities: Map<string, string>): number {
  const last = Math.min(text.length, at + limits.subset);
  let quote = '';
  let inSubset = false;
  for (let i = at + 9; i < last; i++) {
    const c = text[i] ?? '';
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (inSubset && text.startsWith('<!--', i)) {
      const close = text.indexOf('-->', i + 4);
      i = close === -1 ? last : close + 2;
    } else if (inSubset && text.startsWith('<!ENTITY', i)) {
      i = readEntity(text, i + 8, last, entities);
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '[') inSubset = true;
    else if (c === ']') inSubset = false;
    else if (c === '>' && !inSubset) return i + 1;
  }
  // Unclosed: what follows its last line may still be a feed.
  const next = text.indexOf('>', at);
  return next === -1 ? text.length : next + 1;
}

/** Reads one `<!ENTITY name "value">`; answers the index of its `>`. */
function readEntity(text: string, from: number, last: number, entities: Map<string, string>): number {
  const head = /\s+([^\s%"'<>&;]{1,64})\s+(?:(SYSTEM|PUBLIC)\b)?\s*(["'])?/uy;
  head.lastIndex = from;
  const match = head.exec(text);
  if (match === null || match[3] === undefined || match[2] !== undefined) {
    const close = text.indexOf('>', from);
    return close === -1 ? last : close;
  }
  const begin = head.lastIndex;
  const end = text.indexOf(match[3], begin);
  if (end === -1) return last;
  const name = match[1] ?? '';
  if (entities.size < limits.entities && !entities.has(name) && end - begin <= limits.value) entities.set(name, text.slice(begin, end));
  const close = text.indexOf('>', end);
  return close === -1 ? last : close;
}
