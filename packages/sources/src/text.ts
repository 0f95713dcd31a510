import { unitsOf } from '@guanlan/domain';
import { decodeHTMLStrict } from 'entities';
import { createTokenizer } from './tokenizer.ts';

/** Longest plain text that is made of one piece of markup, in UTF-16 units; the rest is dropped. */
export const textLimit = 200_000;

/**
 * Plain text of an HTML fragment: block elements end a line, white space within a line is one space, scripts and
 * styles are gone, entities are decoded. Linear in the length of `markup`; builds no tree. Text without any markup keeps its
 * own line breaks.
 */
export function plainText(markup: string, limit: number = textLimit): string {
  return tidy(stripTwice(markup, false, limit));
}

/**
 * Like {@link plainText}, on one line, and an unknown tag (`<vector>`, `<提醒>`) stays as text: titles are plain
 * text by their formats' rules, so only what is certainly HTML is taken for it.
 */
export function plainTitle(markup: string, limit = 2_000): string {
  return oneLine(stripTwice(markup, true, limit));
}

/** Whether a piece that calls itself plain text is HTML nevertheless: it has a known closing tag, a void one, or an entity. */
export function looksLikeHtml(value: string): boolean {
  if (value.includes('<')) {
    const tag = /<\/?([a-z][a-z0-9]{0,15})(?=[\s/>])/giu;
    for (let match = tag.exec(value), tried = 0; match !== null && tried < 20; match = tag.exec(value), tried++) {
      if (elements.has((match[1] ?? '').toLowerCase())) return true;
    }
  }
  return (
    value.includes('&') && /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|(?:amp|lt|gt|quot|nbsp|apos|[lr][sd]quo|[mn]dash|hellip|middot));/iu.test(value)
  );
}

/** Trims every line, drops empty ones and makes runs of blanks one space. */
export function tidy(value: string): string {
  return squeeze(value, true);
}

/** Makes every run of white space one space. */
export function oneLine(value: string): string {
  return squeeze(value, false);
}

/** One pass that copies whole stretches: regular expressions take longer over a text than all the parsing before it. */
function squeeze(value: string, keepLines: boolean): string {
  const { length } = value;
  const units = unitsOf(value);
  let i = 0;
  while (i < length && spaces[units[i] as number] === 0) i++;
  if (i === length) return value;
  let out = '';
  let from = i === 0 ? -1 : 0;
  let gap = '';
  for (; i < length; i++) {
    const c = units[i] as number;
    if (spaces[c] === 0) {
      if (from === -1) from = i;
      continue;
    }
    if (from !== -1) {
      // A lone blank or line end between two words already is what it should be.
      if ((c === 0x20 || (c === 0x0a && keepLines)) && i + 1 < length && spaces[units[i + 1] as number] === 0) continue;
      out += gap + value.slice(from, i);
      from = -1;
      gap = ' ';
    }
    if (keepLines && (c === 0x0a || c === 0x0d) && out !== '') gap = '\n';
  }
  return from === -1 ? out : out + gap + value.slice(from);
}

/** 1 for white space of ECMAScript (`\s`), which has the ideographic space and the byte order mark too. */
const spaces = new Uint8Array(65_536);
for (const c of '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff')
  spaces[c.charCodeAt(0)] = 1;

const blockElements = new Set(
  'address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section summary table tbody td tfoot th thead title tr ul'.split(
    ' ',
  ),
);
const silentElements = new Set('script style template noscript iframe object noembed noframes svg math select textarea head'.split(' '));
const inlineElements =
  'a abbr acronym audio b bdi bdo big button canvas cite code col colgroup data del dfn em embed font frame frameset applet base basefont bgsound i img input ins kbd label link map mark marquee meta meter nobr param picture q rp rt ruby s samp small source span strike strong sub sup time track tt u var video wbr'.split(
    ' ',
  );
const elements: ReadonlySet<string> = new Set([...blockElements, ...silentElements, ...inlineElements]);

/** Whether an element ends the line it stands in. */
export function isBlock(name: string): boolean {
  return blockElements.has(name);
}

/** Whether what an element holds is never text to read. */
export function isSilent(name: string): boolean {
  return silentElements.has(name);
}

function stripTwice(markup: string, keepUnknown: boolean, limit: number): string {
  const source = markup.length > limit * 8 ? markup.slice(0, limit * 8) : markup;
  const tags = source.includes('<');
  if (!tags && !source.includes('&')) return source.slice(0, limit);
  const once = tags ? strip(source, keepUnknown, limit) : decodeHTMLStrict(source);
  // Markup that was escaped once more than its format asks for only shows itself now.
  if (!tags && once.includes('<') && looksLikeHtml(once)) return strip(once, keepUnknown, limit);
  return once.slice(0, limit);
}

/** One pass of htmlparser2's tokenizer over a fragment. The tokenizer is made once: a feed strips thousands of pieces. */
const strip = (() => {
  let source = '';
  let out = '';
  let limit = 0;
  let keepUnknown = false;
  let silent = '';
  let silentDepth = 0;
  let name = '';
  let tagStart = 0;
  let lineDue = false;
  const append = (value: string) => {
    // A line end waits for what it stands before: most fragments are one paragraph, and stay the slice that they are.
    out += lineDue && out !== '' ? lineBreak + value : value;
    lineDue = false;
  };
  const endLine = () => {
    if (silent === '') lineDue = true;
  };
  const keep = (tag: string) => {
    if (silent === '' && out.length < limit) append(tag);
  };
  const text = (start: number, end: number) => {
    if (silent !== '' || out.length >= limit) return;
    const value = source.slice(start, end);
    const decoded = value.includes('&') ? decodeHTMLStrict(value) : value;
    // A line end of the source is a blank; only elements end lines.
    append(decoded.includes('\n') || decoded.includes('\r') ? decoded.replace(/[\r\n]+/gu, ' ') : decoded);
  };
  const endOfTag = (end: number) => {
    if (keepUnknown && !elements.has(name)) return keep(source.slice(tagStart, end + 1));
    if (silent === '' && silentElements.has(name)) {
      silent = name;
      silentDepth = 1;
    } else if (silent !== '' && silent === name) silentDepth += 1;
    else if (blockElements.has(name)) endLine();
  };
  const nothing = () => {};
  const tokenizer = createTokenizer(
    { xmlMode: false },
    {
      ontext: text,
      ontextentity: nothing,
      onopentagname(start, end) {
        tagStart = start - 1;
        name = source.slice(start, end).toLowerCase();
      },
      onopentagend: endOfTag,
      onselfclosingtag: endOfTag,
      onclosetag(start, end) {
        const closed = source.slice(start, end).toLowerCase();
        if (silent !== '') {
          if (closed === silent) silentDepth -= 1;
          if (silentDepth === 0) silent = '';
        } else if (keepUnknown && !elements.has(closed)) keep(`</${closed}>`);
        else if (blockElements.has(closed)) endLine();
      },
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: (start, end, offset) => text(start, end - offset),
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onprocessinginstruction: nothing,
    },
  );
  return (markup: string, keepOther: boolean, max: number): string => {
    source = markup;
    out = '';
    limit = max;
    keepUnknown = keepOther;
    silent = '';
    lineDue = false;
    tokenizer.reset();
    tokenizer.write(markup);
    tokenizer.end();
    const result = out.slice(0, max);
    source = '';
    out = '';
    return result;
  };
})();

const lineBreak = '\n';
