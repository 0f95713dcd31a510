/** Baseline: undici, htmlparser2 and one INSERT per feed; no queue, no robots.txt, no redaction, no record of how it went. */
import { Agent, request } from 'undici';
import { answer, each, input } from '../ingest/variant.ts';
import { openPlainStore } from './plain-store.ts';

const { databaseUrl, urls } = input();
const { store, close } = await openPlainStore(databaseUrl);
const dispatcher = new Agent({ connections: 16 });
let items = 0;
const from = performance.now();
await each(urls, 40, async (url) => {
  const added = await store(await (await request(url, { dispatcher })).body.text());
  items += added;
});
answer({ items, ms: performance.now() - from, alerts: 0 });
await dispatcher.close();
await close();
