import fc from 'fast-check';
import { Tokenizer } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { createTokenizer, searchName, type Tokens } from './tokenizer.ts';

function recorder(): { tokens: Tokens; seen: unknown[] } {
  const seen: unknown[] = [];
  const note =
    (name: string) =>
    (...places: unknown[]) =>
      void seen.push([name, ...places]);
  const tokens: Tokens = {
    ...{ onattribdata: note('data'), onattribentity: note('entity'), onattribend: note('end'), onattribname: note('name') },
    ...{ oncdata: note('cdata'), onclosetag: note('close'), oncomment: note('comment'), ondeclaration: note('declaration') },
    ...{ onend: note('over'), onopentagend: note('opened'), onopentagname: note('open'), onprocessinginstruction: note('instruction') },
    ...{ onselfclosingtag: note('closed'), ontext: note('text'), ontextentity: note('reference') },
  };
  return { tokens, seen };
}

const scrap = fc.constantFrom(
  ...['<', '>', '/', '</', '<p>', '</p>', '<br/>', '<a href="', '"', "'", '=', '<!', '<!--', '-->', '--', '<![CDATA[', ']]>', ']', '<?'],
  ...['<script>', '</script', '<title>', '</title>', '<textarea>', '<plaintext>', '<style', ' ', '\n', '&amp;', '文', 'x'],
);

describe('createTokenizer', () => {
  it('replaces a method that the library has', () => {
    expect(Reflect.get(Tokenizer.prototype, searchName)).toBeTypeOf('function');
  });

  it.each([true, false])('tells what the library tells (XML: %s)', (xmlMode) => {
    fc.assert(
      fc.property(fc.array(fc.array(scrap, { maxLength: 16 }), { maxLength: 3 }), (chunks) => {
        const [ours, theirs] = [recorder(), recorder()];
        const pair = [createTokenizer({ xmlMode }, ours.tokens), new Tokenizer({ xmlMode, decodeEntities: false }, theirs.tokens)];
        for (const tokenizer of pair) {
          for (const chunk of chunks) tokenizer.write(chunk.join(''));
          tokenizer.end();
        }
        expect(ours.seen).toEqual(theirs.seen);
      }),
      { numRuns: 5_000 },
    );
  });
});
