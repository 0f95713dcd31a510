import { InvalidArgumentError } from 'commander';

/** A moment on the command line: ISO 8601; without a zone it is Shanghai's time. */
export function moment(text: string): Date {
  const zoned = /(?:z|[+-]\d{2}:?\d{2})$/iu.test(text) || !text.includes('T') ? text : `${text}+08:00`;
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/u.test(zoned) ? `${zoned}T00:00:00+08:00` : zoned);
  if (!/^\d{4}-\d{2}-\d{2}/u.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError(`应为 ISO 8601 时刻，如 2026-11-23T10:05:00+08:00，不是 ${text}`);
  return date;
}

/** An absolute http or https address on the command line. */
export function address(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol))
    throw new InvalidArgumentError(`应为完整的网址，以 http:// 或 https:// 开头，不是 ${text}`);
  return url.href;
}

/** `2026-11-23T10:05:00+08:00`. */
export function shanghaiIso(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
