import type { EventQuery, EventView } from '@guanlan/contracts';
import { type CategoryId, categories, categoryInfo, type Level } from '@guanlan/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Input, Select } from 'antd';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { EventCase, trendOf } from '../event/event-case.tsx';
import { rounded } from '../event/event-words.ts';
import { EventLevel, StateTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useNow } from '../parts/now.ts';
import { PagedList } from '../parts/paged-list.tsx';
import { Nothing } from '../parts/states.tsx';
import { eventsQuery } from '../queries.ts';
import '../style/event.css';

const levelChoices: { value: Level; label: string }[] = [
  { value: 'none', label: '全部级别' },
  { value: 'III', label: '较大及以上' },
  { value: 'II', label: '重大及以上' },
  { value: 'I', label: '特别重大' },
];

const periods: { value: number; label: string }[] = [
  { value: 0, label: '不限时间' },
  { value: 1, label: '近 24 小时' },
  { value: 7, label: '近 7 天' },
  { value: 30, label: '近 30 天' },
];

const hourMs = 3_600_000;

/** What is told, story by story, the one with the newest item first. */
export function Component() {
  const id = Number(useParams().id ?? Number.NaN);
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const events = useInfiniteQuery(eventsQuery(filterOf(params, useNow())));
  const search = params.size > 0 ? `?${params}` : '';
  return (
    <div className="page">
      <div className="page-head">
        <h1>事件</h1>
        <Filters params={params} setParams={setParams} />
      </div>
      <PagedList
        query={events}
        nothing={
          <Nothing title="没有事件">
            {params.size > 0 ? (
              <Button onClick={() => setParams({}, { replace: true })}>清除筛选</Button>
            ) : (
              <p className="quiet">有级别的信息会自动归成事件，讲同一件事的归在一起。</p>
            )}
          </Nothing>
        }
      >
        {(event) => <Row event={event} search={search} />}
      </PagedList>
      <Drawer
        title={`事件 ${id}`}
        open={Number.isSafeInteger(id)}
        size={820}
        onClose={() => void navigate(`/events${search}`)}
        destroyOnHidden
      >
        {Number.isSafeInteger(id) ? <EventCase key={id} id={id} /> : null}
      </Drawer>
    </div>
  );
}

/** The filter stands in the address, so that it can be passed on. Periods begin with a whole hour: the question stays the same for as long. */
function filterOf(params: URLSearchParams, now: Date): Omit<EventQuery, 'before' | 'limit'> {
  const level = levelChoices.find((choice) => choice.value === params.get('level'))?.value ?? 'none';
  const category = categories.find((one) => one.id === params.get('category'))?.id;
  const days = periods.find((period) => String(period.value) === params.get('days'))?.value ?? 0;
  const text = params.get('text')?.trim().slice(0, 100);
  const since = new Date(Math.floor(now.getTime() / hourMs) * hourMs - days * 24 * hourMs);
  return {
    ...(level === 'none' ? {} : { level }),
    ...(category === undefined ? {} : { category }),
    ...(params.get('relevant') === 'true' ? { relevant: 'true' as const } : {}),
    ...(days === 0 ? {} : { since: since.toISOString() }),
    ...(text ? { text } : {}),
  };
}

function Filters({ params, setParams }: { params: URLSearchParams; setParams: ReturnType<typeof useSearchParams>[1] }) {
  const choose = (name: string, value: string | null): void => {
    const next = new URLSearchParams(params);
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
    setParams(next, { replace: true });
  };
  return (
    <div className="page-tools">
      <Input.Search
        key={params.get('text')}
        className="event-search"
        aria-label="按标题或编号查找"
        placeholder="标题或编号"
        allowClear
        defaultValue={params.get('text') ?? ''}
        onSearch={(value) => choose('text', value.trim())}
      />
      <Select
        aria-label="按时间筛选"
        value={periods.find((period) => String(period.value) === params.get('days'))?.value ?? 0}
        options={periods}
        onChange={(value) => choose('days', value === 0 ? null : String(value))}
      />
      <Select
        aria-label="按是否相关筛选"
        value={params.get('relevant') === 'true'}
        options={[
          { value: false, label: '不论是否涉及本县' },
          { value: true, label: '只看涉及本县' },
        ]}
        onChange={(value) => choose('relevant', value ? 'true' : null)}
      />
      <Select
        aria-label="按级别筛选"
        value={levelChoices.find((choice) => choice.value === params.get('level'))?.value ?? 'none'}
        options={levelChoices}
        onChange={(value) => choose('level', value === 'none' ? null : value)}
      />
      <Select<CategoryId | 'all'>
        aria-label="按类别筛选"
        value={categories.find((one) => one.id === params.get('category'))?.id ?? 'all'}
        options={[{ value: 'all', label: '全部类别' }, ...categories.map((c) => ({ value: c.id, label: c.title }))]}
        onChange={(value) => choose('category', value === 'all' ? null : value)}
      />
    </div>
  );
}

function Row({ event, search }: { event: EventView; search: string }) {
  return (
    <li>
      <Link to={`/events/${event.id}${search}`}>
        <span className="row-head">
          <EventLevel event={event} />
          {event.burst.bursts ? <span className="burst">突增</span> : null}
          {event.relevant ? <span className="term">涉及本县</span> : null}
          <span className="row-when">
            <Moment at={event.lastSeenAt} />
          </span>
        </span>
        <span className="row-title">{event.title || '（无标题）'}</span>
        <span className="row-foot">
          <span>{event.categories.map((id) => categoryInfo(id).title).join(' · ') || '未分类'}</span>
          <span>
            {event.itemCount} 条 / {event.sourceCount} 源
          </span>
          <span>
            热度 {rounded(event.heat)}
            {trendOf(event.growth)}
          </span>
          {event.alert === null ? null : (
            <span>
              预警 {event.alert.id} <StateTag state={event.alert.state} outcome={event.alert.outcome} />
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
