import type { EventDetail } from '@guanlan/contracts';
import { categoryInfo } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { authorTitles } from '../parts/author.ts';
import { Fact, Facts as FactList } from '../parts/facts.tsx';
import { EventLevel, StateTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { OfficialResponse } from '../parts/official-response.tsx';
import { Fault, Loading } from '../parts/states.tsx';
import { eventQuery } from '../queries.ts';
import { EventItems } from './event-items.tsx';
import { burstSentence, rounded } from './event-words.ts';
import { KindredEvents } from './kindred-events.tsx';
import { SpreadChart } from './spread-chart.tsx';

/** One event: who tells it, how it spreads, its items, and what people did to it. */
export function EventCase({ id }: { id: number }) {
  const { data, isPending, error, refetch } = useQuery(eventQuery(id));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  return data.mergedInto === null ? <Case event={data} /> : <Merged event={data} into={data.mergedInto} />;
}

function Case({ event }: { event: EventDetail }) {
  return (
    <article className="case">
      <div className="case-head">
        <EventLevel event={event} large />
        {event.relevant ? <span className="term">涉及本县</span> : null}
        {event.burst.bursts ? <span className="burst">突增</span> : null}
      </div>
      <h1>{event.title || '（无标题）'}</h1>
      <Facts event={event} />
      <KindredEvents event={event} />
      {event.curve.hours.length > 0 ? <Spread event={event} /> : null}
      {event.items.length > 0 ? <EventItems event={event} /> : null}
      <History entries={event.entries} />
    </article>
  );
}

/** Nothing is left of it but where its items are, and what was decided of it before. */
function Merged({ event, into }: { event: EventDetail; into: number }) {
  return (
    <article className="case">
      <p className="moved">
        此事件已并入 <Link to={`/events/${into}`}>事件 {into}</Link>，信息都在那里。
      </p>
      <h1>{event.title || '（无标题）'}</h1>
      {event.alerts.length === 0 ? null : (
        <p>
          合并前的预警提示：
          <Alerts alerts={event.alerts} />
        </p>
      )}
      <History entries={event.entries} />
    </article>
  );
}

function Facts({ event }: { event: EventDetail }) {
  const facts: [string, React.ReactNode][] = [
    ['类别', event.categories.map((id) => categoryInfo(id).title).join('、') || '未分类'],
    ['地点', event.places.join('、') || '文中未写明'],
    ['首次发现', <Moment key="first" at={event.firstSeenAt} both />],
    ['最近一条', <Moment key="last" at={event.lastSeenAt} both />],
    ['信息与来源', `${event.itemCount} 条信息，${event.sourceCount} 个信息源`],
    ['来源构成', event.sourceKinds.map(({ kind, sources, items }) => `${authorTitles[kind]} ${sources} 源 ${items} 条`).join('、') || '—'],
    ['热度', `${rounded(event.heat)}${trendOf(event.growth)}`],
    ...(event.response === null
      ? []
      : [['官方回应', <OfficialResponse key="response" response={event.response} />] satisfies [string, React.ReactNode]]),
    ['预警提示', <Alerts key="alerts" alerts={event.alerts} />],
  ];
  return (
    <FactList>
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value}
        </Fact>
      ))}
    </FactList>
  );
}

function Alerts({ alerts }: { alerts: EventDetail['alerts'] }) {
  if (alerts.length === 0) return '无';
  return alerts.map((alert) => (
    <span key={alert.id} className="ref">
      <Link to={`/alerts/${alert.id}`}>预警 {alert.id}</Link> <StateTag state={alert.state} outcome={alert.outcome} />
    </span>
  ));
}

/** Growth in words: more than twice as much is worth one; a single item after none is not. */
export function trendOf(growth: number): string {
  return growth > 2 ? '，升温' : growth < 0.5 ? '，降温' : '';
}

function Spread({ event: { curve, burst, itemCount } }: { event: EventDetail }) {
  const copies = curve.hours.reduce((sum, hour) => sum + hour.copies, 0);
  const words = `${curve.hours.length} 小时内 ${itemCount - curve.earlier} 条，其中相同内容 ${copies} 条。`;
  return (
    <section className="block" aria-labelledby="event-spread">
      <h2 id="event-spread">传播</h2>
      <p>{burstSentence(burst)}</p>
      <SpreadChart hours={curve.hours} words={words} />
      {curve.earlier > 0 ? <p className="quiet">图中是最近 14 天；更早还有 {curve.earlier} 条。</p> : null}
    </section>
  );
}

function History({ entries }: { entries: EventDetail['entries'] }) {
  if (entries.length === 0) return null;
  return (
    <section className="block" aria-labelledby="event-history">
      <h2 id="event-history">拆分与合并</h2>
      <ol className="timeline">
        {entries.map((entry) => (
          <li key={entry.id}>
            <p>
              <strong>{entry.title}</strong> {entry.items} 条，<Link to={`/events/${entry.otherId}`}>事件 {entry.otherId}</Link>{' '}
              <span className="quiet">{entry.actor}</span>
            </p>
            {entry.note ? <p className="timeline-note">{entry.note}</p> : null}
            <p className="quiet">
              <Moment at={entry.at} both />
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
