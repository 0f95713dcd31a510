import type { AlertView, DeadlineView } from '@guanlan/contracts';
import { levelRank } from '@guanlan/domain';

/** The clock of a case that ends first, of those that run; null when none does, or all stand still. */
export function nextClock({ deadlines, pausedUntil }: Pick<AlertView, 'deadlines' | 'pausedUntil'>, now: Date): DeadlineView | null {
  if (pausedUntil !== null && new Date(pausedUntil) > now) return null;
  const running = deadlines.filter(({ endedAt }) => endedAt === null);
  return running.reduce<DeadlineView | null>((a, b) => (a === null || b.dueAt < a.dueAt ? b : a), null);
}

/** How a clock stands at this moment; what the server said ages. */
export function clockState({ endedAt, warnAt, dueAt, state }: DeadlineView, now: Date): DeadlineView['state'] {
  if (endedAt !== null || state === 'paused') return state;
  if (now >= new Date(dueAt)) return 'overdue';
  return now >= new Date(warnAt) ? 'warning' : 'running';
}

/**
 * What to look at first: grave cases that nobody has taken on, then whichever clock ends (or ended) first, the graver of two, the
 * newer of two; cases without a running clock last.
 */
export function byUrgency(now: Date): (a: AlertView, b: AlertView) => number {
  const key = (alert: AlertView) => {
    const unclaimed = alert.state === 'firing' && levelRank(alert.level) >= levelRank('II') ? 0 : 1;
    const clock = nextClock(alert, now);
    return [unclaimed, clock === null ? Number.POSITIVE_INFINITY : new Date(clock.dueAt).getTime(), -levelRank(alert.level), -alert.id];
  };
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    const at = left.findIndex((value, n) => value !== right[n]);
    return at < 0 ? 0 : (left[at] ?? 0) < (right[at] ?? 0) ? -1 : 1;
  };
}
