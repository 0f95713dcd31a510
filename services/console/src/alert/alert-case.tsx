import type { AlertDetail } from '@guanlan/contracts';
import { alertStateTitles, categoryInfo, outcomeTitles } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { KindredEvents } from '../event/kindred-events.tsx';
import { Fact, Facts as FactList } from '../parts/facts.tsx';
import { AlertLevel, StateTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { OfficialResponse } from '../parts/official-response.tsx';
import { Fault, Loading } from '../parts/states.tsx';
import { alertQuery } from '../queries.ts';
import { AlertActs } from './alert-acts.tsx';
import { AlertDeadlines } from './alert-deadlines.tsx';
import { AlertItems } from './alert-items.tsx';
import { AlertLedger, AlertTimeline } from './alert-ledger.tsx';
import { AlertLevelPanel } from './alert-level.tsx';
import { AlertReasons } from './alert-reasons.tsx';
import { Waiting } from './alert-row.tsx';
import { NextClock } from './countdown.tsx';

/** One case: what is known, why it has its level, what was done, and what can be done now. */
export function AlertCase({ id }: { id: number }) {
  const { data, isPending, error, refetch } = useQuery(alertQuery(id));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  return <Case alert={data} />;
}

function Case({ alert }: { alert: AlertDetail }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <article className="case" aria-labelledby="case-title">
      <Link to="/alerts" className="back">
        ‹ 返回列表
      </Link>
      <div className="case-head">
        <AlertLevel alert={alert} large />
        <StateTag state={alert.state} outcome={alert.outcome} />
        {alert.drill ? <span className="drill-tag">演练，不计入统计</span> : null}
        <NextClock alert={alert} otherwise={<Waiting alert={alert} />} />
        <span className="quiet">编号 {alert.id}</span>
      </div>
      <h1 id="case-title" ref={title} tabIndex={-1}>
        {alert.title || '（无标题）'}
      </h1>
      <Facts alert={alert} />
      <AlertActs alert={alert} />
      {alert.drill ? null : <KindredEvents event={{ id: alert.eventId, itemCount: alert.itemCount }} />}
      <AlertLevelPanel alert={alert} />
      <AlertDeadlines alert={alert} />
      <AlertReasons items={alert.items} />
      <AlertItems alert={alert} />
      <div className="case-pair">
        <AlertTimeline entries={alert.timeline} />
        <AlertLedger notifications={alert.notifications} />
      </div>
    </article>
  );
}

function Facts({ alert }: { alert: AlertDetail }) {
  const facts: [string, React.ReactNode][] = [
    ['类别', alert.categories.map((id) => categoryInfo(id).title).join('、') || '未分类'],
    ['地点', alert.places.join('、') || '文中未写明'],
    ['首次发现', <Moment key="first" at={alert.firstSeenAt} both />],
    ['最近一条', <Moment key="last" at={alert.lastSeenAt} both />],
    [
      '信息与来源',
      <span key="event">
        {alert.itemCount} 条信息，{alert.sourceCount} 个信息源（<Link to={`/events/${alert.eventId}`}>事件 {alert.eventId}</Link>）
      </span>,
    ],
    ['热度', `近 1 小时 ${alert.heat.lastHour} 条，此前 1 小时 ${alert.heat.hourBefore} 条`],
    alert.department === null ? ['建议回应部门', alert.departments.join('、') || '—'] : ['责任部门', alert.department],
    ...(alert.answer === null ? [] : [['回应方式', outcomeTitles[alert.answer]] satisfies [string, string]]),
    ...(alert.response === null
      ? []
      : [['官方回应', <OfficialResponse key="response" response={alert.response} />] satisfies [string, React.ReactNode]]),
    ...(alert.others.length === 0 ? [] : [['同一事件', <Others key="others" others={alert.others} />] satisfies [string, React.ReactNode]]),
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

/** Earlier or later cases about the same event. */
function Others({ others }: { others: AlertDetail['others'] }) {
  return others.map((one) => (
    <Link key={one.id} className="ref" to={`/alerts/${one.id}`}>
      预警 {one.id}（{one.outcome === null ? alertStateTitles[one.state] : outcomeTitles[one.outcome]}）
    </Link>
  ));
}
