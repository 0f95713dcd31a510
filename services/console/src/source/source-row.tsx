import type { SourceView } from '@guanlan/contracts';
import { Link } from 'react-router';
import { Fact } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { SourceActs } from './source-acts.tsx';
import { broughtBy, percent, rhythm } from './words.ts';

/** One source in the list: its name, how it stands, and what to do where it stands badly. */
export function SourceRow({ source }: { source: SourceView }) {
  const { health } = source;
  const brought = broughtBy(source);
  return (
    <li className={`source source-${health.state}`} data-source={source.id}>
      <div className="source-name">
        <p>
          <Health health={health} />
          <Link to={`/sources/${source.id}`}>
            <strong>{source.name}</strong>
          </Link>
          {source.local ? <span className="term">本地</span> : null}
        </p>
        {brought === null ? <span className="source-url">{source.url}</span> : <span className="source-url">{brought}</span>}
      </div>
      <dl className="source-facts">
        <Fact name="最近新信息">
          <Moment at={source.lastNewItemAt} />
        </Fact>
        <Fact name="带来信息">
          <Link to={`/items?source=${source.id}`}>{source.items} 条</Link>
        </Fact>
        <Fact name="检查">{brought === null && health.state !== 'paused' ? rhythm(source) : '—'}</Fact>
        <Fact name="覆盖率">{source.coverage === null ? '—' : percent(source.coverage)}</Fact>
      </dl>
      {brought === null ? <SourceActs source={source} /> : <span />}
      {health.advice === null ? null : <Trouble sentence={health.sentence} advice={health.advice} more={source.conditions.length - 1} />}
    </li>
  );
}

export function Health({ health: { state, title } }: { health: SourceView['health'] }) {
  return <span className={`health health-${state}`}>{title}</span>;
}

export function Trouble({ sentence, advice, more = 0 }: { sentence: string; advice: string; more?: number }) {
  return (
    <div className="trouble">
      <p>
        {sentence}
        {more > 0 ? <span className="quiet">（另有 {more} 项）</span> : null}
      </p>
      <p className="advice">
        <strong>怎么办</strong> {advice}
      </p>
    </div>
  );
}
