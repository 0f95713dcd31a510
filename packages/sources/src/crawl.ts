import { totalmem } from 'node:os';
import { Readable } from 'node:stream';
import { GuanlanError } from '@guanlan/domain';
import type { Fetch } from './define.ts';

/** A fetched page, raw, with the Content-Type the server gave. */
export interface CrawledPage {
  /** As asked for. */
  url: string;
  /** After redirects. */
  loadedUrl: string;
  contentType: string;
  /** Empty for what is not markup: a PDF or a picture is not downloaded. */
  bytes: Uint8Array;
}

/** Whether a Content-Type is one of text that a page can be read from; servers that name none mostly mean a page. */
export function isMarkup(contentType: string): boolean {
  return contentType === '' || /html|xml|text\/plain/iu.test(contentType);
}

export interface CrawlOptions {
  fetch: Fetch;
  signal: AbortSignal;
  /** A page that could not be had, after its retries. */
  failed?: (url: string, error: unknown) => void;
}

const maxBytes = 8 * 1024 * 1024;
/** A polite client may let a request wait its turn for long; Crawlee's clock runs meanwhile. */
const navigationTimeoutSecs = 180;

/**
 * Fetches pages through Crawlee (retries, concurrency), in memory, and every byte through the guarded `fetch`: Crawlee's own
 * clients open no connection. Crawlee is loaded when the first source needs it.
 *
 * @throws the signal's reason when it is aborted
 */
export async function crawlPages(urls: readonly string[], options: CrawlOptions): Promise<CrawledPage[]> {
  options.signal.throwIfAborted();
  if (urls.length === 0) return [];
  const { Configuration, EventManager, HttpCrawler, log, LogLevel } = await import('@crawlee/http');
  // Crawlee's default measures the machine by running `ps` every second, and ends the process where there is none.
  class WithoutMeasuring extends EventManager {}
  log.setLevel(LogLevel.OFF);
  const pages: CrawledPage[] = [];
  const crawler = new HttpCrawler(
    {
      httpClient: guardedClient(options),
      maxConcurrency: 2,
      maxRequestRetries: 1,
      sameDomainDelaySecs: 0,
      useSessionPool: false,
      retryOnBlocked: false,
      respectRobotsTxtFile: false,
      navigationTimeoutSecs,
      additionalMimeTypes: ['*/*'],
      requestHandler: async ({ request, response, body }) => {
        const contentType = response.headers[contentTypeHeader];
        const bytes = typeof body === 'string' ? Buffer.from(body) : body;
        pages.push({ url: request.url, loadedUrl: request.loadedUrl ?? request.url, contentType: String(contentType ?? ''), bytes });
      },
      errorHandler: ({ request }, error) => {
        const lasting = error instanceof GuanlanError && (!error.retryable || error.details.status === 404);
        if (lasting || options.signal.aborted) request.noRetry = true;
      },
      failedRequestHandler: ({ request }, error) => options.failed?.(request.url, error),
    },
    new Configuration({
      persistStorage: false,
      purgeOnStart: false,
      defaultRequestQueueId: crypto.randomUUID(),
      eventManager: new WithoutMeasuring(),
      memoryMbytes: Math.ceil(totalmem() / 2 ** 20),
    }),
  );
  const stop = () => void crawler.autoscaledPool?.abort();
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    // Its own idea of equal addresses would drop some of those asked for.
    await crawler.run([...new Set(urls)].map((url) => ({ url, uniqueKey: url })));
  } finally {
    options.signal.removeEventListener('abort', stop);
    await crawler.teardown();
  }
  options.signal.throwIfAborted();
  return pages;
}

/** Where the true Content-Type travels: Crawlee would decode the body by it, and wrong declarations are ours to judge. */
const contentTypeHeader = 'guanlan-content-type';

/** Crawlee's `BaseHttpClient` over the guarded fetch. Redirects, limits and politeness are the guarded client's. */
function guardedClient({ fetch, signal }: CrawlOptions) {
  const load = async (address: string | URL) => {
    const answer = await fetch(String(address), { maxBytes, signal });
    const contentType = answer.headers['content-type'] ?? '';
    const markup = isMarkup(contentType);
    if (!markup) answer.cancel();
    return {
      bytes: markup ? await answer.bytes() : new Uint8Array(),
      head: {
        redirectUrls: [] as URL[],
        url: answer.url,
        statusCode: answer.status,
        headers: { 'content-type': contentType.split(';')[0]?.trim() || 'text/html', [contentTypeHeader]: contentType },
        trailers: {},
        complete: true,
      },
    };
  };
  return {
    async stream<Request extends { url: string | URL }>(request: Request) {
      const { bytes, head } = await load(request.url);
      const progress = { percent: 1, transferred: bytes.length };
      return { ...head, request, stream: Readable.from([Buffer.from(bytes)]), downloadProgress: progress, uploadProgress: progress };
    },
    sendRequest(): Promise<never> {
      return Promise.reject(new GuanlanError('internal', '采集页面时不发送附加请求。'));
    },
  };
}
