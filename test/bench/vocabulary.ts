import { normalise } from '@guanlan/lexicon';
import { post, random } from '../support/texts.ts';

/**
 * Texts and keywords of our own making for the matching benches. Characters are those of GB 2312's first plane drawn by a
 * Zipf law, joined to words, words to texts, so that pairs are as varied as in real posts; a share of the keywords are words
 * of the texts, rarer ones, so that they do occur.
 */
export interface Vocabulary {
  word(): string;
  /** One post, mean 430 characters (a tenth below 81, a tenth above 1,340). */
  post(): string;
  /** `count` distinct keywords. */
  keywords(count: number): string[];
}

export function createVocabulary(seed: number): Vocabulary {
  const next = random(seed);
  const characters = commonCharacters();
  for (let at = characters.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [characters[at], characters[other]] = [characters[other] as string, characters[at] as string];
  }
  const zipf = (size: number) => Math.min(size - 1, Math.floor(size ** next()) - 1);
  const make = () => {
    let word = '';
    const length = next() < 0.75 ? 2 : next() < 0.7 ? 3 : 4;
    while (word.length < length) word += characters[Math.max(0, zipf(characters.length))];
    return word;
  };
  const rare = () => characters[Math.floor(next() * characters.length)] as string;
  const words = [...new Set(Array.from({ length: 150_000 }, make))];
  const word = () => words[Math.max(0, zipf(words.length))] as string;
  return {
    word,
    post() {
      const shape = next();
      const wanted = 50 + Math.floor(shape < 0.5 ? shape * 240 : shape < 0.85 ? (shape - 0.5) * 1_200 + 120 : (shape - 0.85) * 8_000 + 540);
      let text = '';
      while (text.length < wanted) {
        const chance = next();
        text += word() + (chance < 0.1 ? '，' : chance < 0.15 ? '。' : chance < 0.17 ? String(Math.floor(next() * 2_000)) : '');
      }
      return text;
    },
    keywords(count) {
      const chosen = new Set<string>();
      while (chosen.size < count) {
        // Words that people watch for are rarer than the words of a sentence, and mostly longer than two characters.
        if (next() < 0.3) chosen.add(words[Math.floor((0.3 + 0.7 * next()) * words.length)] as string);
        else chosen.add(rare() + rare() + (next() < 0.7 ? rare() : '') + (next() < 0.3 ? rare() : ''));
      }
      return [...chosen];
    },
  };
}

function commonCharacters(): string[] {
  const bytes: number[] = [];
  for (let row = 0xb0; row <= 0xd7; row++) for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) bytes.push(row, cell);
  // A few are folded while matching (乾 is read as 干), which the baselines do not do.
  return [...new TextDecoder('gb18030').decode(Uint8Array.from(bytes))].filter((character) => normalise(character).text === character);
}

/** Megabytes of UTF-8. */
export function megabytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
}

/** Ordinary posts: half of varied words, half everyday sentences with an incident in twenty. */
export function* ordinaryPosts(count: number): Generator<string> {
  const vocabulary = createVocabulary(3);
  for (let n = 0; n < count; n++) yield n % 2 === 0 ? vocabulary.post() : post(n).text;
}
