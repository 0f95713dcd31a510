import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Post, post } from './texts.ts';

export interface FeedServer {
  origin: string;
  urls: string[];
  /** How many of all items are published so far, over all feeds. */
  publish(items: number): void;
  /** Requests answered. */
  requests(): number;
  close(): Promise<void>;
}

export interface FeedServerOptions {
  feeds: number;
  itemsPerFeed: number;
  incidentShare?: number;
  /** Publish everything from the start. Default true. */
  published?: boolean;
  port?: number;
}

/** RSS 2.0 feeds of generated posts over loopback HTTP. Item `n` of feed `f` is always the same post at the same address. */
export async function startFeedServer(options: FeedServerOptions): Promise<FeedServer> {
  const { feeds, itemsPerFeed, incidentShare = 0.05, published = true } = options;
  let visible = published ? feeds * itemsPerFeed : 0;
  let requests = 0;
  const bodies = new Map<string, Buffer>();
  const server: Server = createServer((request, response) => {
    requests += 1;
    const feed = Number(/^\/feed\/(\d+)\.xml$/u.exec(request.url ?? '')?.[1] ?? Number.NaN);
    if (!(feed < feeds)) {
      response.writeHead(404).end();
      return;
    }
    // Items appear feed by feed in turn: the k-th item of every feed before the (k+1)-th of any.
    const count = Math.min(itemsPerFeed, Math.floor(visible / feeds) + (feed < visible % feeds ? 1 : 0));
    const etag = `"${feed}-${count}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    const body = bodies.get(etag) ?? Buffer.from(rss(feed, count, itemsPerFeed, incidentShare));
    bodies.set(etag, body);
    response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8', 'content-length': body.length, etag }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    urls: Array.from({ length: feeds }, (_, feed) => `${origin}/feed/${feed}.xml`),
    publish: (items) => {
      visible = items;
    },
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The post behind item `index` of a feed. */
function feedPost(feed: number, index: number, itemsPerFeed: number, incidentShare: number): Post {
  return post(feed * itemsPerFeed + index, { incidentShare });
}

function rss(feed: number, count: number, itemsPerFeed: number, incidentShare: number): string {
  const items = Array.from({ length: count }, (_, index) => {
    const { title, text } = feedPost(feed, index, itemsPerFeed, incidentShare);
    const at = new Date(Date.UTC(2026, 10, 1) + (feed * itemsPerFeed + index) * 60_000).toUTCString();
    return `<item><title>${title}</title><link>http://news.example/${feed}/${index}.html</link><guid>${feed}-${index}</guid><pubDate>${at}</pubDate><description><![CDATA[<p>${text}</p>]]></description></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>生成的订阅源 ${feed}</title><link>http://news.example/${feed}/</link>${items.join('')}</channel></rss>`;
}
