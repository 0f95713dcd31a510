import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What is used of nodejieba. */
export interface Segmenter {
  DEFAULT_DICT: string;
  load(files: { dict?: string; idfDict?: string }): void;
  cut(text: string, hmm?: boolean): string[];
  tag(text: string): { word: string; tag: string }[];
}

/** The dictionary gives this frequency to words it has never counted: the digit 3. */
const uncounted = 0x33;
const space = 0x20;
const lineEnd = 0x0a;
/** Bytes of one character in UTF-8, at most. */
const longestCharacter = 4;

let loaded: Segmenter | null = null;

/** The segmenter of this thread, loaded by the first call. */
export function loadNative(): Segmenter {
  if (loaded !== null) return loaded;
  // Through require, because an import would load the native part with the package.
  const require = createRequire(import.meta.url);
  const segmenter = require('nodejieba') as Segmenter;
  loadLean(segmenter);
  loaded = segmenter;
  return loaded;
}

/**
 * Loads what word boundaries need. Of the dictionary's 349,000 words 153,000 were never counted in any text and are no names of people:
 * without them 107,000 titles and posts are judged the same, and a thread spends half the time and 90 MB less, since the dictionary
 * is held twice. The table for the extraction of key words, which nothing here asks for, is replaced by one line.
 */
function loadLean(segmenter: Segmenter): void {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(path.join(tmpdir(), 'guanlan-words-'));
    const files = { dict: path.join(folder, 'dict.utf8'), idfDict: path.join(folder, 'idf.utf8') };
    writeFileSync(files.dict, countedWords(readFileSync(segmenter.DEFAULT_DICT)));
    writeFileSync(files.idfDict, '的 1.0\n');
    segmenter.load(files);
  } catch (error) {
    // A machine without a temporary folder to write in: all of it, then.
    if (!(error instanceof Error && 'code' in error)) throw error;
    segmenter.load({});
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The lines `word frequency tag` of words that were met in texts, of names of people (nr) and of single characters; written over the
 * beginning of what is given, since the dictionary as strings would take more memory than is saved.
 */
export function countedWords(dictionary: Buffer): Buffer {
  let to = 0;
  for (let from = 0; from < dictionary.length; ) {
    const newline = dictionary.indexOf(lineEnd, from);
    const end = newline < 0 ? dictionary.length : newline + 1;
    const wordEnd = dictionary.indexOf(space, from);
    const tag = dictionary.indexOf(space, wordEnd + 1) + 1;
    const counted = tag - wordEnd > 3 || (dictionary[wordEnd + 1] ?? 0) > uncounted;
    const name = dictionary[tag] === 0x6e && dictionary[tag + 1] === 0x72;
    if (counted || name || wordEnd - from <= longestCharacter) {
      dictionary.copyWithin(to, from, end);
      to += end - from;
    }
    from = end;
  }
  return dictionary.subarray(0, to);
}
