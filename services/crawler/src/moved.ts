import type { DueSource } from '@guanlan/database';

type Moved = DueSource['moved'];

/** Answers in a row, all leading to one address, before it is taken on; and the least time between the first and the last. */
const times = 3;
const overMs = 3_600_000;

/** Counts permanent redirects (301, 308) to one address; another address, or an answer without a redirect, begins again. */
export function movedAfter(before: Moved, seen: string | null, now: Date): Moved {
  if (seen === null) return null;
  return before?.to === seen ? { ...before, times: before.times + 1 } : { to: seen, times: 1, since: now };
}

/**
 * Whether the source's address is to be rewritten: RFC 9110 §15.4.2 and §15.4.9 ask for it; one answer may be a captive portal
 * or a mistake of an hour. Permission for a private address was given to one host: it does not move to another.
 */
export function movesTo(source: Pick<DueSource, 'url' | 'allowPrivate'>, moved: Moved, now: Date): string | null {
  if (moved === null || moved.times < times || now.getTime() - moved.since.getTime() < overMs || moved.to === source.url) return null;
  const to = URL.parse(moved.to);
  if (to === null || (source.allowPrivate && to.hostname !== URL.parse(source.url)?.hostname)) return null;
  return to.href;
}
