import type { AlertView } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { Link } from 'react-router';
import { highlight } from '../highlight.ts';
import { AlertLevel, StateTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useNow } from '../parts/now.ts';
import { duration } from '../time.ts';
import { NextClock } from './countdown.tsx';
import { type Ranked, whyThere } from './desk-order.ts';

interface Props {
  alert: AlertView;
  chosen: boolean;
  fresh: boolean;
  /** Why it stands where it does; null where the order is not learned. */
  verdict: Ranked | null;
}

/** One case on the desk. The whole row is one link, so that Enter, a tap and a new tab all do what they should. */
export function AlertRow({ alert, chosen, fresh, verdict }: Props) {
  const about = [...alert.categories.map((id) => categoryInfo(id).title), ...alert.places];
  return (
    <li className={`row row-${alert.level}${fresh ? ' row-fresh' : ''}${alert.state === 'closed' ? ' row-closed' : ''}`}>
      <Link to={`/alerts/${alert.id}`} data-alert={alert.id} aria-current={chosen ? 'true' : undefined}>
        <span className="row-head">
          <AlertLevel alert={alert} />
          <StateTag state={alert.state} outcome={alert.outcome} />
          {alert.drill ? <span className="drill-tag">演练</span> : null}
          {fresh ? <span className="fresh">新</span> : null}
          <span className="row-when">
            <Moment at={alert.firstSeenAt} both />
          </span>
        </span>
        <span className="row-title">{alert.title || '（无标题）'}</span>
        <Snippet evidence={alert.evidence} />
        {verdict === null ? null : <span className="row-verdict">{whyThere(verdict)}</span>}
        <span className="row-foot">
          <span>{about.join(' · ') || '未分类'}</span>
          <span>
            {alert.itemCount} 条 / {alert.sourceCount} 源
          </span>
          {alert.department === null ? null : <span>交办 {alert.department}</span>}
          <NextClock alert={alert} otherwise={<Waiting alert={alert} />} />
        </span>
      </Link>
    </li>
  );
}

/** The strongest evidence, where it stands; the case has all of it. */
function Snippet({ evidence }: { evidence: AlertView['evidence'] }) {
  const [first] = evidence;
  if (!first) return null;
  const segments = highlight(
    first.snippet,
    evidence.filter((one) => one.snippet === first.snippet),
  );
  return (
    <span className="row-snippet">
      {segments.map((segment) =>
        segment.marks.length === 0 ? (
          segment.text
        ) : (
          <mark key={segment.start} className="hit">
            {segment.text}
          </mark>
        ),
      )}
    </span>
  );
}

/** How long the case has waited for its next step. */
export function Waiting({ alert }: { alert: AlertView }) {
  const now = useNow();
  if (alert.state === 'closed' || alert.state === 'answered') return null;
  const ms = now.getTime() - new Date(alert.openedAt).getTime();
  return (
    <span className={alert.state === 'firing' ? 'waiting waiting-firing' : 'waiting'}>
      {ms < 60_000 ? '等待不到 1 分钟' : `等待 ${duration(ms)}`}
    </span>
  );
}
