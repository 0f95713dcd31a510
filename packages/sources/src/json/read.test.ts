import { describe, expect, it } from 'vitest';
import { jsonPresets } from './presets.ts';
import { compile, readJson } from './read.ts';

const options = { url: 'https://api.example.org/list', now: new Date('2026-11-23T12:00:00+08:00') };
const read = (value: unknown, mapping: Parameters<typeof readJson>[1]) => readJson(JSON.stringify(value), mapping, options);

it('maps items, addresses made of parts, and dates of every form', () => {
  const dates = [1_795_392_000, 1_795_392_000_000, '2026-11-23 08:00:00', '2026-11-23T00:00:00Z', '4小时前'];
  const items = read(
    { list: dates.map((at, i) => ({ t: `标题 ${i}`, at, key: `a/${i}` })) },
    { items: 'list', title: 't', date: 'at', link: 'https://example.org/x?id={$.key}' },
  );
  expect(items[1]?.url).toBe('https://example.org/x?id=a%2F1');
  expect(new Set(items.map((item) => item.publishedAt?.toISOString()))).toEqual(new Set(['2026-11-23T00:00:00.000Z']));
});

it('reads an answer in the form of a script, relative addresses and markup', () => {
  const items = readJson(
    'jsonp_1({"d":[{"t":"<b>标题</b>一则","u":"/a/1","c":"<p>甲</p><p>乙</p>"}]});',
    { items: '$.d[*]', title: '$.t', link: '$.u', text: '$.c' },
    options,
  );
  expect(items).toEqual([{ url: 'https://api.example.org/a/1', externalId: null, title: '标题一则', text: '甲\n乙', publishedAt: null }]);
});

it('has an empty list for an empty answer, and says what an interface says when it refuses', () => {
  expect(read({ list: [] }, { items: '$.list', title: '$.t' })).toEqual([]);
  expect(() => read({ code: 403, msg: '请先申请密钥' }, { items: '$.list', title: '$.t' })).toThrow(/请先申请密钥/u);
});

it.each(['<html>', '{', '['.repeat(100_000), ''])('refuses what is no JSON', (text) => {
  expect(() => readJson(text, { items: '$[*]', title: '$.t' }, options)).toThrow(expect.objectContaining({ code: 'not-a-list' }));
});

it('says which path is wrong', () => {
  expect(() => compile({ items: '$.list[', title: '$.t' })).toThrow(/\$\.list\[/u);
});

it('bounds what a deep answer costs', () => {
  const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
  expect(() => readJson(deep, { items: '$..list', title: '$.t' }, options)).toThrow(expect.objectContaining({ code: 'parse-limit' }));
});

describe('presets', () => {
  it.each(Object.entries(jsonPresets))('%s is a valid mapping, named in Chinese', (_, { label, mapping }) => {
    expect(label).toMatch(/\p{Script=Han}/u);
    expect(() => compile(mapping)).not.toThrow();
  });

  it('leaves advertisements out of a hot list', () => {
    const realtime = [
      { word: '某地降雪', word_scheme: '#某地降雪#', onboard_time: 1_795_392_000 },
      { word: '买这个', word_scheme: '买这个', is_ad: 1 },
    ];
    expect(read({ data: { realtime } }, jsonPresets.weibo.mapping)).toMatchObject([
      { title: '某地降雪', url: 'https://s.weibo.com/weibo?q=%23%E6%9F%90%E5%9C%B0%E9%99%8D%E9%9B%AA%23' },
    ]);
  });
});
