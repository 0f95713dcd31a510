import type { RawItem } from '@guanlan/domain';
import type { CollectContext, Fetch } from '@guanlan/sources';

/** What one check saw, counted as it went by: what the health of a source is judged by. */
export interface Measure {
  unchanged: boolean;
  links: number | null;
  entries: number;
  titled: number;
  dated: number;
  bodyLength: number;
  /** The source's own address, not a page of it, was answered with 410. */
  gone: boolean;
  robotsDigest: string | null;
  certificateExpiresAt: Date | null;
}

export function newMeasure(): Measure {
  return {
    ...{ unchanged: false, links: null, entries: 0, titled: 0, dated: 0, bodyLength: 0 },
    ...{ gone: false, robotsDigest: null, certificateExpiresAt: null },
  };
}

export function measureEntry(measure: Measure, { title, text, publishedAt }: RawItem): void {
  measure.entries += 1;
  if (title.trim() !== '') measure.titled += 1;
  if (publishedAt !== null) measure.dated += 1;
  measure.bodyLength += text.length;
}

/** Watches the answer of the source's own address. */
export function measuredFetch(measure: Measure, ownUrl: string, fetch: Fetch): Fetch {
  return async (url, options) => {
    try {
      const answer = await fetch(url, options);
      if (url === ownUrl && answer.notModified) measure.unchanged = true;
      return answer;
    } catch (error) {
      if (url === ownUrl && (error as { code?: unknown } | null)?.code === 'http-gone') measure.gone = true;
      throw error;
    }
  };
}

/** A list page asks which of the addresses it names are known: that is how many it names. */
export function measuredKnown(measure: Measure, known: CollectContext['known']): CollectContext['known'] {
  return (urls) => {
    measure.links = Math.max(measure.links ?? 0, urls.length);
    return known(urls);
  };
}
