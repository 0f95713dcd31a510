import type { Faults } from './faults.ts';
import type { Condition, Link, Position, Term } from './lexicon.ts';
import { normalise } from './normalise.ts';

export const conditionLimits = { groups: 6, near: 100, termLength: 32 };

/**
 * Reads one condition: groups of `a|b|c`, joined by a blank (same sentence), `~8~` (within 8 characters, either order),
 * `~8>` (within 8 characters, in this order) or `+` (same text). One pass over the line.
 *
 * @returns null when a fault was reported.
 */
export function parseCondition(
  line: string,
  position: Position,
  faults: Faults,
  { lists = noLists, singles = false }: { lists?: WordLists; singles?: boolean } = {},
): Condition | null {
  const groups: Term[][] = [];
  const links: Link[] = [];
  let link: Link | null = null;
  let sound = true;
  const fault = (offset: number, message: string, hint: string) => {
    faults.add({ ...position, column: position.column + offset }, message, hint);
    sound = false;
  };
  for (const { text, offset } of words(line)) {
    if (text === '+' || text.startsWith('~')) {
      if (groups.length === 0 || link !== null)
        fault(offset, `“${text}”前面缺少词`, '连接符要写在两组词之间，例如：燃气|煤气 ~8~ 泄漏|爆炸');
      link = text === '+' ? { kind: 'field' } : parseNear(text, offset, fault);
      if (link === null) link = { kind: 'sentence' };
      continue;
    }
    const terms = parseTerms(text, { ...position, column: position.column + offset }, faults, lists);
    if (terms === null) {
      sound = false;
      continue;
    }
    if (groups.length > 0) links.push(link ?? { kind: 'sentence' });
    link = null;
    groups.push(terms);
  }
  if (groups.length === 0 && sound) fault(0, '条件是空的', '写出要找的词，例如：着火|起火|失火');
  else if (link !== null && sound) fault(line.length, '连接符后面缺少词', '在后面补上另一组词，或删去连接符');
  if (groups.length > conditionLimits.groups)
    fault(0, `一个条件有 ${groups.length} 组词，最多 ${conditionLimits.groups} 组`, '拆成两条规则');
  if (sound && !singles && groups.every((terms) => terms.some((term) => term.text.length === 1))) {
    fault(0, '每组词里都有单字，会到处命中', '至少要有一组词全部是两个字以上');
  }
  return sound ? { groups, links } : null;
}

/** Named lists of words, by name: what `{名称}` stands for. */
export type WordLists = ReadonlyMap<string, readonly Term[]>;
const noLists: WordLists = new Map();

/**
 * Reads alternatives `a|b|c`; `^` after a term asks for word alignment, `{名称}` stands for the words of a list. Returns null
 * when a fault was reported.
 */
export function parseTerms(text: string, position: Position, faults: Faults, lists: WordLists = noLists): Term[] | null {
  const terms = new Map<string, Term>();
  let sound = true;
  let offset = 0;
  for (const written of text.split('|')) {
    const named = /^\{([^{}]+)\}$/u.exec(written)?.[1];
    const list = named === undefined ? undefined : lists.get(named);
    const fault =
      named === undefined
        ? checkTerm(written)
        : list === undefined
          ? { message: `没有名为“${named}”的词表`, hint: `写一行：词表 ${named} 词|词|词` }
          : null;
    if (list !== undefined) for (const term of list) terms.set(`${term.text}${term.aligned ? '^' : ''}`, term);
    else if (fault === null) {
      const aligned = written.endsWith('^');
      const plain = normalise(aligned ? written.slice(0, -1) : written).text;
      terms.set(`${plain}${aligned ? '^' : ''}`, { text: plain, aligned });
    } else {
      faults.add({ ...position, column: position.column + offset }, fault.message, fault.hint);
      sound = false;
    }
    offset += written.length + 1;
  }
  return sound ? [...terms.values()] : null;
}

function checkTerm(written: string): { message: string; hint: string } | null {
  const term = normalise(written.replace(/\^$/u, '')).text;
  if (term === '') return { message: '“|”旁边缺少词', hint: '删去多余的“|”，或补上词' };
  if (term.length > conditionLimits.termLength) {
    return {
      message: `词“${term.slice(0, 12)}…”有 ${term.length} 字，最多 ${conditionLimits.termLength} 字`,
      hint: '拆成几个短词，用 ~8~ 连接',
    };
  }
  // In the writing as given: a * between two characters is folded away.
  const wild = /[*?[\](){}\\^$]/u.exec(written.replace(/\^$/u, '').normalize('NFKC'));
  if (wild !== null) {
    return {
      message: `不支持“${wild[0]}”`,
      hint: /[{}]/u.test(wild[0])
        ? '引用词表写成 {名称}，单独占“|”之间的一格'
        : '没有通配符：把几种写法用“|”列出，中间可隔几个字用 ~8~（最多 100）',
    };
  }
  if (/微信号|微博号|抖音号|qq号|公众号id/u.test(term) && /[a-z0-9_-]{5,}/u.test(term))
    return { message: `“${written}”是账号`, hint: '词库不收账号、人名；请写事情本身' };
  if (term.includes('@')) return { message: '词里有“@”', hint: '词库不收账号、人名；请写事情本身' };
  if (!/[\p{L}\p{N}]/u.test(term)) return { message: `“${written}”没有文字`, hint: '写出要找的词' };
  return null;
}

function parseNear(text: string, offset: number, fault: (offset: number, message: string, hint: string) => void): Link | null {
  const parts = /^~(\d{1,4})([~>])$/u.exec(text);
  if (parts === null) {
    fault(offset, `看不懂“${text}”`, '相隔字数写成 ~8~（前后不论）或 ~8>（前者在前），两边留空格');
    return null;
  }
  const within = Number(parts[1]);
  if (within > conditionLimits.near) {
    fault(offset, `相隔 ${within} 字太远，最多 ${conditionLimits.near} 字`, '改小，或用空格表示同一句、用 + 表示同一篇');
    return null;
  }
  return { kind: 'near', within, ordered: parts[2] === '>' };
}

function* words(line: string): Generator<{ text: string; offset: number }> {
  for (const match of line.matchAll(/[^\s|]+(?:\s*\|\s*[^\s|]+)*|\S+/gu)) {
    yield { text: match[0].replace(/\s*\|\s*/gu, '|'), offset: match.index };
  }
}
