import { Tokenizer } from 'htmlparser2';

/** What the tokenizer tells, with positions in the text it was given. */
export type Tokens = ConstructorParameters<typeof Tokenizer>[1];

/** The part of the tokenizer's state that its search for a character reads and moves. */
interface Place {
  buffer: string;
  index: number;
  offset: number;
}

/**
 * htmlparser2's tokenizer, which finds the next `<` or `]` by the engine's own search instead of looking at each character of
 * the text between: most of a document is such text. The tests hold it against the tokenizer as it comes.
 */
export function createTokenizer(mode: { xmlMode: boolean }, tokens: Tokens): Tokenizer {
  const tokenizer = new Tokenizer({ ...mode, decodeEntities: false }, tokens);
  Object.assign(tokenizer, { [searchName]: search });
  return tokenizer;
}

/** The method that is replaced; the tests see that the library still has it. */
export const searchName = 'fastForwardTo';

/** Moves to the next such character after the present place; to the last one, and false, when there is none. */
function search(this: Place, code: number): boolean {
  const at = this.buffer.indexOf(String.fromCharCode(code), this.index - this.offset + 1);
  this.index = this.offset + (at === -1 ? this.buffer.length - 1 : at);
  return at !== -1;
}
