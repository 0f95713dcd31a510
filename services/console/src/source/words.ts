import type { SourceView } from '@guanlan/contracts';
import { type BroughtKind, isBrought, openRhythm } from '@guanlan/domain';
import { duration } from '../time.ts';

/** Rounded down: what is not all is never shown as all. */
export function percent(share: number): string {
  return `${Math.floor(share * 1_000) / 10}%`;
}

/** How a source that nobody fetches gets its items; null for one that is fetched. */
export function broughtBy(source: SourceView): string | null {
  if (!isBrought(source.kind)) return null;
  const words: Record<BroughtKind, string> = {
    intake: '由其他系统通过接口推送',
    import: '由文件导入',
    report: '由直报单位上报',
    drill: '演练投放，不计入统计',
  };
  return words[source.kind as BroughtKind];
}

/** `约每 12 分钟`: as it was learned, or as it was named before the first check. */
export function rhythm({ intervalSeconds, everySeconds }: SourceView): string {
  const seconds = intervalSeconds ?? everySeconds;
  return `约每 ${seconds < 60 ? `${seconds} 秒` : duration(seconds * 1_000)}`;
}

/** Nobody named an interval: it adapts freely. */
export function isFree({ minSeconds, maxSeconds }: SourceView): boolean {
  return minSeconds === openRhythm.minSeconds && maxSeconds === openRhythm.maxSeconds;
}
