import type { AlertView, DeadlineView } from '@guanlan/contracts';
import type { ReactNode } from 'react';
import { useNow } from '../parts/now.ts';
import { duration } from '../time.ts';
import { clockState, nextClock } from './urgency.ts';

interface NextClockProps {
  alert: Pick<AlertView, 'deadlines' | 'pausedUntil' | 'state'>;
  /** Where no clock runs. */
  otherwise?: ReactNode;
}

/** What the case must do next, and how long is left for it. */
export function NextClock({ alert, otherwise = null }: NextClockProps) {
  const now = useNow();
  if (alert.state === 'closed') return null;
  if (alert.pausedUntil !== null && new Date(alert.pausedUntil) > now) return <span className="clock">计时暂停</span>;
  const clock = nextClock(alert, now);
  return clock === null ? otherwise : <Countdown clock={clock} named />;
}

export function Countdown({ clock, named = false }: { clock: DeadlineView; named?: boolean }) {
  const now = useNow();
  const state = clockState(clock, now);
  const ms = new Date(clock.dueAt).getTime() - now.getTime();
  const words = ms >= 0 ? `还剩 ${duration(ms)}` : `超时 ${duration(-ms)}`;
  return (
    <span className={`clock clock-${state}`}>
      {named ? `${clock.title} ` : null}
      {words}
    </span>
  );
}
