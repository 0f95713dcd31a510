import { foldTable } from './normalise.ts';

/**
 * The sentence of each of the first `count` starts (in order). `sentenceStarts` gets the offsets at which sentences begin, as far
 * as there are starts. An empty text is one sentence.
 */
export function numberSentences(text: string, starts: Int32Array, count: number, sentenceStarts: number[]): Int32Array {
  const sentences = new Int32Array(count);
  sentenceStarts.length = 0;
  sentenceStarts.push(0);
  let hit = 0;
  for (let at = 0; at < text.length && hit < count; at++) {
    while (hit < count && starts[hit] === at) sentences[hit++] = sentenceStarts.length - 1;
    if (isSentenceEnd(text.charCodeAt(at))) sentenceStarts.push(at + 1);
  }
  return sentences;
}

/**
 * 。！？； in every width and form, and a new line. A comma or a full stop of Latin script (also the point of a number) ends no
 * sentence.
 */
function isSentenceEnd(unit: number): boolean {
  const folded = foldTable[unit];
  return folded === 0x3002 || folded === 0x0a || folded === 0x21 || folded === 0x3f || folded === 0x3b;
}
