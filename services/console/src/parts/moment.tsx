import { dateOf } from '@guanlan/domain';
import { absolute, relative, shortAbsolute } from '../time.ts';
import { useNow } from './now.ts';

/** A moment as people say it, with the clock time beside it (`both`) or on hover. Null reads `—`. */
export function Moment({ at, both = false }: { at: string | null; both?: boolean }) {
  const now = useNow();
  if (at === null) return <span className="quiet">—</span>;
  const words = relative(at, now);
  const full = shortAbsolute(at, now);
  const clock = dateOf(new Date(at)) === dateOf(now) ? full.slice(-5) : full;
  return (
    <time dateTime={at} title={`${absolute(at)}（北京时间）`}>
      {words}
      {both && !words.includes(full.slice(-5)) ? <span className="quiet">（{clock}）</span> : null}
    </time>
  );
}
