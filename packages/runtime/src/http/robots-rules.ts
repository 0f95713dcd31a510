/** The rules of one robots.txt for one crawler. Matching is linear in rules × path length. */
export interface RobotsRules {
  /**
   * @param path path and query as they are sent (`/a/b?c=d`), percent-encoded. The longest matching rule decides, allow wins a tie,
   * nothing matching means allowed (RFC 9309 §2.2.2). `/robots.txt` itself is always allowed.
   */
  allows(path: string): boolean;
  /** Seconds; null when the file names none for this crawler. Not in RFC 9309, but what small sites use. */
  crawlDelaySeconds: number | null;
}

/** What RFC 9309 §2.5 asks crawlers to read at least, and the most that is read. */
export const robotsMaxBytes = 500 * 1_024;
/** Google's reader cuts lines here too; no honest path is longer. */
const maxLine = 16_664;

/**
 * Reads a robots.txt (RFC 9309) for the crawler with this product token (`Guanlan` in `Guanlan/0.1 (+…)`), compared
 * without regard to case. All groups that name the token are one group; only when there is none do the `*` groups
 * count. Forgiving as Google's reader is: a missing colon, spaces, a byte order mark, the common misspellings.
 */
export function parseRobots(text: string, productToken: string): RobotsRules {
  const token = productToken.toLowerCase();
  const own: Group = { rules: [], delay: null, named: false };
  const any: Group = { rules: [], delay: null, named: false };
  let current: Group[] = [];
  let inAgents = false;
  for (const line of lines(text)) {
    const field = fieldOf(line);
    if (field === null) continue;
    if (field.name === 'user-agent') {
      if (!inAgents) current = [];
      inAgents = true;
      const agent = agentOf(field.value);
      const group = agent === '*' ? any : agent === token && token !== '' ? own : null;
      if (group) {
        group.named = true;
        if (!current.includes(group)) current.push(group);
      }
      continue;
    }
    // Any other known line ends the list of agents; an unknown one (Sitemap, …) leaves groups as they are.
    if (field.name === 'other') continue;
    inAgents = false;
    for (const group of current) apply(group, field);
  }
  const { rules, delay } = own.named ? own : any;
  rules.sort((a, b) => b.length - a.length || Number(b.allow) - Number(a.allow));
  return {
    allows: (path) => {
      const target = plainEscapes(path === '' ? '/' : path);
      if (target === '/robots.txt') return true;
      return rules.find((rule) => matches(rule, target))?.allow ?? true;
    },
    crawlDelaySeconds: delay,
  };
}

interface Group {
  rules: Rule[];
  delay: number | null;
  named: boolean;
}

interface Rule {
  allow: boolean;
  /** Of the pattern as written (percent-encoded): what "longest match" measures. */
  length: number;
  /** The literal pieces between the `*`s; the first one stands at the path's start. */
  pieces: string[];
  /** The pattern ends in `$`: the last piece stands at the path's end. */
  anchored: boolean;
}

type FieldName = 'user-agent' | 'allow' | 'disallow' | 'crawl-delay' | 'other';

function* lines(text: string): Generator<string> {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  for (const line of body.split(/\r\n|\r|\n/u)) {
    const hash = line.indexOf('#');
    const plain = (hash < 0 ? line : line.slice(0, hash)).slice(0, maxLine).trim();
    if (plain !== '') yield plain;
  }
}

function fieldOf(line: string): { name: FieldName; value: string } | null {
  const colon = line.indexOf(':');
  // "user-agent FooBot": the colon forgotten, exactly one gap.
  const gap = colon < 0 ? /^(\S+)\s+(\S+)$/u.exec(line) : null;
  if (colon < 0 && gap === null) return null;
  const key = (gap?.[1] ?? line.slice(0, colon)).trim().toLowerCase();
  const value = gap?.[2] ?? line.slice(colon + 1).trim();
  return { name: names.get(key) ?? 'other', value };
}

const names = new Map<string, FieldName>([
  ['user-agent', 'user-agent'],
  ['useragent', 'user-agent'],
  ['user agent', 'user-agent'],
  ['allow', 'allow'],
  ['disallow', 'disallow'],
  ['dissallow', 'disallow'],
  ['dissalow', 'disallow'],
  ['disalow', 'disallow'],
  ['diasllow', 'disallow'],
  ['disallaw', 'disallow'],
  ['crawl-delay', 'crawl-delay'],
]);

/** The product token a User-agent line names: its leading letters, `_` and `-` (RFC 9309 §2.2.1); `*` for everybody. */
function agentOf(value: string): string {
  if (value === '*' || /^\*\s/u.test(value)) return '*';
  return /^[a-z_-]*/iu.exec(value)?.[0].toLowerCase() ?? '';
}

function apply(group: Group, field: { name: FieldName; value: string }): void {
  if (field.name === 'crawl-delay') {
    const seconds = Number(field.value);
    if (field.value !== '' && Number.isFinite(seconds) && seconds >= 0) group.delay ??= seconds;
    return;
  }
  // An empty path allows or disallows nothing.
  if (field.value === '') return;
  const allow = field.name === 'allow';
  group.rules.push(rule(allow, field.value));
  // Google: a directory's index page stands for the directory.
  const index = allow ? /^(.*\/)index\.html?$/u.exec(field.value)?.[1] : undefined;
  if (index !== undefined) group.rules.push(rule(true, `${index}$`));
}

function rule(allow: boolean, path: string): Rule {
  const pattern = encoded(path);
  const anchored = pattern.endsWith('$');
  const pieces = (anchored ? pattern.slice(0, -1) : pattern).split(/\*+/u);
  return { allow, length: pattern.length, pieces, anchored };
}

/** Takes each piece at its first place after the one before: with `*` as the only wildcard that never misses a match. */
function matches({ pieces, anchored }: Rule, path: string): boolean {
  const first = pieces[0] ?? '';
  if (!path.startsWith(first)) return false;
  const last = pieces.length - 1;
  if (last === 0) return !anchored || path.length === first.length;
  let at = first.length;
  for (let i = 1; i < last; i += 1) {
    const piece = pieces[i] ?? '';
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const tail = pieces[last] ?? '';
  return anchored ? path.length - tail.length >= at && path.endsWith(tail) : path.indexOf(tail, at) >= 0;
}

/** A pattern as it has to be compared: what is outside ASCII is percent-encoded (RFC 9309 §2.2.2). */
function encoded(pattern: string): string {
  return plainEscapes(pattern.replace(/[^\x21-\x7e]+/gu, (run) => encodeURIComponent(run.toWellFormed())));
}

/** One spelling per escape: what need not be encoded is decoded, hexadecimal digits are capital letters. */
function plainEscapes(path: string): string {
  if (!path.includes('%')) return path;
  return path.replace(/%([0-9a-f]{2})/giu, (encodedOctet, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9._~-]/u.test(char) ? char : encodedOctet.toUpperCase();
  });
}
