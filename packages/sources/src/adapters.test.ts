import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GuanlanError, type RawItem } from '@guanlan/domain';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { CollectContext, Fetch, SourceKind, SourceState } from './define.ts';
import { loadSources } from './load.ts';

/** `{origin}` stands for the server that publishes the fixture's folder. */
interface Fixture {
  options: Record<string, unknown>;
  now: string;
  contentTypes: Record<string, string>;
  title?: string;
  items: (Omit<RawItem, 'publishedAt'> & { publishedAt: string | null })[];
}

const { kinds, get } = await loadSources();
const fixtures = new URL('../fixtures/', import.meta.url);

describe('the folder of adapters', () => {
  it('has kinds', () => expect(kinds.map((kind) => kind.kind)).toEqual(expect.arrayContaining(['feed', 'list'])));
  it('names the kinds there are when asked for another', () => expect(() => get('telepathy')).toThrow(/feed/u));
});

describe.each(kinds.map((kind) => [kind.kind, kind] as const))('kind %s', (name, kind) => {
  const folder = new URL(`${name}/`, fixtures);
  let site: Site;
  beforeAll(async () => {
    site = await publish(folder);
  });
  afterAll(() => site.close());

  it('has a fixture', () => expect(existsSync(new URL('fixture.json', folder))).toBe(true));

  it('is named in Chinese, and so is every option', () => {
    expect(kind.title).toMatch(/\p{Script=Han}/u);
    const schema = z.toJSONSchema(kind.options, { io: 'input', unrepresentable: 'any' });
    for (const option of Object.values(schema.properties ?? {}))
      expect(option).toMatchObject({ title: expect.stringMatching(/\p{Script=Han}/u) });
  });

  it('collects what its fixture publishes, in order, and then remembers it', async () => {
    const { items, state } = await collect(kind, site);
    expect(items.map((item) => ({ ...item, publishedAt: item.publishedAt?.toISOString() ?? null }))).toEqual(site.fixture.items);
    expect(state.etag).toMatch(/^"/u);
    if (site.fixture.title !== undefined) expect(state.title).toBe(site.fixture.title);
  });

  it('brings nothing from a source that has not changed', async () => {
    const { state } = await collect(kind, site);
    site.requests.length = 0;
    expect((await collect(kind, site, { state })).items).toEqual([]);
    expect(site.requests).toEqual([expect.stringMatching(/^304 /u)]);
  });

  it('gives only errors of the table when the source fails, and remembers nothing', async () => {
    site.failing = true;
    try {
      const state: SourceState = {};
      await expect(collect(kind, site, { state })).rejects.toBeInstanceOf(GuanlanError);
      expect(state).toEqual({});
    } finally {
      site.failing = false;
    }
  });

  it('stops when told to', async () => {
    await expect(collect(kind, site, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  });

  it('refuses options that do not fit', async () => {
    await expect(collect(kind, site, { options: { url: 'file:///etc/passwd' } })).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('list', () => {
  it('fetches no page of an article that is stored', async () => {
    const site = await publish(new URL('list/', fixtures));
    try {
      const { items } = await collect(get('list'), site, {
        known: async (urls) => new Set(urls.filter((url) => url.includes('article-1'))),
      });
      expect(items.map((item) => new URL(item.url ?? '').pathname)).toEqual(['/article-2.page', '/notice.pdf']);
      expect(site.requests.some((request) => request.includes('article-1'))).toBe(false);
    } finally {
      site.close();
    }
  });

  it('reaches nothing but through the fetch it is given', async () => {
    const site = await publish(new URL('list/', fixtures));
    const refused: string[] = [];
    try {
      const fetch: Fetch = async (url, options) => {
        if (url === site.options.url) return plainFetch(url, options);
        refused.push(url);
        throw new GuanlanError('address-private', `${url} 不可访问`);
      };
      await expect(collect(get('list'), site, { fetch })).rejects.toMatchObject({ code: 'address-private' });
      // An error that no second try would mend is not tried again.
      expect(refused).toHaveLength(3);
      expect(site.requests).toEqual(['200 /index.page']);
    } finally {
      site.close();
    }
  });

  it('needs no program of the machine (a slim container has no ps)', async () => {
    const site = await publish(new URL('list/', fixtures));
    vi.stubEnv('PATH', '/nowhere');
    try {
      expect((await collect(get('list'), site)).items).toHaveLength(3);
    } finally {
      vi.unstubAllEnvs();
      site.close();
    }
  });

  it('stops in the middle of its pages when told to', async () => {
    const site = await publish(new URL('list/', fixtures));
    const abort = new AbortController();
    try {
      const fetch: Fetch = async (url, options) => {
        if (url !== site.options.url) abort.abort(new Error('stop'));
        options?.signal?.throwIfAborted();
        return plainFetch(url, options);
      };
      await expect(collect(get('list'), site, { fetch, signal: abort.signal })).rejects.toThrow('stop');
    } finally {
      site.close();
    }
  });

  it('leaves what is over its limit for the next check', async () => {
    const site = await publish(new URL('list/', fixtures));
    try {
      const { items, state } = await collect(get('list'), site, { options: { ...site.options, limit: 1 } });
      expect(items).toHaveLength(1);
      expect(state.etag).toBeUndefined();
    } finally {
      site.close();
    }
  });
});

interface Site {
  fixture: Fixture;
  options: Record<string, unknown>;
  /** `<status> <path>` of each request. */
  requests: string[];
  failing: boolean;
  close(): void;
}

async function publish(folder: URL): Promise<Site> {
  const raw = await readFile(new URL('fixture.json', folder), 'utf8');
  const types = (JSON.parse(raw) as Fixture).contentTypes;
  const requests: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const type = types[path];
    const etag = `"${path}"`;
    const status = site.failing ? 500 : type === undefined ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    requests.push(`${status} ${path}`);
    response.writeHead(status, status === 200 ? { etag, 'content-type': type } : {});
    response.end(status === 200 ? await readFile(new URL(`.${path}`, folder)) : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fixture = JSON.parse(raw.replaceAll('{origin}', origin)) as Fixture;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  const site: Site = { fixture, options: fixture.options, requests, failing: false, close };
  return site;
}

async function collect(kind: SourceKind, site: Site, change: Partial<CollectContext> & { options?: unknown } = {}) {
  const state: SourceState = change.state ?? {};
  const items: RawItem[] = [];
  const context: CollectContext = {
    fetch: plainFetch,
    signal: AbortSignal.timeout(20_000),
    now: new Date(site.fixture.now),
    known: async () => new Set<string>(),
    report: (report) => void Object.assign(state, report),
    ...change,
    state,
  };
  for await (const item of kind.collect(change.options ?? site.options, context)) items.push(item);
  return { items, state };
}

/** The narrow interface over Node's own fetch; the guarded client has tests of its own. */
const plainFetch: Fetch = async (url, { etag, signal } = {}) => {
  const answer = await fetch(url, { ...(signal ? { signal } : {}), headers: etag ? { 'if-none-match': etag } : {} });
  if (!answer.ok && answer.status !== 304) throw new GuanlanError('http-status', `${url} 返回 ${answer.status}`);
  return {
    status: answer.status,
    url: answer.url,
    headers: Object.fromEntries(answer.headers),
    etag: answer.headers.get('etag'),
    lastModified: answer.headers.get('last-modified'),
    notModified: answer.status === 304,
    permanentRedirectTo: null,
    bytes: async () => new Uint8Array(await answer.arrayBuffer()),
    cancel: () => void answer.body?.cancel(),
  };
};
