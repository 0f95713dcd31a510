import { GuanlanError } from '@guanlan/domain';
import { z } from 'zod';
import { defineSource, type Fetch, type Fetched, type FetchOptions } from '../define.ts';
import { parseFeed } from '../feed/parse.ts';
import { needsOf, routeOf } from '../rsshub/routes.ts';

const maxBytes = 20 * 1024 * 1024;

export default defineSource({
  kind: 'rsshub',
  title: 'RSSHub（社交平台与没有订阅的网站）',
  options: z.object({
    url: z.url({ protocol: /^(?:https?|rsshub)$/u }).meta({ title: '实例上的完整地址，或 rsshub://路由' }),
    instance: z
      .url({ protocol: /^https?$/u })
      .optional()
      .meta({ title: 'RSSHub 实例地址（网址写作 rsshub:// 时必填）' }),
    key: z.string().trim().min(1).max(200).optional().meta({ title: '实例的访问密钥（ACCESS_KEY，可不填）', secret: true }),
  }),
  async *collect({ url, instance, key }, { fetch, signal, state, report }) {
    const { address, route } = addressOf(url, instance, key);
    const request = { etag: state.etag ?? null, lastModified: state.lastModified ?? null, maxBytes, signal };
    const answer = await ask(fetch, address, route, request);
    if (answer.notModified) return;
    const feed = parse(await answer.bytes(), answer, route);
    for (const entry of feed.entries) {
      if (entry.title === '' && entry.text === '') continue;
      yield { url: entry.url, externalId: entry.id, title: entry.title, text: entry.text, publishedAt: entry.publishedAt };
    }
    report({ etag: answer.etag, lastModified: answer.lastModified, ...(feed.title === '' ? {} : { title: feed.title }) });
  },
});

function addressOf(url: string, instance: string | undefined, key: string | undefined): { address: string; route: string } {
  const given = new URL(url);
  const own = given.protocol === 'rsshub:';
  if (own && instance === undefined)
    throw new GuanlanError('bad-input', `${url} 没有说明用哪个 RSSHub 实例：请填写 instance（实例地址），或把网址写成实例上的完整地址。`);
  // Of rsshub://weibo/keyword/x the first part of the route stands where a host would.
  const route = own ? url.replace(/^rsshub:\/*/iu, '/') : `${given.pathname}${given.search}`;
  const base = own ? (instance ?? '').replace(/\/+$/u, '') : given.origin;
  const address = URL.parse(`${base}${route}`);
  if (address === null) throw new GuanlanError('url-invalid', `RSSHub 的实例地址或路由有误：${base}${route}`);
  if (key !== undefined) address.searchParams.set('key', key);
  return { address: address.href, route: decoded(route) };
}

/** An instance says with its status what it lacks; its page of explanation is for people. */
async function ask(fetch: Fetch, address: string, route: string, request: FetchOptions): Promise<Fetched> {
  try {
    return await fetch(address, request);
  } catch (error) {
    if (!(error instanceof GuanlanError) || error.code !== 'http-status') throw error;
    const why = refusal(Number(error.details.status), route);
    if (why === '') throw error;
    const status = error.details.status;
    throw new GuanlanError('http-status', `RSSHub 实例对 ${route} 返回 ${status}：${why}。`, { cause: error, details: error.details });
  }
}

function refusal(status: number, route: string): string {
  const needs = needsOf(routeOf(route));
  if (status === 401 || status === 403) return '实例要求访问密钥，或不允许使用这个路由；请填写 key，或换用自建的实例';
  if (status === 404) return '没有这个路由，或路由的参数有误；请对照该实例的路由文档';
  if (status === 429) return '请求过于频繁；公共实例限制较严，建议自建';
  if (status !== 503 && status !== 500 && status !== 502) return '';
  if (needs !== '') return `这个路由需要${needs}；设好之后仍失败，多半是平台暂时拒绝了实例的访问`;
  return '实例取不到内容：可能缺少该路由所需的设置（见该路由的文档），或平台暂时拒绝了实例的访问';
}

function parse(bytes: Uint8Array, answer: Fetched, route: string) {
  try {
    return parseFeed(bytes, { url: answer.url, contentType: answer.headers['content-type'] });
  } catch (error) {
    if (!(error instanceof GuanlanError) || error.code !== 'not-a-feed') throw error;
    throw new GuanlanError('not-a-feed', `这个地址不像 RSSHub 的路由（${route}）：实例返回的不是订阅内容。请检查实例地址和路由。`, {
      cause: error,
    });
  }
}

function decoded(route: string): string {
  try {
    return decodeURIComponent(route);
  } catch {
    return route;
  }
}
