import { firstCover } from './cover.ts';
import { figureBeside } from './measure.ts';
import { foldTable, originalSpan } from './normalise.ts';
import { type Group, type Program, roles } from './program.ts';
import { isAstride, segmentAround } from './segment.ts';
import { numberSentences } from './sentence.ts';

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
  readonly #sentenceStarts: number[] = [];
  #masks: number[] = [];
  #falseFriends: number[] = [];
  #adjustments: number[] = [];
  /** Hits of places, witnesses and strangers. */
  #places: number[] = [];
  /** The whole field counts as one sentence. */
  #whole = false;
  #roles = 0;
  #damaged = false;
  /** The terms that were met, each once. */
  #met: number[] = [];
  /** Per group: in which round its hits were gathered, all and usable ones. */
  readonly #groupRound: Int32Array;
  readonly #groupHits: (readonly number[])[] = [];
  readonly #usableRound: Int32Array;
  readonly #usableHits: (readonly number[])[] = [];
  readonly #claimed: Int32Array;

  constructor(program: Program) {
    this.#program = program;
    const terms = program.termLength.length;
    this.#round = new Int32Array(terms);
    this.#first = new Int32Array(terms);
    this.#last = new Int32Array(terms);
    this.#times = new Int32Array(terms);
    this.#groupRound = new Int32Array(program.groups);
    this.#usableRound = new Int32Array(program.groups);
    this.#claimed = new Int32Array(program.conditions.length);
  }

  /** Reads for the terms of two characters or more. */
  read(text: string, whole: boolean): void {
    this.#reset(text, whole);
    const scan = this.#program.matcher.scan(text);
    this.#damaged = scan.damaged;
    this.#text = scan.text;
    this.#offsets = scan.offsets;
    const { twin, longTerms } = this.#program;
    for (let hit = 0; hit < scan.count; hit++) this.#take(longTerms[scan.term[hit] as number] as number, scan.start[hit] as number, twin);
    // Only single characters are left of most words.
    if (scan.damaged) this.readFully();
  }

  /** Reads the same text again, for all terms. */
  readFully(): void {
    const { fullMatcher, twin } = this.#program;
    if (fullMatcher === null) return;
    this.#reset(this.#original, this.#whole);
    const scan = fullMatcher.scan(this.#original);
    this.#text = scan.text;
    this.#offsets = scan.offsets;
    for (let hit = 0; hit < scan.count; hit++) this.#take(scan.term[hit] as number, scan.start[hit] as number, twin);
  }

  #take(term: number, start: number, twin: Int32Array): void {
    this.#add(term, start);
    if ((twin[term] as number) >= 0) this.#add(twin[term] as number, start);
  }

  #reset(text: string, whole: boolean): void {
    this.#now++;
    this.#met = [];
    this.#original = text;
    this.#count = 0;
    this.#roles = 0;
    this.#sentence = null;
    this.#masks = [];
    this.#falseFriends = [];
    this.#adjustments = [];
    this.#places = [];
    this.#whole = whole;
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

  hasAny({ terms }: Group): boolean {
    for (let i = 0; i < terms.length; i++) if (this.#round[terms[i] as number] === this.#now) return true;
    return false;
  }

  /** One of its terms was met, or is a single character that was not read for and stands in the text. */
  mayHave(group: Group): boolean {
    return this.hasAny(group) || (group.singles?.test(this.#original) ?? false);
  }

  /** The text is what a wrong decoding left of another. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** The terms that were met, each once, in order of their first hit. */
  get met(): readonly number[] {
    return this.#met;
  }

  /** True the first time it is asked for a condition since the last reading. */
  claim(condition: number): boolean {
    if (this.#claimed[condition] === this.#now) return false;
    this.#claimed[condition] = this.#now;
    return true;
  }

  /** Hits of any of these terms, in order of start. */
  hitsOf(group: Group): readonly number[] {
    if (this.#groupRound[group.index] !== this.#now) {
      this.#groupRound[group.index] = this.#now;
      this.#groupHits[group.index] = this.#gather(group.terms);
    }
    return this.#groupHits[group.index] ?? [];
  }

  /** Those of {@link hitsOf} that no mask covers and that do not lie astride words. */
  usableHitsOf(group: Group): readonly number[] {
    if (this.#usableRound[group.index] !== this.#now) {
      this.#usableRound[group.index] = this.#now;
      this.#usableHits[group.index] = this.hitsOf(group).filter((hit) => this.maskOf(hit) < 0 && !this.isAstride(hit));
    }
    return this.#usableHits[group.index] ?? [];
  }

  #gather(terms: Int32Array): number[] {
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
    return firstCover(this, hit, this.#masks);
  }

  falseFriendOf(hit: number): number {
    return firstCover(this, hit, this.#falseFriends);
  }

  /** Hits of the county's places, and of what makes an unsure one sure or strange. */
  get placeHits(): readonly number[] {
    return this.#places;
  }

  /** 巨鹿 in 巨鹿镇. */
  isInsideLongerPlace(hit: number): boolean {
    return firstCover(this, hit, this.#places, true) >= 0;
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
    this.#sentence ??= numberSentences(this.#whole ? '' : this.#text, this.#start, this.#count, this.#sentenceStarts);
    return this.#sentence[hit] as number;
  }

  /** The figure of this kind beside the hit, in its sentence. */
  figureBeside(hit: number, kind: string): number | null {
    const sentence = this.sentence(hit);
    const from = this.sentenceStart(sentence);
    const to = this.#sentenceStarts[sentence + 1] ?? this.#text.length;
    const start = Math.max(from, this.start(hit) - 64);
    // Folded unit by unit, so that the offsets stay.
    const piece = Array.from(
      { length: Math.min(to, this.end(hit) + 64) - start },
      (_, at) => foldTable[this.#text.charCodeAt(start + at)] ?? 0,
    );
    return figureBeside(String.fromCharCode(...piece), this.start(hit) - start, this.end(hit) - start, kind);
  }

  get isBlank(): boolean {
    return this.#text.trim() === '';
  }

  /** Units of the scanned text. */
  get length(): number {
    return this.#text.length;
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
      this.#met.push(term);
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
}
