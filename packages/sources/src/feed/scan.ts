/** What {@link scanXml} tells, with positions in the document. A start tag is `tag`, its attributes, and `tagEnd`. */
export interface Tokens {
  /** Text between markup; references are not decoded. One text may come in several pieces. */
  text(start: number, end: number): void;
  cdata(start: number, end: number): void;
  tag(start: number, end: number): void;
  /** Without its quotes; an attribute without a value has an empty one. */
  attribute(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void;
  tagEnd(selfClosing: boolean): void;
  close(start: number, end: number): void;
}

/**
 * Divides an XML document, well-formed or not, into its tokens, as htmlparser2's tokenizer does in its XML mode (the tests hold
 * one against the other); but what lies between two tokens is found by the engine's own search, not character by character,
 * which is most of what reading a feed cost. A tag that the document's end cuts off is left out.
 */
export function scanXml(text: string, tokens: Tokens): void {
  const { length } = text;
  let textStart = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    if (at > textStart) tokens.text(textStart, at);
    textStart = at;
    const c = text.charCodeAt(at + 1);
    let next: number;
    if (c === slash) next = closeTag(text, at + 2, tokens);
    else if (c === exclamation) next = declaration(text, at + 2, tokens);
    else if (c === question) next = after(text, '?>', at + 2) ?? restIsText(text, at + 2, tokens);
    // What cannot begin a name stays text.
    else next = endsName(c) ? -1 : startTag(text, at + 1, tokens);
    if (next === -1) at += c === slash ? 2 : 1;
    else {
      at = next;
      textStart = next;
    }
  }
  if (textStart < length) tokens.text(textStart, length);
}

const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;
const greater = 0x3e;
const equals = 0x3d;
const quote = 0x22;
const apostrophe = 0x27;

function isBlank(c: number): boolean {
  return c === 0x20 || (c >= 0x09 && c <= 0x0d && c !== 0x0b);
}

/** NaN, beyond the document's end, ends a name too. Most characters of names come after `>`. */
function endsName(c: number): boolean {
  return c <= greater ? c === greater || c === slash || isBlank(c) : Number.isNaN(c);
}

function nameEnd(text: string, from: number): number {
  let at = from;
  while (!endsName(text.charCodeAt(at))) at += 1;
  return at;
}

function after(text: string, what: string, from: number): number | undefined {
  const at = text.indexOf(what, from);
  return at === -1 ? undefined : at + what.length;
}

function restIsText(text: string, from: number, tokens: Tokens): number {
  if (from < text.length) tokens.text(from, text.length);
  return text.length;
}

/** From the name on; answers where the tag ends. */
function startTag(text: string, start: number, tokens: Tokens): number {
  const { length } = text;
  let at = nameEnd(text, start);
  if (at === length) return length;
  tokens.tag(start, at);
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c === greater) {
      tokens.tagEnd(false);
      return at + 1;
    }
    if (c === slash) {
      at += 1;
      while (isBlank(text.charCodeAt(at))) at += 1;
      if (text.charCodeAt(at) !== greater) continue;
      tokens.tagEnd(true);
      return at + 1;
    }
    at = isBlank(c) ? at + 1 : attribute(text, at, tokens);
  }
  return length;
}

/** From the name on, whose first character may be any; answers where it ends. */
function attribute(text: string, start: number, tokens: Tokens): number {
  const { length } = text;
  let end = start + 1;
  while (!endsName(text.charCodeAt(end)) && text.charCodeAt(end) !== equals) end += 1;
  let at = end;
  while (isBlank(text.charCodeAt(at))) at += 1;
  if (text.charCodeAt(at) !== equals) {
    tokens.attribute(start, end, end, end);
    return at;
  }
  at += 1;
  while (isBlank(text.charCodeAt(at))) at += 1;
  const c = text.charCodeAt(at);
  if (c === quote || c === apostrophe) {
    const close = text.indexOf(c === quote ? '"' : "'", at + 1);
    if (close === -1) return length;
    tokens.attribute(start, end, at + 1, close);
    return close + 1;
  }
  const from = at;
  while (at < length && text.charCodeAt(at) !== greater && !isBlank(text.charCodeAt(at))) at += 1;
  tokens.attribute(start, end, from, at);
  return at;
}

/** From behind the slash on; -1 for `</>`, which is text. */
function closeTag(text: string, from: number, tokens: Tokens): number {
  let start = from;
  while (isBlank(text.charCodeAt(start))) start += 1;
  if (start >= text.length || text.charCodeAt(start) === greater) return -1;
  if (text.charCodeAt(start) === slash) return after(text, '>', start) ?? restIsText(text, start, tokens);
  const end = nameEnd(text, start);
  if (end < text.length) tokens.close(start, end);
  return text.charCodeAt(end) === greater ? end + 1 : (after(text, '>', end) ?? text.length);
}

/** From behind `<!` on: a CDATA section, a comment (whose end may be `--!>`), or a declaration, which is skipped. */
function declaration(text: string, start: number, tokens: Tokens): number {
  if (text.startsWith('[CDATA[', start)) {
    const from = start + 7;
    const end = text.indexOf(']]>', from);
    if (end === -1) {
      if (from < text.length) tokens.cdata(from, text.length);
      return text.length;
    }
    tokens.cdata(from, end);
    return end + 3;
  }
  if (text.startsWith('--', start)) {
    commentEnd.lastIndex = start + 2;
    return commentEnd.test(text) ? commentEnd.lastIndex : text.length;
  }
  // Its first character belongs to it whatever it is, and after a hyphen the second too.
  return after(text, '>', start + (text[start] === '-' ? 2 : 1)) ?? restIsText(text, start, tokens);
}

const commentEnd = /--!?>/gu;
