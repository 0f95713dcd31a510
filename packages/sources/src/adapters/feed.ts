import { z } from 'zod';
import { defineSource } from '../define.ts';
import { parseFeed } from '../feed/parse.ts';

const maxBytes = 20 * 1024 * 1024;

export default defineSource({
  kind: 'feed',
  title: '订阅源（RSS、Atom、JSON Feed）',
  options: z.object({
    url: z.url({ protocol: /^https?$/u }).meta({ title: '订阅地址' }),
  }),
  async *collect({ url }, { fetch, signal, state, report }) {
    const answer = await fetch(url, { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal });
    if (answer.permanentRedirectTo !== null) report({ movedTo: answer.permanentRedirectTo });
    if (answer.notModified) return;
    const feed = parseFeed(await answer.bytes(), { url: answer.url, contentType: answer.headers['content-type'] });
    for (const entry of feed.entries) {
      if (entry.title === '' && entry.text === '') continue;
      yield { url: entry.url, externalId: entry.id, title: entry.title, text: entry.text, publishedAt: entry.publishedAt };
    }
    // Only now: validators of a document that was not read to its end would hide its entries for good.
    report({ etag: answer.etag, lastModified: answer.lastModified, ...(feed.title === '' ? {} : { title: feed.title }) });
  },
});
