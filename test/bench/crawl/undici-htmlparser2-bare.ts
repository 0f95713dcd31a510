/** Baseline: fetched and parsed, nothing stored. A floor, not a collector. */
import { parseFeed } from 'htmlparser2';
import { Agent, request } from 'undici';
import { answer, each, input } from '../ingest/variant.ts';

const { urls } = input();
const dispatcher = new Agent({ connections: 16 });
let items = 0;
const from = performance.now();
await each(urls, 40, async (url) => {
  const feed = parseFeed(await (await request(url, { dispatcher })).body.text());
  items += feed?.items.length ?? 0;
});
answer({ items, ms: performance.now() - from, alerts: 0 });
await dispatcher.close();
