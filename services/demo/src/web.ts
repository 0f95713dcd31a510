import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { declaredCharset, encode } from './encoding.ts';
import { renderFeed } from './feed.ts';
import { renderArticle, renderList, renderLogin } from './page.ts';
import type { Publication } from './schedule.ts';
import { pathOf, type Site, siteById, sites } from './sites.ts';

export interface WebContext {
  origin: string;
  visible: readonly Publication[];
  /** Seconds of the story that have passed. */
  seconds: number;
  /** Written seconds → milliseconds of waiting. */
  pace: number;
}

/** Items a feed or a column shows at most, newest first. */
const shown = 60;
const robots = 'User-agent: *\nDisallow: /neibu/\n';

/** Answers for the sites of the county; false when there is none at that path. */
export async function serveSite(path: string, request: IncomingMessage, response: ServerResponse, context: WebContext): Promise<boolean> {
  if (path === '/robots.txt') return send(request, response, { contentType: 'text/plain; charset=utf-8', body: Buffer.from(robots) });
  const site = siteOf(path);
  if (site === undefined) return false;
  const own = itemsOf(site, context);
  const newest = own.at(-1)?.publishedAt;
  const html = { contentType: `text/html; charset=${declaredCharset(site)}`, newest };
  const article = /\/([0-9]+)\.html$/u.exec(path)?.[1];
  if (article !== undefined) {
    const item = own.find(({ id }) => id === article);
    if (item === undefined) return false;
    return send(request, response, { ...html, newest: item.publishedAt, body: encode(renderArticle(site, item), site) });
  }
  const items = own
    .slice(-shown)
    .reverse()
    .map((item) => ({ ...item, url: `${context.origin}/${site.id}/${item.id}.html` }));
  if (path === `/${site.id}/` || ('list' in site.shape && path === pathOf(site))) {
    const layout = 'list' in site.shape ? site.shape.list : 'lines';
    return send(request, response, { ...html, body: encode(renderList(site, layout, items), site) });
  }
  if (!('feed' in site.shape)) return false;
  if (path === pathOf(site)) {
    if (await fated(site, response, context)) return true;
  } else if (path !== newPathOf(site)) return false;
  const { contentType, text } = renderFeed(site.shape.feed, { site, url: `${context.origin}${path}`, items });
  return send(request, response, { contentType, newest, body: encode(text, site) });
}

function siteOf(path: string): Site | undefined {
  return siteById(path.split('/')[1] ?? '') ?? sites.find((site) => path === pathOf(site));
}

/** The site that must not be fetched has something to be fetched: politeness would prove nothing else. */
function itemsOf(site: Site, { visible }: WebContext): readonly Publication[] {
  const id = site.fate?.kind === 'disallowed' ? 'portal' : site.id;
  return visible.filter((item) => item.site === id);
}

/** What happens to a feed once its time has come; true when that was the answer. */
async function fated(site: Site, response: ServerResponse, { origin, seconds, pace }: WebContext): Promise<boolean> {
  const { fate } = site;
  if (fate === undefined || fate.kind === 'disallowed' || seconds < fate.at) return false;
  if (fate.kind === 'moves') {
    response.writeHead(301, { Location: `${origin}${newPathOf(site)}` }).end();
    return true;
  }
  if (fate.kind === 'login') {
    await sleep(fate.delayMs / pace);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(renderLogin(site));
    return true;
  }
  // First the page is gone, a minute later nobody answers.
  if (seconds < fate.at + 60) response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404');
  else response.destroy();
  return true;
}

function newPathOf(site: Site): string {
  return `/${site.id}/rss/v2.xml`;
}

interface Answer {
  contentType: string;
  body: Buffer;
  newest?: Date | undefined;
}

/** Honours If-None-Match, and If-Modified-Since where there is none (RFC 9110 §13.2.2). */
function send(request: IncomingMessage, response: ServerResponse, { contentType, body, newest }: Answer): true {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { ETag: etag, ...(newest === undefined ? {} : { 'Last-Modified': newest.toUTCString() }) };
  const match = request.headers['if-none-match'];
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const unchanged =
    match === undefined
      ? newest !== undefined && since >= Math.floor(newest.getTime() / 1_000) * 1_000
      : match.split(',').some((one) => one.trim().replace(/^W\//u, '') === etag);
  if (unchanged) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, 'Content-Type': contentType, 'Content-Length': body.length }).end(body);
  return true;
}
