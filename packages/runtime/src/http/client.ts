import { GuanlanError } from '@guanlan/domain';
import { Agent } from 'undici';
import { type Clock, systemClock } from '../clock.ts';
import { addressReach, checkLiteral, guardedLookup, type ReachOf, type Resolve, systemResolve } from './address.ts';
import { createCertificates } from './certificate.ts';
import { type Connect, guardedConnect } from './connect.ts';
import { acceptEncoding, contentCoding, decoded } from './decode.ts';
import { Exchange, type ExchangeLimits, type Head } from './exchange.ts';
import { place, retryAfterSeconds, statusFault, timeoutFault, tooLargeFault } from './fault.ts';
import { createLocalPace, type Pace } from './pace.ts';
import { checkTarget, parseTarget } from './target.ts';

export interface HttpClientOptions {
  /** Product/version and a contact, ASCII. */
  userAgent: string;
  clock?: Clock;
  /** Least time between two polite requests to one host; a function gets the host name. Default 1,000. */
  perHostIntervalMs?: number | ((hostname: string) => number);
  /** Replaces the pacing within this process, for a budget shared with others. */
  pace?: Pace;
  /** Connections kept open to one origin. Default 16. */
  connections?: number;
  /** Replaces the system's resolver. Its answers are checked all the same. */
  resolve?: Resolve;
  /** Replaces {@link addressReach}. Only for tests that need a public host on a loopback address. */
  reachOf?: ReachOf;
}

export interface FetchOptions {
  /** Default GET. Redirects are followed for GET and HEAD only. */
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** The operator's word that this address may be private or loopback. It covers redirects within the same host name only. */
  allowPrivate?: boolean;
  /** Bound on the body, as it travels and decompressed. Default 10 MiB. */
  maxBytes?: number;
  /** Whole request, redirects and body included, without the polite wait. Default 20,000. */
  timeoutMs?: number;
  /** Default 5. */
  maxRedirects?: number;
  signal?: AbortSignal | undefined;
  /** Validators of an earlier answer; the server may then say 304. */
  etag?: string | null;
  lastModified?: string | null;
  /** Keep the per-host interval. Default true; a webhook or a probe of the office's own sites says false. */
  polite?: boolean;
  /** A longer interval for this request's host (robots.txt Crawl-delay). */
  minIntervalMs?: number | undefined;
  /** Give back every answer, refusals too, to whoever reads what is written in them. Default false: refusals are thrown. */
  anyStatus?: boolean;
}

/**
 * A 2xx answer, or 304 to a conditional request, or any other with `anyStatus`. Read it once: {@link bytes} for all of it, or {@link body} as it comes.
 * Until read to the end it holds a connection; when it is left unread, the deadline destroys that connection.
 */
export interface HttpResponse {
  status: number;
  /** Where the answer came from, after redirects. */
  url: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  etag: string | null;
  lastModified: string | null;
  /** What Retry-After asks for (RFC 9110 §10.2.3), up to a day; null when there is none. */
  retryAfterSeconds: number | null;
  notModified: boolean;
  /** Where the source has moved for good: the end of the leading 301 and 308 redirects; null when there was none. */
  permanentRedirectTo: string | null;
  /** When the certificate that host showed last runs out; null without one. */
  certificateExpiresAt: Date | null;
  /** Decompressed and bounded. Throws `body-too-large`, `fetch-timeout`, `connect-failed`, or the signal's reason. */
  body: AsyncIterable<Uint8Array>;
  /** The body as one buffer; throws as {@link body} does. */
  bytes(): Promise<Buffer>;
  /** Not interested after all: frees the connection. */
  cancel(): void;
}

export interface HttpClient {
  /**
   * Throws a `GuanlanError`: `url-invalid`, `address-private`, `dns-failed`, `connect-failed`, `tls-failed`,
   * `fetch-timeout`, `body-too-large`, `too-many-redirects`, `http-gone` (410), `http-status` (any other answer that is
   * neither 2xx nor an expected 304; details `status`, `retryAfterSeconds`), `too-many-requests` (too many polite waits).
   * With `anyStatus` there is no `http-gone` and no `http-status` for a status.
   */
  fetch(url: string | URL, options?: FetchOptions): Promise<HttpResponse>;
  /** For what does not speak HTTP: a TCP connection under the same guard. Throws as {@link fetch} does below HTTP. */
  connect: Connect;
  /** Waits for what is in flight, then closes every connection. */
  close(): Promise<void>;
}

/** The one way out: every outbound request of Guanlan goes through here. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock = systemClock, resolve = systemResolve, reachOf = addressReach, perHostIntervalMs = 1_000, connections = 16 } = options;
  const intervalOf = typeof perHostIntervalMs === 'function' ? perHostIntervalMs : () => perHostIntervalMs;
  const pace = options.pace ?? createLocalPace({ clock });
  const certificates = createCertificates();
  // Two pools, so that a kept-alive connection opened with permission is never used without.
  const agents = { guarded: agent(false), permitted: agent(true) };

  function agent(allowPrivate: boolean): Agent {
    return new Agent({
      connections,
      // One protocol, one behaviour under refusal: the connection is destroyed, not one stream of it.
      allowH2: false,
      // The whole-request deadline covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: certificates.noting({ allowH2: false, timeout: 10_000, lookup: guardedLookup(resolve, allowPrivate, reachOf) }),
    });
  }

  async function fetch(input: string | URL, request: FetchOptions = {}): Promise<HttpResponse> {
    const {
      method = 'GET',
      maxRedirects = 5,
      maxBytes = 10 * 1_048_576,
      timeoutMs = 20_000,
      polite = true,
      anyStatus = false,
      signal,
    } = request;
    const start = parseTarget(input);
    let url = start;
    let permitted = request.allowPrivate ?? false;
    let headers = requestHeaders(options.userAgent, request);
    let permanent: string | null = null;
    let stillPermanent = true;
    let spentMs = 0;
    for (let hop = 0; ; hop += 1) {
      signal?.throwIfAborted();
      checkLiteral(url.hostname, permitted, reachOf);
      if (polite) await pace.acquire(url.hostname, Math.max(intervalOf(url.hostname), request.minIntervalMs ?? 0), signal);
      // Timers run on the machine's monotonic clock, so the deadline is counted on it too, not on the injected one.
      const began = performance.now();
      const deadlineMs = timeoutMs - spentMs;
      if (deadlineMs <= 0) throw timeoutFault(url, timeoutMs);
      const limits = { url, maxBytes, deadlineMs, timeoutMs, signal };
      const { exchange, head } = await send(permitted ? agents.permitted : agents.guarded, method, headers, request.body, limits);
      const target = method === 'GET' || method === 'HEAD' ? redirectTarget(exchange, head, url) : null;
      if (target === null)
        return answer(exchange, head, { url, method, maxBytes, conditional: isConditional(request), anyStatus, permanent });
      exchange.discard();
      spentMs += performance.now() - began;
      if (hop >= maxRedirects) {
        throw new GuanlanError(
          'too-many-redirects',
          `${place(start)} 连续跳转超过 ${maxRedirects} 次，已停止。请在浏览器中打开后改用最终网址。`,
          {
            details: { url: place(start), last: place(target) },
          },
        );
      }
      stillPermanent &&= head.status === 301 || head.status === 308;
      if (stillPermanent) permanent = target.href;
      // Permission was given for one host. It ends where the redirect leaves it, and does not come back.
      permitted &&= target.hostname === start.hostname;
      if (target.origin !== url.origin) headers = strangerHeaders(headers);
      url = target;
    }
  }

  function answer(
    exchange: Exchange,
    head: Head,
    context: { url: URL; method: string; maxBytes: number; conditional: boolean; anyStatus: boolean; permanent: string | null },
  ): HttpResponse {
    const { url, method, maxBytes } = context;
    const { status, headers } = head;
    const notModified = status === 304 && context.conditional;
    const retryAfter = retryAfterSeconds(headers['retry-after'], clock.now());
    try {
      if (!notModified && !context.anyStatus && (status < 200 || status > 299)) throw statusFault(status, url, retryAfter);
      const bodiless = notModified || status === 204 || method === 'HEAD';
      if (!bodiless && Number(headers['content-length'] ?? 0) > maxBytes) throw tooLargeFault(url, maxBytes);
      const coding = bodiless ? null : contentCoding(headers['content-encoding'], url);
      const open = () => (coding === null ? exchange.stream() : decoded(exchange.stream(), coding, url, maxBytes));
      return {
        status,
        url: url.href,
        headers,
        etag: headers.etag ?? null,
        lastModified: headers['last-modified'] ?? null,
        retryAfterSeconds: retryAfter,
        notModified,
        permanentRedirectTo: context.permanent,
        certificateExpiresAt: certificates.expiryOf(url),
        body: { [Symbol.asyncIterator]: open },
        bytes: () => (coding === null ? exchange.bytes() : gathered(open())),
        cancel: () => exchange.fail(new Error('cancelled')),
      };
    } catch (error) {
      if (error instanceof GuanlanError && error.code === 'body-too-large') exchange.fail(error);
      else exchange.discard();
      throw error;
    }
  }

  return {
    fetch,
    connect: guardedConnect(resolve, reachOf),
    close: async () => {
      await Promise.all([agents.guarded.close(), agents.permitted.close()]);
    },
  };
}

/** Sends once, and once more when a kept-alive connection turns out to have been closed by the server meanwhile. */
async function send(
  agent: Agent,
  method: NonNullable<FetchOptions['method']>,
  headers: Record<string, string>,
  body: string | Uint8Array | undefined,
  limits: ExchangeLimits,
): Promise<{ exchange: Exchange; head: Head }> {
  const { url } = limits;
  for (let attempt = 0; ; attempt += 1) {
    const exchange = new Exchange(limits);
    agent.dispatch({ origin: url.origin, path: `${url.pathname}${url.search}`, method, headers, body: body ?? null }, exchange);
    try {
      return { exchange, head: await exchange.head };
    } catch (error) {
      const cause = error instanceof GuanlanError ? error.details.cause : undefined;
      const stale = cause === 'UND_ERR_SOCKET' || cause === 'ECONNRESET';
      if (attempt > 0 || !stale || (method !== 'GET' && method !== 'HEAD')) throw error;
    }
  }
}

/** Null when the answer is not a redirect we can follow. Throws `url-invalid` when it leads where we never go. */
function redirectTarget(exchange: Exchange, head: Head, from: URL): URL | null {
  const { status } = head;
  if (status !== 301 && status !== 302 && status !== 303 && status !== 307 && status !== 308) return null;
  const { location } = head.headers;
  const target = location === undefined ? null : URL.parse(location, from.href);
  if (target === null) return null;
  try {
    return checkTarget(target);
  } catch (error) {
    exchange.discard();
    throw error;
  }
}

function isConditional(request: FetchOptions): boolean {
  return Boolean(request.etag) || Boolean(request.lastModified);
}

function requestHeaders(userAgent: string, request: FetchOptions): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': userAgent, accept: '*/*', 'accept-encoding': acceptEncoding };
  for (const name in request.headers) headers[name.toLowerCase()] = request.headers[name] ?? '';
  if (request.etag) headers['if-none-match'] = request.etag;
  if (request.lastModified) headers['if-modified-since'] = request.lastModified;
  return headers;
}

const ownHeaders = ['user-agent', 'accept', 'accept-encoding', 'accept-language', 'if-none-match', 'if-modified-since'];

/** What another origin may see: nothing a caller set for the first one (a token in any header). */
function strangerHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => ownHeaders.includes(name)));
}

async function gathered(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
