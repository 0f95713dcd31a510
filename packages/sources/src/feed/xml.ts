import { decodeHTMLStrict } from 'entities';
import { type Names, resolver } from './names.ts';
import { readPrologue } from './prologue.ts';
import { scanXml } from './scan.ts';

/** The attributes of the element that is being opened; read only while `open` runs. */
export interface Attributes {
  /** Value by lower-case qualified name, entities decoded; undefined when absent. */
  get(name: string): string | undefined;
}

/**
 * Receives the document in order. Every `open` has its `close`, in the right nesting, whatever the document does.
 * Names are those of {@link resolver}: lower case, with the usual prefix of their namespace.
 */
export interface XmlHandler {
  /** Text is only cut out and decoded while this is true. */
  wantsText: boolean;
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(value: string): void;
}

/** Elements nested deeper than this are read for their text but no longer kept apart. */
const depthLimit = 200;
/** What all references to a document's own entities may add to it, in UTF-16 units. */
const expansionLimit = 200_000;

/**
 * Reads an XML document, well-formed or not: no tree, one pass, bounded depth and entities.
 * Namespaces are resolved; HTML entities are known without a DTD, as most feeds assume.
 */
export function readXml(source: string, handler: XmlHandler): void {
  const { start: offset, entities } = readPrologue(source);
  const text = offset === 0 ? source : source.slice(offset);
  const names = resolver();
  const attributes = attributeTable(text, (value) => (value.includes('&') ? decodeEntities(value) : value));
  const stack: string[] = [];
  const raw: string[] = [];
  const scopes: (Names | null)[] = [];
  let tooDeep = 0;
  let budget = expansionLimit;
  let tag = '';

  const decodeEntities = (value: string) =>
    entities.size === 0 ? decodeHTMLStrict(value) : decodeHTMLStrict(value.replace(reference, expand));
  const expand = (whole: string, name: string) => {
    const value = entities.get(name);
    if (value === undefined) return whole;
    budget -= value.length;
    return budget < 0 ? '' : value;
  };
  const pop = () => {
    raw.pop();
    const scope = scopes.pop();
    handler.close(stack.pop() ?? '');
    if (scope) names.restore(scope);
  };
  const open = (selfClosing: boolean) => {
    if (stack.length >= depthLimit) {
      if (!selfClosing) tooDeep += 1;
      return;
    }
    const before = attributes.declares() ? names.declare(attributes.namespaces()) : null;
    const name = names.resolve(tag);
    raw.push(tag);
    stack.push(name);
    scopes.push(before);
    handler.open(name, attributes);
    if (selfClosing) pop();
  };
  const close = (name: string) => {
    let at = raw.length - 1;
    while (at >= 0 && raw[at] !== name) at -= 1;
    if (at < 0) at = indexOfFolded(raw, name);
    // Below the depth limit only an element that is still on the stack, and not one of the countless, ends the deep part.
    if (tooDeep > 0 && (at < 0 || at > depthLimit / 2)) {
      tooDeep -= 1;
      return;
    }
    if (at < 0) return;
    tooDeep = 0;
    while (raw.length > at) pop();
  };
  const emit = (start: number, end: number, decode: boolean) => {
    if (!handler.wantsText || end <= start) return;
    const value = text.slice(start, end);
    handler.text(decode && value.includes('&') ? decodeEntities(value) : value);
  };
  scanXml(text, {
    tag(start, end) {
      tag = text.slice(start, end);
      attributes.reset();
    },
    attribute: attributes.add,
    tagEnd: open,
    close(start, end) {
      // Nearly every end tag names the element that was opened last.
      const last = raw.at(-1);
      if (tooDeep === 0 && last !== undefined && last.length === end - start && text.startsWith(last, start)) pop();
      else close(text.slice(start, end));
    },
    text: (start, end) => emit(start, end, true),
    cdata: (start, end) => emit(start, end, false),
  });
  while (raw.length > 0) pop();
}

const reference = /&([^\s&;#]{1,64});/gu;

function indexOfFolded(raw: readonly string[], name: string): number {
  const wanted = name.toLowerCase();
  for (let i = raw.length - 1; i >= 0; i--) if (raw[i]?.toLowerCase() === wanted) return i;
  return -1;
}

/** Attribute positions of the current tag, kept as numbers until somebody asks. */
function attributeTable(text: string, decode: (value: string) => string) {
  const at: number[] = [];
  let count = 0;
  let namespaced = false;
  const nameOf = (i: number) => text.slice(at[i * 4], at[i * 4 + 1]).toLowerCase();
  const read = (i: number) => decode(text.slice(at[i * 4 + 2], at[i * 4 + 3]));
  return {
    reset() {
      count = 0;
      namespaced = false;
    },
    add(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number) {
      // Nobody has use for hundreds of attributes on one element.
      if (count >= 64) return;
      at[count * 4] = nameStart;
      at[count * 4 + 1] = nameEnd;
      at[count * 4 + 2] = valueStart;
      at[count * 4 + 3] = valueEnd;
      const c = text.charCodeAt(nameStart) | 0x20;
      if (c === 0x78 && text.slice(nameStart, nameStart + 5).toLowerCase() === 'xmlns') namespaced = true;
      count += 1;
    },
    declares: () => namespaced,
    namespaces(): [prefix: string, uri: string][] {
      const found: [string, string][] = [];
      for (let i = 0; i < count; i++) {
        const name = nameOf(i);
        if (name === 'xmlns') found.push(['', read(i)]);
        else if (name.startsWith('xmlns:')) found.push([name.slice(6), read(i)]);
      }
      return found;
    },
    get(name: string): string | undefined {
      for (let i = 0; i < count; i++) if (nameOf(i) === name) return read(i);
      return undefined;
    },
  };
}
