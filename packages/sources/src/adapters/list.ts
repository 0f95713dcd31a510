import { z } from 'zod';
import { collectArticles, sameSite } from '../article.ts';
import { decode } from '../decode.ts';
import { defineSource } from '../define.ts';
import { readList } from '../list/read.ts';

const maxBytes = 8 * 1024 * 1024;
const selector = z.string().trim().min(1).max(500).optional();

export default defineSource({
  kind: 'list',
  title: '列表页（栏目、公告）',
  options: z.object({
    url: z.url({ protocol: /^https?$/u }).meta({ title: '列表页地址' }),
    item: selector.meta({ title: '每一条的选择器（可不填）' }),
    link: selector.meta({ title: '链接的选择器（可不填）' }),
    title: selector.meta({ title: '标题的选择器（可不填）' }),
    date: selector.meta({ title: '日期的选择器（可不填）' }),
    limit: z.coerce.number().int().min(1).max(200).default(30).meta({ title: '每次最多采集篇数' }),
  }),
  async *collect({ url, item, link, title, date, limit }, context) {
    const { fetch, signal, now, state, report, skipped } = context;
    const answer = await fetch(url, { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal });
    if (answer.permanentRedirectTo !== null) report({ movedTo: answer.permanentRedirectTo });
    if (answer.notModified) return;
    const { text } = decode(await answer.bytes(), { contentType: answer.headers['content-type'] });
    const listed = await readList(text, { base: answer.url, selectors: { item, link, title, date }, now });
    const own = listed.filter((entry) => sameSite(entry.url, answer.url));
    for (const entry of listed) if (!own.includes(entry)) skipped?.(entry.url, '链接到别的网站');
    // What is left over or failed must be seen again: then the list counts as not yet read.
    if (yield* collectArticles(own, limit, context)) report({ etag: answer.etag, lastModified: answer.lastModified });
  },
});
