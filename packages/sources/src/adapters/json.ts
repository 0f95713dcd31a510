import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { decode } from '../decode.ts';
import { defineSource } from '../define.ts';
import { jsonPresets } from '../json/presets.ts';
import { compile, type JsonMapping, readJson } from '../json/read.ts';

const maxBytes = 8 * 1024 * 1024;
const path = z.string().trim().min(1).max(500).optional();
const presetNames = Object.keys(jsonPresets) as (keyof typeof jsonPresets)[];
const unmapped = `JSON 接口须写明 items 和 title，或选一种 preset（${presetNames.join('、')}）。`;

export default defineSource({
  kind: 'json',
  title: 'JSON 接口（热榜、公开数据接口）',
  options: z
    .object({
      url: z.url({ protocol: /^https?$/u }).meta({ title: '接口地址（翻页处写 {page}）' }),
      preset: z.enum(presetNames).optional().meta({ title: '已知的格式（可不填）' }),
      items: path.meta({ title: '列表所在（JSONPath，如 $.data.list[*]）' }),
      title: path.meta({ title: '标题（JSONPath，如 $.title）' }),
      link: path.meta({ title: '链接（JSONPath，或 https://网址/{$.id}）' }),
      text: path.meta({ title: '正文（JSONPath，可不填）' }),
      date: path.meta({ title: '时间（JSONPath，可不填）' }),
      id: path.meta({ title: '编号（JSONPath，可不填）' }),
      firstPage: z.coerce.number().int().min(0).max(1_000).default(1).meta({ title: '第一页的页码或起点' }),
      pageStep: z.coerce.number().int().min(1).max(1_000).default(1).meta({ title: '每翻一页增加多少' }),
      pages: z.coerce.number().int().min(1).max(20).default(1).meta({ title: '每次最多读几页' }),
    })
    .refine(({ preset, items, title }) => preset !== undefined || (items !== undefined && title !== undefined), {
      error: unmapped,
      path: ['items'],
    }),
  async *collect(options, { fetch, signal, now, state, report, known }) {
    const mapping = mappingOf(options);
    compile(mapping);
    const paged = /\{page\}|%7Bpage%7D/iu.test(options.url);
    for (let page = 0; page < (paged ? options.pages : 1); page += 1) {
      const url = options.url.replace(/\{page\}|%7Bpage%7D/giu, String(options.firstPage + page * options.pageStep));
      // Only the first page has validators: where it has not changed, nothing new stands behind it.
      const validators = page === 0 ? { etag: state.etag ?? null, lastModified: state.lastModified ?? null } : {};
      const answer = await fetch(url, { ...validators, maxBytes, signal });
      if (answer.notModified) return;
      const { text } = decode(await answer.bytes(), { contentType: answer.headers['content-type'] });
      const items = page === 0 ? readJson(text, mapping, { url: answer.url, now }) : laterPage(text, mapping, answer.url, now);
      yield* items;
      const urls = items.flatMap((item) => (item.url === null ? [] : [item.url]));
      const stored = urls.length === items.length && items.length > 0 ? await known(urls) : new Set();
      if (page === 0) report({ etag: answer.etag, lastModified: answer.lastModified });
      if (items.length === 0 || stored.size === new Set(urls).size) return;
    }
  },
});

type Asked = { [Field in keyof JsonMapping]?: string | undefined } & { preset?: keyof typeof jsonPresets | undefined };

/** What a person has set goes before the preset. */
function mappingOf({ preset, ...set }: Asked): JsonMapping {
  const base: Partial<JsonMapping> = preset === undefined ? {} : jsonPresets[preset].mapping;
  const items = set.items ?? base.items;
  const title = set.title ?? base.title;
  if (items === undefined || title === undefined) throw new GuanlanError('bad-input', unmapped);
  const { link = base.link, text = base.text, date = base.date, id = base.id } = set;
  return { items, title, link, text, date, id };
}

/** Behind the last page an interface gives an empty list, or none. */
function laterPage(text: string, mapping: JsonMapping, url: string, now: Date) {
  try {
    return readJson(text, mapping, { url, now });
  } catch (error) {
    if (error instanceof GuanlanError && error.code === 'not-a-list') return [];
    throw error;
  }
}
