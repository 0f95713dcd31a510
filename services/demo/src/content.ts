import { readFileSync } from 'node:fs';
import type { Words } from './template.ts';

/** An item written by hand, and where and when it appears. The same words at several sites: exact copies. */
export interface Story {
  title: string;
  paragraphs: string[];
  /** Seconds from the start of the county (negative: before it). */
  appears: { at: number; site: string }[];
}

/** An item with slots, of which `count` variants appear at one of its sites each. */
export interface Template {
  title: string;
  paragraphs: string[];
  sites: string[];
  count: number;
}

export interface Content {
  /** Things that deserve an answer. */
  incidents: Story[];
  /** Written by hand like them, and none of them is one. */
  notices: Story[];
  everyday: Template[];
  /** Small things that deserve an answer, for the time after the story. */
  smallMatters: Template[];
  words: Words;
}

/** Reads `services/demo/content`. All of it was written for this project. */
export function readContent(): Content {
  return {
    incidents: blocks('incidents').map(storyOf),
    notices: blocks('notices').map(storyOf),
    everyday: [...blocks('county'), ...blocks('elsewhere')].map(templateOf),
    smallMatters: blocks('small-matters').map(templateOf),
    words: new Map(
      lines('words').map((line) => {
        const [name = '', list = ''] = line.split(/:\s*/u);
        return [name, list.split('|')];
      }),
    ),
  };
}

interface Block {
  where: string;
  title: string;
  paragraphs: string[];
}

/** `@ where`, `# title`, then paragraphs, one a line. A `#` line that follows no `@` is a comment. */
function blocks(name: string): Block[] {
  const found: Block[] = [];
  for (const line of lines(name, true)) {
    const last = found.at(-1);
    if (line.startsWith('@ ')) found.push({ where: line.slice(2), title: '', paragraphs: [] });
    else if (line.startsWith('# ')) {
      if (last?.title === '') last.title = line.slice(2);
    } else last?.paragraphs.push(line);
  }
  return found;
}

function storyOf({ where, title, paragraphs }: Block): Story {
  const appears = where.split(';').map((part) => {
    const [at = '', site = ''] = part.trim().split(/\s+/u);
    return { at: Number(at), site };
  });
  return { title, paragraphs, appears };
}

function templateOf({ where, title, paragraphs }: Block): Template {
  const parts = where.split(/\s+/u);
  const count = parts.find((part) => /^x\d+$/u.test(part));
  return { title, paragraphs, sites: parts.filter((part) => part !== count), count: Number(count?.slice(1) ?? 1) };
}

function lines(name: string, comments = false): string[] {
  return readFileSync(new URL(`../content/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (comments || !line.startsWith('#')));
}
