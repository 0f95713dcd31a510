import { type Grams, gramsOf } from './grams.ts';
import { type Particulars, particularsOf, type TitleParticulars, titleParticularsOf } from './particulars.ts';
import { tokensOf } from './tokens.ts';

/** An item as it is compared. */
export interface GistInput {
  title: string;
  text: string;
  /** Milliseconds of the epoch; null when unknown. */
  at: number | null;
}

/** What is kept of an item for comparing it: some kilobytes, of its title and of the first {@link bodyLimit} tokens of its text. */
export interface Gist {
  at: number | null;
  /** Without the mark of the column and the house. */
  readonly title: Uint32Array;
  readonly titlePairs: Grams;
  readonly titleParticulars: TitleParticulars;
  readonly fives: Grams;
  readonly titleTriples: Grams;
  readonly triples: Grams;
  readonly particulars: Particulars;
}

export const bodyLimit = 1_500;
/** Characters of a text that are looked at. */
export const gistLength = bodyLimit * 2;
const titleLimit = 80;

/** Nothing is worked out before it is asked for: titles tell most candidates apart, and most items are never compared. */
export function gistOf({ title, text, at }: GistInput): Gist {
  const beginning = own(text);
  let bare: string | undefined;
  let titleTokens: Uint32Array | undefined;
  let titlePairs: Grams | undefined;
  let titleTriples: Grams | undefined;
  let titleParticulars: TitleParticulars | undefined;
  let body: Uint32Array | undefined;
  let fives: Grams | undefined;
  let triples: Grams | undefined;
  let particulars: Particulars | undefined;
  const bareOf = () => {
    bare ??= bareTitle(title);
    return bare;
  };
  const tokens = () => {
    titleTokens ??= tokensOf(bareOf(), titleLimit);
    return titleTokens;
  };
  const bodyTokens = () => {
    body ??= tokensOf(beginning, bodyLimit);
    return body;
  };
  return {
    at,
    get title() {
      return tokens();
    },
    get titlePairs() {
      titlePairs ??= gramsOf(tokens(), 2);
      return titlePairs;
    },
    get titleParticulars() {
      titleParticulars ??= titleParticularsOf(title, bareOf());
      return titleParticulars;
    },
    get fives() {
      fives ??= gramsOf(bodyTokens(), 5);
      return fives;
    },
    get titleTriples() {
      titleTriples ??= gramsOf(tokens(), 3);
      return titleTriples;
    },
    get triples() {
      triples ??= gramsOf(bodyTokens(), 3);
      return triples;
    },
    get particulars() {
      particulars ??= particularsOf(bareOf(), beginning);
      return particulars;
    },
  };
}

/** The beginning of a text, as a string that does not keep the whole of a long one alive. */
function own(text: string): string {
  if (text.length <= gistLength) return text;
  return Buffer.from(text.slice(0, gistLength), 'utf16le').toString('utf16le');
}

/**
 * A title without what the house puts before it (`08版 - `, `财新闻｜`, `某某社快讯：`, `【市场动态】`) and after it (` - 某某网`, ` - January 5, 2026`). What
 * would leave fewer than six characters is left as it is.
 */
export function bareTitle(title: string): string {
  let bare = title.trim();
  for (const pattern of marks) {
    const shorter = bare.replace(pattern, '').trim();
    if (shorter.length >= 6) bare = shorter;
  }
  return bare;
}

const marks = [
  /^\d{1,2}版\s*[-–—:：]+\s*/u,
  /^[【[［][^】\]］]{1,10}[】\]］]/u,
  /^[^｜|丨:：，。！？\s]{1,10}[｜|丨]/u,
  /^[^：:，。！？\s]{2,8}(?:快讯|消息|快报|电讯|视频|直播)[：:]/u,
  /[｜|丨][^｜|丨，。！？]{1,10}$/u,
  /\s[-–—_]\s?(?:[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\S{2,12}(?:网|报|社|台|新闻|客户端|频道))$/u,
] as const;
