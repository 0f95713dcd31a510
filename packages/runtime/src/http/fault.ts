import { GuanlanError } from '@guanlan/domain';

/** Longest pause a server can ask of us with Retry-After: a day. */
const retryAfterCap = 86_400;

/** Where, for a message and a log: without the query, which may hold a key. */
export function place(url: URL): string {
  const path = url.pathname.length > 120 ? `${url.pathname.slice(0, 120)}…` : url.pathname;
  return `${url.origin}${path}`;
}

/** Seconds to wait by a Retry-After header (RFC 9110 §10.2.3: seconds or an HTTP date), 0 to a day; null when there is none. */
export function retryAfterSeconds(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,10}$/u.test(text)) return Math.min(Number(text), retryAfterCap);
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(0, Math.ceil((at - now.getTime()) / 1_000)), retryAfterCap);
}

/** `http-gone` for 410, else `http-status`; `retryAfterSeconds` in the details when the server gave one. */
export function statusFault(status: number, url: URL, retryAfter: number | null): GuanlanError {
  const details = { status, url: place(url), ...(retryAfter === null ? {} : { retryAfterSeconds: retryAfter }) };
  if (status === 410) {
    return new GuanlanError('http-gone', `${place(url)} 返回 410，网站称该地址已永久停用。请停用此信息源或改用新地址。`, { details });
  }
  const wait = retryAfter === null ? '' : `网站要求 ${retryAfter} 秒后再来。`;
  return new GuanlanError('http-status', `${place(url)} 返回 HTTP ${status}：${statusAdvice(status)}${wait}`, { details });
}

export function timeoutFault(url: URL, timeoutMs: number): GuanlanError {
  return new GuanlanError(
    'fetch-timeout',
    `${place(url)} 在 ${timeoutMs / 1_000} 秒内没有传完，已中断。请检查网站是否过慢，稍后自动重试。`,
    {
      details: { url: place(url), timeoutMs },
    },
  );
}

export function tooLargeFault(url: URL, maxBytes: number): GuanlanError {
  return new GuanlanError(
    'body-too-large',
    `${place(url)} 的内容超过上限 ${size(maxBytes)}，已中断下载。请确认网址指向的是订阅源或网页，而不是文件。`,
    {
      details: { url: place(url), maxBytes },
    },
  );
}

/** What undici, the socket, the resolver or zlib threw, as one of our codes. Our own errors pass through. */
export function transportFault(error: unknown, url: URL): GuanlanError {
  if (error instanceof GuanlanError) return error;
  const code = codeOf(error);
  const details = { url: place(url), cause: code };
  const fault = (kind: 'dns-failed' | 'connect-failed' | 'tls-failed' | 'bad-input' | 'body-too-large', message: string) =>
    new GuanlanError(kind, message, { cause: error, details });
  if (dnsCodes.has(code)) return fault('dns-failed', `域名 ${url.hostname} 无法解析（${code}）。请检查网址拼写和本机的域名服务器。`);
  if (isTls(code)) return fault('tls-failed', `与 ${url.host} 的加密连接失败（${code}）。请检查网站证书是否过期、域名是否相符。`);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return fault('body-too-large', `${place(url)} 的响应头过大，已中断。`);
  if (code === 'UND_ERR_INVALID_ARG') return fault('bad-input', `发往 ${place(url)} 的请求头或方法不合法。请检查该信息源或渠道的设置。`);
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ERR_BROTLI')) {
    return fault('connect-failed', `${place(url)} 的压缩内容损坏或不完整（${code}）。稍后自动重试。`);
  }
  if (brokenCodes.has(code) || code.startsWith('HPE_')) {
    return fault('connect-failed', `${url.host} 在传输中断开，或回应不符合 HTTP（${code}）。稍后自动重试。`);
  }
  return fault('connect-failed', `无法连接 ${url.host}（${code}）。请检查网站是否在线、端口是否正确、本机网络是否可用。`);
}

const dnsCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA', 'ESERVFAIL', 'ETIMEOUT']);
const brokenCodes = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RESPONSE']);

function isTls(code: string): boolean {
  return /^(?:ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/u.test(code);
}

/** The most telling code in the error, its aggregated errors and its causes. */
function codeOf(error: unknown): string {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return error instanceof Error ? error.name : 'unknown';
}

function statusAdvice(status: number): string {
  if (status === 401 || status === 403 || status === 407) return '网站拒绝访问。请确认该内容是公开的，需要登录的内容不采集。';
  if (status === 404) return '地址不存在。请在浏览器中核对网址是否已变更。';
  if (status === 429) return '访问过于频繁。请调大该信息源的检查间隔。';
  if (status >= 500) return '网站自身出错。稍后自动重试。';
  if (status >= 300 && status < 400) return '网站要求跳转，但没有可跟随的地址。请改用最终网址。';
  return '网站没有给出内容。请核对网址。';
}

function size(bytes: number): string {
  return bytes >= 1_048_576 ? `${Math.round(bytes / 104_857.6) / 10} MiB` : `${bytes} 字节`;
}
