import { createHash } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { isMarkup } from '../crawl.ts';
import { decode } from '../decode.ts';
import { defineSource } from '../define.ts';
import { readBlocks } from '../page/blocks.ts';

const maxBytes = 8 * 1024 * 1024;
/** Blocks that are remembered, the latest first: what a page shows in turns is new only once. */
const memory = 2_000;
const textLimit = 20_000;

export default defineSource({
  kind: 'page',
  title: '单个网页（有变化时采集新增文字）',
  options: z.object({
    url: z.url({ protocol: /^https?$/u }).meta({ title: '网页地址' }),
    area: z.string().trim().min(1).max(500).optional().meta({ title: '只看页面的这一部分（选择器，可不填）' }),
  }),
  async *collect({ url, area }, { fetch, signal, now, state, report, skipped }) {
    const answer = await fetch(url, { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal });
    if (answer.permanentRedirectTo !== null) report({ movedTo: answer.permanentRedirectTo });
    if (answer.notModified) return;
    const contentType = answer.headers['content-type'] ?? '';
    if (!isMarkup(contentType)) {
      answer.cancel();
      throw new GuanlanError('bad-input', `这个地址不是网页（${contentType.slice(0, 60)}），无法监测变化：${url}`);
    }
    const { title, blocks } = await readBlocks(decode(await answer.bytes(), { contentType }).text, { url, area });
    const hashes = blocks.map((block) => createHash('sha256').update(block).digest('hex').slice(0, 12));
    const seen = Array.isArray(state.blocks) ? state.blocks.filter((hash) => typeof hash === 'string') : null;
    const before = new Set(seen);
    // The first look only remembers: what stands there already is not news.
    if (seen === null)
      skipped?.(url, `首次读取只记住现有的 ${blocks.length} 段文字，以后新增的才采集；现有如“${(blocks[0] ?? '').slice(0, 40)}”`);
    const fresh = seen === null ? [] : blocks.filter((_, i) => !before.has(hashes[i] ?? ''));
    if (fresh.length > 0) {
      const id = createHash('sha256').update(fresh.join('\n')).digest('hex').slice(0, 12);
      // A page has one address and many changes: the fragment tells them apart, and the link still opens the page.
      const itemUrl = `${(URL.parse(url)?.href ?? url).split('#')[0]}#/${id}`;
      const text = fresh.join('\n').slice(0, textLimit);
      yield { url: itemUrl, externalId: null, title: titleOf(title, fresh), text, publishedAt: now };
    }
    const blocksNow = [...new Set([...hashes, ...(seen ?? [])])].slice(0, memory);
    report({ etag: answer.etag, lastModified: answer.lastModified, blocks: blocksNow, ...(title === '' ? {} : { title }) });
  },
});

/** A single short line that is new reads like a headline; otherwise the page's own title says what it is about. */
function titleOf(title: string, fresh: readonly string[]): string {
  const first = fresh[0] ?? '';
  if (first.length <= 60) return first;
  return title === '' ? `${first.slice(0, 40)}…` : `${title}：${first.slice(0, 40)}…`;
}
