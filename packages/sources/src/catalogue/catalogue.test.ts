import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadSources } from '../load.ts';
import { type CatalogueSource, readCatalogue, shareable } from './catalogue.ts';
import { writeOpml } from './opml.ts';
import { writeYaml } from './yaml.ts';

const kinds = await loadSources();
const read = (text: string) => readCatalogue(text, kinds);
const usual = { every: null, enabled: true, local: false, allowPrivate: false, untested: false, note: '', options: {} };

it('reads OPML with groups, and takes each address once', () => {
  const { sources, refused } = read(
    `<?xml version="1.0"?><opml version="1.0"><body><outline text="新闻"><outline text="甲 &amp; 乙" xmlUrl="https://a.example/feed"/>
     <outline xmlUrl="https://b.example/feed"/></outline><outline text="甲" xmlUrl="https://a.example/feed"/><outline text="坏" xmlUrl="ftp://c.example"/></body></opml>`,
  );
  expect(sources).toEqual([
    { ...usual, name: '甲 & 乙', kind: 'feed', url: 'https://a.example/feed' },
    { ...usual, name: 'b.example', kind: 'feed', url: 'https://b.example/feed' },
  ]);
  expect(refused.map(({ line, name }) => [line, name])).toEqual([
    [3, '甲'],
    [4, '坏'],
  ]);
});

it('refuses one entry of YAML, with its line and reason, and keeps the others', () => {
  const { sources, refused } = read(`sources:
  - { name: 县政府, kind: list, url: "https://www.example.org/", every: 30m, enabled: false, note: 试过 }
  - { name: 没有这种, kind: telepathy, url: "https://www.example.org/" }
  - name: 多了一项
    url: https://www.example.org/feed
    colour: red
  - { name: 选项不对, kind: list, url: "https://www.example.org/a", options: { limit: 9999 } }
  - { name: 选项没有, kind: list, url: "https://www.example.org/b", options: { itme: li } }
  - 只有文字
`);
  expect(sources).toEqual([
    { ...usual, name: '县政府', kind: 'list', url: 'https://www.example.org/', every: '30m', enabled: false, note: '试过' },
  ]);
  expect(refused.map(({ line, reason }) => [line, reason.slice(0, 5)])).toEqual([
    [3, expect.stringContaining('没有')],
    [4, expect.any(String)],
    [7, expect.stringContaining('limit')],
    [8, expect.stringContaining('“list')],
    [9, expect.any(String)],
  ]);
});

it.each([
  ['sources: [', /第 1 行/u],
  ['sources: 3', /sources/u],
  ['', /sources/u],
  ['<html><body/></html>', /OPML/u],
  [
    'sources:\n  - &a [x, x]\n  - &b [*a, *a, *a, *a, *a, *a, *a, *a]\n  - &c [*b, *b, *b, *b, *b, *b, *b, *b]\n  - [*c, *c, *c, *c, *c]',
    /引用/u,
  ],
])('says what is wrong with a file as a whole: %j', (text, message) => expect(() => read(text)).toThrow(message));

describe('what is written is read again', () => {
  const sources: CatalogueSource[] = [
    { ...usual, name: '甲 <乙> & "丙"', kind: 'feed', url: 'https://a.example/feed?a=1&b=2' },
    {
      ...usual,
      name: '列表: "x" #1',
      kind: 'list',
      url: 'https://b.example/',
      every: '30m',
      enabled: false,
      local: true,
      note: '第一行\n第二行',
      options: { item: 'li a', limit: 5 },
    },
  ];
  it('YAML: all of it', () => expect(read(writeYaml(sources))).toEqual({ sources, refused: [] }));
  it('OPML: the feeds, and says which it leaves out', () => {
    const { text, left } = writeOpml(sources, new Date(0));
    expect(read(text).sources).toEqual([sources[0]]);
    expect(left).toEqual([sources[1]]);
  });
});

it('keeps secrets at home', () => {
  expect(shareable({ key: 'k', instance: 'https://hub.example/' }, 'rsshub', kinds)).toEqual({
    options: { instance: 'https://hub.example/' },
    withheld: ['key'],
  });
});

describe('the list that ships', async () => {
  const text = await readFile(new URL('../../../../infra/defaults/sources/julu.yaml', import.meta.url), 'utf8');
  const { sources, refused } = read(text);
  it('is valid', () => expect(refused).toEqual([]));
  it('turns nothing on by itself, and says that nobody has tried it', () => {
    expect(sources.length).toBeGreaterThan(20);
    for (const source of sources)
      expect(source).toMatchObject({ enabled: false, untested: true, allowPrivate: false, every: expect.any(String) });
    for (const source of sources) expect(source.note).not.toBe('');
  });
});
