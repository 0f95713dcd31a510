import { minuteOf } from './calendar.ts';

/** The kind of the one source that is the product's own; no list of sources shows it. */
export const canaryKind = 'canary';

/** Where the canary is. */
export interface CanaryState {
  /** When the first one was launched. */
  since: Date;
  launchedAt: Date | null;
  /** Why the newest could not be fetched or stored; null when it could. */
  fault: string | null;
  /** When the last one came back, and how long it had flown. */
  backAt: Date | null;
  tookMs: number | null;
  /** One is in flight: stored, not taken back yet. */
  flying: boolean;
}

export interface CanaryStanding {
  state: 'well' | 'under-way' | 'late';
  sentence: string;
  /** Since when none has come back; null unless `late`. */
  since: Date | null;
}

const minute = 60_000;
/** Between two flights, and after how long without one that came back something must be wrong. */
export const canaryEveryMs = 10 * minute;
export const canaryLateMs = 30 * minute;

/** Whether the canary comes back, and if not, how far it got. */
export function canaryStanding(canary: CanaryState, now: Date): CanaryStanding {
  const { since: first, launchedAt, fault, backAt, tookMs, flying } = canary;
  const since = backAt ?? first;
  if (now.getTime() - since.getTime() <= canaryLateMs) {
    if (backAt === null) return { state: 'under-way', sentence: '自检正在进行第一次。', since: null };
    const took = tookMs === null ? '' : `，用时 ${Math.max(1, Math.round(tookMs / 1_000))} 秒`;
    return { state: 'well', sentence: `自检正常：${minuteOf(backAt)} 的一次走完了采集、存入和研判${took}。`, since: null };
  }
  const from = `自 ${minuteOf(since)} 起，自检没有走完全程：`;
  if (flying) return { state: 'late', sentence: `${from}已采集并存入，没有研判；请检查研判服务是否在运行。`, since };
  if (fault !== null) return { state: 'late', sentence: `${from}${fault}`, since };
  const launched = launchedAt === null ? '没有发出' : `最后一次在 ${minuteOf(launchedAt)} 发出，没有下文`;
  return { state: 'late', sentence: `${from}${launched}；请检查采集服务是否在运行。`, since };
}
