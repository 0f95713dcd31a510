import { createHash } from 'node:crypto';
import { GuanlanError } from '@guanlan/domain';
import { type Clock, systemClock } from '../clock.ts';
import type { HttpClient } from './client.ts';
import { place } from './fault.ts';
import { parseRobots, type RobotsRules, robotsMaxBytes } from './robots-rules.ts';
import { parseTarget } from './target.ts';

export interface RobotsOptions {
  client: HttpClient;
  /** The same as the client's: its product token is what robots.txt files name. */
  userAgent: string;
  clock?: Clock;
  /** Sites remembered; the one longest not asked for is forgotten first. Default 500. */
  maxSites?: number;
}

export interface RobotsAnswer {
  /** What to hand to the fetch as `minIntervalMs`: the site's Crawl-delay, at most 60 s. Undefined when it names none. */
  minIntervalMs: number | undefined;
  /** Changes when what the file says changes, comments and white space aside; the same for an empty file as for none. */
  digest: string;
}

export interface Robots {
  /**
   * May this address be collected (RFC 9309)? Throws `robots-disallowed` when a rule forbids it. When robots.txt cannot be
   * had (server error, no connection, timeout) everything is forbidden for now, and the reason itself is thrown, retryable.
   */
  check(url: string | URL, options?: { allowPrivate?: boolean; signal?: AbortSignal }): Promise<RobotsAnswer>;
}

/** RFC 9309 §2.4: at most 24 hours, unless the file cannot be had. */
const freshMs = 24 * 3_600_000;
/** A failure is not asked about again within this time. */
const failureMs = 5 * 60_000;
const maxDelaySeconds = 60;

/** Reads robots.txt through the guarded client, once per site and day. */
export function createRobots(options: RobotsOptions): Robots {
  const { client, userAgent, clock = systemClock, maxSites = 500 } = options;
  const token = /^[A-Za-z_-]+/u.exec(userAgent)?.[0] ?? '';
  const sites = new Map<string, Site>();

  async function siteOf(url: URL, allowPrivate: boolean, signal?: AbortSignal): Promise<Site> {
    // What one source may reach, another may not: their answers are kept apart.
    const key = allowPrivate ? `+${url.origin}` : url.origin;
    const known = sites.get(key);
    if (known) {
      sites.delete(key);
      sites.set(key, known);
      if (known.loading) {
        await known.loading;
        return known;
      }
      if (clock.now().getTime() < known.until) return known;
    }
    const site: Site = known ?? { rules: null, digest: '', failure: null, until: 0, loading: null };
    sites.set(key, site);
    if (sites.size > maxSites) sites.delete(sites.keys().next().value ?? key);
    site.loading = load(site, url, allowPrivate, signal).finally(() => {
      site.loading = null;
    });
    await site.loading;
    return site;
  }

  async function load(site: Site, url: URL, allowPrivate: boolean, signal?: AbortSignal): Promise<void> {
    try {
      const text = await read(new URL('/robots.txt', url), allowPrivate, signal);
      site.rules = parseRobots(text, token);
      site.digest = digestOf(text);
      site.failure = null;
      site.until = clock.now().getTime() + freshMs;
    } catch (error) {
      if (signal?.aborted) throw error;
      if (isAbsent(error)) {
        site.rules = parseRobots('', token);
        site.digest = digestOf('');
        site.failure = null;
        site.until = clock.now().getTime() + freshMs;
        return;
      }
      // Rules once read stay in force while the file cannot be had (RFC 9309 §2.4).
      site.failure = error;
      site.until = clock.now().getTime() + failureMs;
    }
  }

  async function read(url: URL, allowPrivate: boolean, signal?: AbortSignal): Promise<string> {
    // No bound on the size: reading stops after the part that counts, and the rest is never asked for.
    const response = await client.fetch(url, { allowPrivate, signal, maxBytes: Number.POSITIVE_INFINITY, maxRedirects: 5 });
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      total += chunk.length;
      if (total >= robotsMaxBytes) break;
    }
    return Buffer.concat(chunks).subarray(0, robotsMaxBytes).toString('utf8');
  }

  return {
    async check(input, { allowPrivate = false, signal } = {}) {
      const url = parseTarget(input);
      const { rules, digest, failure } = await siteOf(url, allowPrivate, signal);
      if (rules === null) throw failure;
      if (!rules.allows(url.pathname + url.search)) {
        throw new GuanlanError(
          'robots-disallowed',
          `${url.host} 的 robots.txt 不允许采集 ${place(url)}。请尊重网站的意愿，改用该网站允许的栏目，或联系网站取得许可。`,
          { details: { url: place(url) } },
        );
      }
      const delay = rules.crawlDelaySeconds;
      return { minIntervalMs: delay === null ? undefined : Math.min(delay, maxDelaySeconds) * 1_000, digest };
    },
  };
}

interface Site {
  rules: RobotsRules | null;
  digest: string;
  failure: unknown;
  /** When to ask again, in clock milliseconds. */
  until: number;
  loading: Promise<void> | null;
}

/**
 * "Unavailable" (RFC 9309 §2.3.1.3): the server answers, and has no such file. 429 says "not now" and is no answer, so
 * it counts as unreachable. More than five redirects may count as unavailable.
 */
function isAbsent(error: unknown): boolean {
  if (!(error instanceof GuanlanError)) return false;
  if (error.code === 'http-gone' || error.code === 'too-many-redirects') return true;
  const { status } = error.details;
  return error.code === 'http-status' && typeof status === 'number' && status >= 400 && status < 500 && status !== 429;
}

function digestOf(text: string): string {
  const said = text.split(/\r\n?|\n/u).flatMap((line) => line.replace(/#.*/u, '').replace(/\s+/gu, '').toLowerCase() || []);
  return createHash('sha256').update(said.join('\n')).digest('hex').slice(0, 32);
}
