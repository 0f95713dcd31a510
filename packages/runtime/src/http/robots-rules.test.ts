import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRobots } from './robots-rules.ts';

const cases = join(process.cwd(), '../shared/data/dev/hostile/robots.jsonl');

describe('parseRobots', () => {
  it.each([
    ['the longest rule decides', 'user-agent: *\ndisallow: /a\nallow: /a/b', '/a/b/c', true],
    ['allow wins a tie', 'user-agent: *\ndisallow: /a\nallow: /a', '/a', true],
    ['an empty disallow allows', 'user-agent: *\ndisallow:', '/x', true],
    ['a comment is no rule', 'user-agent: *\ndisallow: /x # /y', '/x', false],
    ['a byte order mark', '\ufeffuser-agent: *\ndisallow: /', '/x', false],
    ['lines ended by CR alone', 'user-agent: *\rdisallow: /x', '/x', false],
    ['a star in the middle', 'user-agent: *\ndisallow: /a*b*c', '/a1b2b3c4', false],
    ['an end anchor', 'user-agent: *\ndisallow: /*.pdf$', '/a.pdf?x', true],
    ['an end anchor that overlaps its start', 'user-agent: *\ndisallow: /ab*ba$', '/aba', true],
    ['Chinese as written', 'user-agent: *\ndisallow: /新闻/', '/%E6%96%B0%E9%97%BB/1', false],
    ['small hexadecimal letters', 'user-agent: *\ndisallow: /%e6%96%b0', '/%E6%96%B0', false],
    ['an escape that need not be', 'user-agent: *\ndisallow: /%61bc', '/abc', false],
    ['own group before the common one', 'user-agent: *\ndisallow: /\nuser-agent: guanlan\ndisallow: /x', '/y', true],
    ['an own group without rules', 'user-agent: *\ndisallow: /\nuser-agent: Guanlan\n', '/y', true],
    ['several agents share a group', 'user-agent: a\nuser-agent: Guanlan/2\ndisallow: /x', '/x', false],
    ['robots.txt itself', 'user-agent: *\ndisallow: /', '/robots.txt', true],
    ['an HTML page is no robots.txt', '<!doctype html><p>Disallow: / </p>', '/x', true],
  ])('%s', (_name, text, path, allowed) => {
    expect(parseRobots(text, 'Guanlan').allows(path)).toBe(allowed);
  });

  it('reads Crawl-delay of the group that counts', () => {
    const text = 'user-agent: *\ncrawl-delay: 3\n\nuser-agent: Guanlan\ncrawl-delay: 1.5\ndisallow: /x\n';
    expect(parseRobots(text, 'Guanlan').crawlDelaySeconds).toBe(1.5);
    expect(parseRobots(text, 'Other').crawlDelaySeconds).toBe(3);
    expect(parseRobots('user-agent: *\ncrawl-delay: soon', 'Other').crawlDelaySeconds).toBeNull();
  });

  it('matches as a regular expression would', () => {
    const pattern = fc.tuple(fc.stringMatching(/^[ab*]{0,8}$/u), fc.constantFrom('', '$')).map((parts) => `/${parts.join('')}`);
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab]{0,10}$/u), (rule, rest) => {
        const reference = new RegExp(`^${rule.replace(/\*/gu, '.*')}`, 'u');
        expect(parseRobots(`user-agent: *\ndisallow: ${rule}`, 'Guanlan').allows(`/${rest}`)).toBe(!reference.test(`/${rest}`));
      }),
      { numRuns: 3_000 },
    );
  });

  it('stays linear on a hostile pattern', () => {
    const rules = parseRobots(`user-agent: *\ndisallow: /${'a*'.repeat(5_000)}b`, 'Guanlan');
    expect(rules.allows(`/${'a'.repeat(20_000)}`)).toBe(true);
  });

  it.skipIf(!existsSync(cases))("agrees with Google's own cases (needs the shared data)", () => {
    const lines = readFileSync(cases, 'utf8').trim().split('\n');
    const wrong = lines
      .map((line) => JSON.parse(line) as { test: string; robots: string; agent: string; url: string; allowed: boolean })
      // The path as it stands in the case, not as a browser would encode it: that is what Google's matcher is given.
      .filter((c) => parseRobots(c.robots, c.agent).allows(c.url.replace(/^https?:\/\/[^/]+/u, '')) !== c.allowed);
    expect(lines.length).toBeGreaterThan(60);
    expect(wrong).toEqual([]);
  });
});
