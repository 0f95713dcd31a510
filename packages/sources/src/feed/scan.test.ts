import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { Tokenizer } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { scanXml } from './scan.ts';

type Token = readonly unknown[];

function scanned(text: string): Token[] {
  const found: Token[] = [];
  let open: unknown[] | null = null;
  scanXml(text, {
    text: (start, end) => void found.push(['text', text.slice(start, end)]),
    cdata: (start, end) => void found.push(['cdata', text.slice(start, end)]),
    tag: (start, end) => {
      open = ['tag', text.slice(start, end)];
    },
    attribute: (nameStart, nameEnd, valueStart, valueEnd) =>
      void open?.push(text.slice(nameStart, nameEnd), text.slice(valueStart, valueEnd)),
    tagEnd: (selfClosing) => void found.push([...(open ?? []), selfClosing]),
    close: (start, end) => void found.push(['close', text.slice(start, end)]),
  });
  return joined(found);
}

/** The same from the library, without what it makes of a tag that the document's end cuts off. */
function tokenized(text: string): Token[] {
  const found: Token[] = [];
  let open: unknown[] = [];
  let value = '';
  const nothing = () => {};
  const tokenizer = new Tokenizer(
    { xmlMode: true, decodeEntities: false },
    {
      ontext: (start, end) => void (start >= 0 && found.push(['text', text.slice(start, end)])),
      oncdata: (start, end, offset) => void found.push(['cdata', text.slice(start, end - offset)]),
      onopentagname: (start, end) => {
        open = ['tag', text.slice(start, end)];
      },
      onattribname: (start, end) => {
        open.push(text.slice(start, end));
        value = '';
      },
      onattribdata: (start, end) => {
        value = text.slice(start, end);
      },
      onattribend: () => void open.push(value),
      onopentagend: () => void found.push([...open, false]),
      onselfclosingtag: () => void found.push([...open, true]),
      onclosetag: (start, end) => void found.push(['close', text.slice(start, end)]),
      ...{ ontextentity: nothing, onattribentity: nothing, oncomment: nothing, ondeclaration: nothing },
      ...{ onprocessinginstruction: nothing, onend: nothing },
    },
  );
  tokenizer.write(text);
  tokenizer.end();
  return joined(found);
}

/** Where one text is divided means nothing. */
function joined(tokens: readonly Token[]): Token[] {
  const all: Token[] = [];
  for (const token of tokens) {
    const last = all.at(-1);
    if (token[0] === 'text' && last?.[0] === 'text') all[all.length - 1] = ['text', `${last[1]}${token[1]}`];
    else if (token[0] !== 'text' || token[1] !== '') all.push(token);
  }
  return all;
}

const scrap = fc.constantFrom(
  ...['<', '>', '/', '</', '/>', '<a', '<b:c', '</a>', '<!', '<!-', '<!--', '-->', '--!>', '-', '<![CDATA[', '<![CDA', ']]>', ']'],
  ...['<?', '?>', '?', '=', '="', '"', "'", " a='", ' b=c', ' ', '\n', '\v', '&amp;', '文', 'x', '!', '<!DOCTYPE a [<!ENTITY b "c">]>'],
);

describe('scanXml finds what htmlparser2 finds', () => {
  it('in scraps of markup', () => {
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 24 }), (scraps) => {
        const text = scraps.join('');
        expect(scanned(text)).toEqual(tokenized(text));
      }),
      { numRuns: 20_000, seed: 20_261_125 },
    );
  });

  it('in a feed that was damaged', async () => {
    const feed = await readFile(new URL('../../fixtures/feed/feed.xml', import.meta.url), 'utf8');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(feed.length), fc.nat(30), scrap), { maxLength: 8 }), (edits) => {
        let text = feed;
        for (const [at, drop, insert] of edits) text = text.slice(0, at) + insert + text.slice(at + drop);
        expect(scanned(text)).toEqual(tokenized(text));
      }),
      { numRuns: 500, seed: 20_261_125 },
    );
  });
});
