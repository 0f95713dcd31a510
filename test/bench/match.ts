import { compileLexicon, createJudge, createMatcher } from '@guanlan/lexicon';
import { AhoCorasick } from '@monyone/aho-corasick/fast';
import { random } from '../support/texts.ts';
import { interleave } from './interleave.ts';
import type { BenchResult } from './result.ts';
import { createVocabulary, megabytes } from './vocabulary.ts';

const rounds = 7;
const posts = 4_000;
const ruleCount = 10_000;

/** Keyword search at three sizes, its build, and rules, each beside the best npm automaton or a naive loop on the same texts. */
export async function run(): Promise<BenchResult[]> {
  const vocabulary = createVocabulary(11);
  const texts = Array.from({ length: posts }, () => vocabulary.post());
  return [
    ...[1_000, 10_000, 100_000].map((count) => keywords(count, vocabulary.keywords(count), texts)),
    build(vocabulary.keywords(100_000)),
    rules(texts),
  ];
}

function keywords(count: number, words: readonly string[], texts: readonly string[]): BenchResult {
  const matcher = createMatcher(words);
  const automaton = new AhoCorasick([...words]);
  const size = megabytes(texts);
  const hits = { ours: 0, theirs: 0 };
  const taken = interleave(rounds, {
    ours: () => {
      hits.ours = 0;
      for (const text of texts) hits.ours += matcher.scan(text).count;
    },
    theirs: () => {
      hits.theirs = 0;
      for (const text of texts) hits.theirs += automaton.matchInText(text).length;
    },
  });
  if (hits.ours !== hits.theirs) throw new Error(`${hits.ours} hits, the automaton finds ${hits.theirs}`);
  const value = size / (taken.ours / 1000);
  const base = size / (taken.theirs / 1000);
  return {
    name: `match.keywords.${count}`,
    unit: 'MB/s',
    value,
    baselines: { 'monyone-ac': base },
    ratios: { 'monyone-ac': value / base },
    runs: rounds,
    note: `${texts.length} posts, ${size.toFixed(1)} MB, ${hits.ours} hits`,
  };
}

function build(words: readonly string[]): BenchResult {
  const taken = interleave(3, { ours: () => createMatcher(words), theirs: () => new AhoCorasick([...words]) });
  return {
    name: 'match.build.100000',
    unit: 'ms',
    value: taken.ours,
    baselines: { 'monyone-ac': taken.theirs },
    ratios: { 'monyone-ac': taken.ours / taken.theirs },
    runs: 3,
  };
}

interface NaiveRule {
  groups: string[][];
  none: string[];
  within: number | null;
}

/** Rules of one to three groups of alternatives, 40 % with words that must not be there, 30 % of the joined ones within 20 characters. */
function rules(texts: readonly string[]): BenchResult {
  const next = random(5);
  const pool = createVocabulary(11)
    .keywords(30_000)
    .filter((word) => !/[0-9]/u.test(word));
  const pick = (count: number) => Array.from({ length: count }, () => pool[Math.floor(next() * pool.length)] as string);
  const naive: NaiveRule[] = Array.from({ length: ruleCount }, () => {
    const groups = Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(1 + Math.floor(next() * 3)));
    return { groups, none: next() < 0.4 ? pick(2) : [], within: groups.length > 1 && next() < 0.3 ? 20 : null };
  });
  const source = naive.map(({ groups, none, within }, index) => {
    const condition = groups.map((group) => group.join('|')).join(within === null ? ' + ' : ` ~${within}~ `);
    return `规则 第${index} III\n位置 全文\n条件 ${condition}\n${none.length > 0 ? `全文排除 ${none.join('|')}\n` : ''}`;
  });
  const judge = createJudge(compileLexicon(`[类别 accident]\n${source.join('')}`));
  const some = texts.slice(0, 400);
  const fired = { ours: 0, theirs: 0 };
  const taken = interleave(rounds, {
    ours: () => {
      fired.ours = 0;
      for (const text of some) if (judge.assess({ text }).level !== 'none') fired.ours++;
    },
    theirs: () => {
      fired.theirs = 0;
      for (const text of some) {
        // Every rule is looked at, as in the judge, whether or not another has fired.
        let any = false;
        for (const rule of naive) if (fires(rule, text)) any = true;
        if (any) fired.theirs++;
      }
    },
  });
  if (fired.ours !== fired.theirs) throw new Error(`${fired.ours} items fire, the naive loop finds ${fired.theirs}`);
  const value = some.length / (taken.ours / 1000);
  const base = some.length / (taken.theirs / 1000);
  return {
    name: `match.rules.${ruleCount}`,
    unit: 'items/s',
    value,
    baselines: { 'naive-rules': base },
    ratios: { 'naive-rules': value / base },
    runs: rounds,
    note: `${some.length} posts, ${fired.ours} fire; the judge's figure includes reasons and scores`,
  };
}

function fires({ groups, none, within }: NaiveRule, text: string): boolean {
  if (none.some((word) => text.includes(word))) return false;
  if (!groups.every((group) => group.some((word) => text.includes(word)))) return false;
  if (groups.length === 1) return true;
  let reached = places(text, groups[0] ?? []);
  for (const group of groups.slice(1)) {
    reached = places(text, group).filter((b) =>
      reached.some((a) => {
        const gap = a.start >= b.end ? a.start - b.end : b.start - a.end;
        return gap >= 0 && (within === null || gap <= within);
      }),
    );
  }
  return reached.length > 0;
}

function places(text: string, words: readonly string[]): { start: number; end: number }[] {
  return words.flatMap((word) => {
    const found: { start: number; end: number }[] = [];
    for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) found.push({ start, end: start + word.length });
    return found;
  });
}
