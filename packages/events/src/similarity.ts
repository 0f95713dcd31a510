import type { Gist } from './gist.ts';
import { containment, type Grams, jaccard, shared } from './grams.ts';
import { contradict, disjoint, elsewhere, numbersAgree } from './particulars.ts';
import { wordToken } from './tokens.ts';

/** How two items compare. Symmetric: the order of the two makes no difference. */
export interface Similarity {
  /** They tell the same happening. */
  same: boolean;
  /** 0–1: orders those that do. */
  score: number;
  /** What kept apart two that read alike; null when nothing did. */
  apart: 'time' | 'digest' | 'title-number' | 'title-frame' | 'place' | 'numbers' | 'days' | null;
}

/** One place for every threshold; see docs/decisions/0009-event-clustering.md for how each was found. */
export const similarityRule = {
  version: 1,
  /** Shared title bigrams ÷ all of them. */
  title: 0.6,
  /** Shared text 5-grams ÷ those of the shorter text. */
  body: 0.6,
  /** A headline that stands whole in a longer one: so much of it, of at least so many bigrams, and so long beside the longer. */
  headlineWithin: { overlap: 0.9, pairs: 9, ofLonger: 0.35 },
  /** Messages without titles say the same in few words: below this many 5-grams they must share this much. */
  untitled: { grams: 40, share: 0.75 },
  /** A copied text under a title that has nothing in common needs this much of it, and this many 5-grams. */
  bodyAlone: { share: 0.8, grams: 150 },
  /** So much of a text, of so many 5-grams, with so many of its numbers, is a copy of it. */
  copy: { share: 0.85, grams: 120, numbers: 0.8 },
  /** The headline of one stands in the text of the other, and the headlines overlap. */
  headline: { inText: 0.75, overlap: 0.35 },
  /** Neither the title nor the text is enough, but both are near. */
  together: { title: 0.5, triples: 0.55 },
  /** Hours between two reports of one happening: when only their titles agree, and at all; and from when on naming another day tells. */
  hours: { title: 72, text: 24 * 7, day: 12 },
  /** Of the numbers at the beginning of one report, the share that must occur in the other. */
  numbers: { least: 3, share: 0.45 },
  /** Titles that differ in one place only: so many tokens around it make it a form, filled differently when so few are shared there.
   * One character that differs in a title of `variant` tokens more is another writing of it, unless it counts or points somewhere. */
  frame: { tokens: 4, filling: 0.3, variant: 12, numbers: 0.7 },
} as const;

const hourMs = 3_600_000;

export function compare(a: Gist, b: Gist): Similarity {
  const rule = similarityRule;
  const hours = a.at === null || b.at === null ? 0 : Math.abs(a.at - b.at) / hourMs;
  if (hours > rule.hours.text) return { same: false, score: 0, apart: 'time' };
  const title = jaccard(a.titlePairs, b.titlePairs);
  const overlap = containment(a.titlePairs, b.titlePairs);
  const { share: body, shared: fives } = bodyShare(a, b);
  // Titles that contradict each other leave only the copy: told here already, before anything dearer.
  const against = contradiction(a, b);
  if (against !== null && !(body >= rule.copy.share && fives >= rule.copy.grams)) {
    return { same: false, score: 0, apart: title >= rule.title || body >= rule.body ? against : null };
  }
  const far: Similarity = { same: false, score: Math.max(title, body) / 2 + (title + body) / 4, apart: null };
  // What has neither a title nor a text in common is not looked at more closely: most of what a window finds.
  if (overlap < 0.2 && body < 0.3) return far;
  const shorter = Math.min(a.titlePairs.length, b.titlePairs.length);
  const untitled = a.title.length === 0 || b.title.length === 0;
  const closer = overlap >= rule.headline.overlap || body >= rule.body;
  const triples = closer ? containment(a.triples, b.triples) : 0;
  const inText = closer ? Math.max(within(a, b), within(b, a)) : 0;

  const { headlineWithin, together } = rule;
  const byTitle =
    title >= rule.title || (overlap >= headlineWithin.overlap && shorter >= headlineWithin.pairs && title >= headlineWithin.ofLonger);
  const byHeadline =
    (inText >= rule.headline.inText && overlap >= rule.headline.overlap) || (overlap >= together.title && triples >= together.triples);
  const related = untitled || overlap >= 0.2 || inText >= 0.4;
  const alone = body >= rule.bodyAlone.share && fives >= rule.bodyAlone.grams;
  const enough = untitled && Math.min(a.fives.length, b.fives.length) < rule.untitled.grams ? rule.untitled.share : rule.body;
  const byBody = (body >= enough && related) || alone;
  // The best evidence says whether; of several that are sure, title and text together say which.
  const score = Math.max(title, body, (overlap + Math.min(1, inText) + triples) / 3) / 2 + (title + body) / 4;
  const answer = (apart: Similarity['apart']): Similarity => ({ same: apart === null, score: apart === null ? score : 0, apart });
  if (!byTitle && !byHeadline && !byBody) return { same: false, score, apart: null };

  const p = a.particulars;
  const q = b.particulars;
  // A collection of stories is the same as its copy only: by what it contains, it would join them all.
  if (a.titleParticulars.digest || b.titleParticulars.digest) {
    const both = fives / (Math.max(a.fives.length, b.fives.length) || 1);
    if (title < rule.title && both < rule.body) return answer('digest');
  }
  const numbers = numbersAgree(p, q, rule.numbers.least);
  // A form is filled in for another place or another day, however long the text that follows.
  if (against === 'place') return answer('place');
  if (hours > rule.hours.day && disjoint(p.days, q.days) && (byBody || (numbers ?? 0) < rule.numbers.share)) return answer('days');
  // A long copy is the same story under any title.
  if (body >= rule.copy.share && fives >= rule.copy.grams && (numbers === null || numbers >= rule.copy.numbers)) return answer(null);
  if (against !== null) return answer(against);
  if (!(byBody && (numbers ?? 0) >= rule.frame.numbers) && (otherFilling(a.title, b.title) || otherSubject(a, b)))
    return answer('title-frame');
  if (byBody && numbers !== null && numbers < rule.numbers.share) return answer('numbers');
  if (!byBody && hours > rule.hours.title) return answer('time');
  return answer(null);
}

/** What one title says that the other denies; then only a copy of the text makes them one story. */
export function contradiction(a: Gist, b: Gist): 'place' | 'title-number' | null {
  if (elsewhere(a.titleParticulars.places, b.titleParticulars.places)) return 'place';
  return contradict(a.titleParticulars.numbers, b.titleParticulars.numbers) ? 'title-number' : null;
}

/**
 * The share of the shorter text's 5-grams that the longer has. Of long texts first an eighth is compared, those with the least hashes: where
 * that share lies far below all thresholds it is taken as it is.
 */
function bodyShare(a: Gist, b: Gist): { share: number; shared: number } {
  const least = Math.min(a.fives.length, b.fives.length);
  if (least >= 200) {
    const [x, y] = [sample(a.fives), sample(b.fives)];
    const share = containment(x, y);
    if (share < 0.3) return { share, shared: Math.round(share * least) };
  }
  const both = shared(a.fives, b.fives);
  return { share: both / (least || 1), shared: both };
}

/** The grams whose hash lies in the lowest eighth: in a sorted list, its beginning. */
function sample(grams: Grams): Grams {
  let low = 0;
  let high = grams.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((grams[middle] as number) < 0x2000_0000) low = middle + 1;
    else high = middle;
  }
  return grams.subarray(0, low);
}

/** The share of one's headline that stands in the other's text. */
function within(headline: Gist, text: Gist): number {
  return headline.titleTriples.length < 3 ? 0 : shared(headline.titleTriples, text.triples) / headline.titleTriples.length;
}

/**
 * The titles are one form filled in differently: the same beginning and end, and between them on either side something that has
 * hardly a token in common (`甲公司提交上市申请书`, `乙公司提交上市申请书`). A title with something put in or left out is not.
 */
function otherFilling(a: Uint32Array, b: Uint32Array): boolean {
  const { frame } = similarityRule;
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < least - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const left = a.subarray(start, a.length - end);
  const right = b.subarray(start, b.length - end);
  if (left.length === 0 || right.length === 0 || start + end < frame.tokens) return false;
  if (left.length === 1 && right.length === 1 && start + end >= frame.variant && !(telling(left[0]) && telling(right[0]))) return false;
  const common = left.filter((token) => right.includes(token)).length;
  const back = right.filter((token) => left.includes(token)).length;
  return Math.min(common, back) / Math.min(left.length, right.length) <= frame.filling;
}

/** Both titles name somebody before a colon, and not one character of the names is the same. */
function otherSubject(a: Gist, b: Gist): boolean {
  const [x, y] = [a.titleParticulars.subject, b.titleParticulars.subject];
  return x !== null && y !== null && disjoint(Array.from(x), Array.from(y));
}

/** A word, a number, or a character that makes another report of the same form. */
function telling(token: number | undefined): boolean {
  return token === undefined || token >= wordToken || tellingCharacters.has(token);
}

const tellingCharacters = new Set(
  Array.from('一二三四五六七八九十百千万亿东西南北中上下左右前后涨跌升降增减甲乙丙丁红橙黄蓝高低男女', (c) => c.charCodeAt(0)),
);
