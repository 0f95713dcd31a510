import { conditionLimits } from './condition.ts';
import { originalSpan } from './normalise.ts';
import { type Program, roles } from './program.ts';
import { isAstride, segmentAround } from './segment.ts';

/** Hits of one term, and of one group, that are looked at in one field; what repeats more often says nothing new. */
const mostHits = { term: 256, group: 512 };

/**
 * What the terms of a program are found at in one field. One object reads many fields, one after another; its buffers stay.
 * A hit is a number, in order of start. Offsets are of the scanned text; {@link span} gives original ones.
 */
export class Reading {
  readonly #program: Program;
  /** Per term: in which round it was met last, its first and last hit, how many. */
  readonly #round: Int32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #times: Int32Array;
  #now = 0;
  #original = '';
  #text = '';
  #offsets: Int32Array | null = null;
  #count = 0;
  #term = new Int32Array(256);
  #start = new Int32Array(256);
  /** Per hit, the next of the same term, or -1. */
  #next = new Int32Array(256);
  #sentence: Int32Array | null = null;
  #sentenceStarts: number[] = [];
  #masks: number[] = [];
  #falseFriends: number[] = [];
  #adjustments: number[] = [];
  /** Hits of places, witnesses and strangers. */
  #places: number[] = [];
  /** The whole field counts as one sentence. */
  #whole = false;
  #roles = 0;

  constructor(program: Program) {
    this.#program = program;
    const terms = program.termLength.length;
    this.#round = new Int32Array(terms);
    this.#first = new Int32Array(terms);
    this.#last = new Int32Array(terms);
    this.#times = new Int32Array(terms);
  }

  read(text: string, whole: boolean): void {
    this.#now++;
    this.#original = text;
    this.#count = 0;
    this.#roles = 0;
    this.#sentence = null;
    this.#masks = [];
    this.#falseFriends = [];
    this.#adjustments = [];
    this.#places = [];
    this.#whole = whole;
    const scan = this.#program.matcher.scan(text);
    this.#text = scan.text;
    this.#offsets = scan.offsets;
    const { twin } = this.#program;
    for (let hit = 0; hit < scan.count; hit++) {
      const term = scan.term[hit] as number;
      const start = scan.start[hit] as number;
      this.#add(term, start);
      if ((twin[term] as number) >= 0) this.#add(twin[term] as number, start);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** The union of the roles of the terms that were met. */
  get roles(): number {
    return this.#roles;
  }

  term(hit: number): number {
    return this.#term[hit] as number;
  }

  start(hit: number): number {
    return this.#start[hit] as number;
  }

  end(hit: number): number {
    return this.start(hit) + (this.#program.termLength[this.term(hit)] as number);
  }

  has(term: number): boolean {
    return this.#round[term] === this.#now;
  }

  hasAny(terms: Int32Array): boolean {
    for (let i = 0; i < terms.length; i++) if (this.#round[terms[i] as number] === this.#now) return true;
    return false;
  }

  /** Hits of any of these terms, in order of start. */
  hitsOf(terms: Int32Array): number[] {
    const hits: number[] = [];
    for (const term of terms) {
      if (!this.has(term)) continue;
      for (let hit = this.#first[term] as number; hit >= 0; hit = this.#next[hit] as number) hits.push(hit);
    }
    if (hits.length > 1) hits.sort((a, b) => a - b);
    if (hits.length > mostHits.group) hits.length = mostHits.group;
    return hits;
  }

  /** The mask a hit lies in, or -1. */
  maskOf(hit: number): number {
    return this.#inside(hit, this.#masks);
  }

  falseFriendOf(hit: number): number {
    return this.#inside(hit, this.#falseFriends);
  }

  /** Hits of the county's places, and of what makes an unsure one sure or strange. */
  get placeHits(): readonly number[] {
    return this.#places;
  }

  /** 巨鹿 in 巨鹿镇. */
  isInsideLongerPlace(hit: number): boolean {
    const longer = (other: number) => this.end(other) - this.start(other) > this.end(hit) - this.start(hit);
    return this.#inside(hit, this.#places.filter(longer)) >= 0;
  }

  /** Hits of what lowers or raises. */
  get adjustmentHits(): readonly number[] {
    return this.#adjustments;
  }

  /** The hit's term asks for word alignment, and the segmenter says that the hit is made of parts of two words. */
  isAstride(hit: number): boolean {
    if (this.#program.aligned[this.term(hit)] !== 1) return false;
    const sentence = this.sentence(hit);
    const to = this.#sentenceStarts[sentence + 1] ?? this.#text.length;
    const boundaries = segmentAround(this.#text, this.sentenceStart(sentence), to, this.start(hit), this.end(hit));
    return isAstride(boundaries, this.start(hit), this.end(hit));
  }

  /** The number of the sentence that holds the hit. */
  sentence(hit: number): number {
    this.#sentence ??= this.#numberSentences();
    return this.#sentence[hit] as number;
  }

  sentenceStart(sentence: number): number {
    return this.#sentenceStarts[sentence] ?? 0;
  }

  /** The hit in the text as it was given. */
  span(hit: number): { start: number; end: number; text: string } {
    const { start, end } = originalSpan(this.#offsets, this.start(hit), this.end(hit));
    return { start, end, text: this.#original.slice(start, end) };
  }

  #add(term: number, start: number): void {
    const hit = this.#count;
    if (this.#round[term] !== this.#now) {
      this.#round[term] = this.#now;
      this.#first[term] = hit;
      this.#times[term] = 1;
    } else {
      if ((this.#times[term] as number) >= mostHits.term) return;
      this.#next[this.#last[term] as number] = hit;
      this.#times[term] = (this.#times[term] as number) + 1;
    }
    if (hit === this.#term.length) this.#grow();
    this.#last[term] = hit;
    this.#term[hit] = term;
    this.#start[hit] = start;
    this.#next[hit] = -1;
    const role = this.#program.role[term] as number;
    this.#roles |= role;
    if ((role & roles.mask) !== 0) this.#masks.push(hit);
    if ((role & roles.falseFriend) !== 0) this.#falseFriends.push(hit);
    if ((role & roles.adjustment) !== 0) this.#adjustments.push(hit);
    if ((role & (roles.place | roles.witness | roles.stranger)) !== 0) this.#places.push(hit);
    this.#count++;
  }

  #grow(): void {
    const longer = (short: Int32Array) => {
      const long = new Int32Array(short.length * 2);
      long.set(short);
      return long;
    };
    this.#term = longer(this.#term);
    this.#start = longer(this.#start);
    this.#next = longer(this.#next);
  }

  /** The first of `covers` (in order of start, none longer than a term can be) that spans the hit, or -1. */
  #inside(hit: number, covers: readonly number[]): number {
    if (covers.length === 0) return -1;
    const start = this.start(hit);
    const end = this.end(hit);
    let low = 0;
    let high = covers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start(covers[middle] ?? 0) < start - conditionLimits.termLength) low = middle + 1;
      else high = middle;
    }
    for (; low < covers.length; low++) {
      const cover = covers[low] ?? 0;
      if (this.start(cover) > start) break;
      if (this.end(cover) >= end) return cover;
    }
    return -1;
  }

  #numberSentences(): Int32Array {
    const sentences = new Int32Array(this.#count);
    const starts = [0];
    this.#sentenceStarts = starts;
    if (this.#whole) return sentences;
    const text = this.#text;
    let hit = 0;
    for (let at = 0; at < text.length && hit < this.#count; at++) {
      while (hit < this.#count && this.#start[hit] === at) sentences[hit++] = starts.length - 1;
      if (isSentenceEnd(text.charCodeAt(at))) starts.push(at + 1);
    }
    return sentences;
  }
}

/** 。！？；!?; and a new line. A comma or a full stop of Latin script (also the point of a number) ends no sentence. */
function isSentenceEnd(unit: number): boolean {
  return (
    unit === 0x3002 ||
    unit === 0x0a ||
    unit === 0xff01 ||
    unit === 0xff1f ||
    unit === 0xff1b ||
    unit === 0x21 ||
    unit === 0x3f ||
    unit === 0x3b
  );
}
