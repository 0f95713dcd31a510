import type { AlertView } from '@guanlan/contracts';
import { type CategoryId, categories, type Level } from '@guanlan/domain';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { AlertCase } from '../alert/alert-case.tsx';
import { AlertRow } from '../alert/alert-row.tsx';
import { useDeskKeys } from '../alert/desk-keys.ts';
import { orderRows, type Ranked } from '../alert/desk-order.ts';
import { byUrgency } from '../alert/urgency.ts';
import { sentence } from '../client.ts';
import { useLive } from '../live.tsx';
import { useNow } from '../parts/now.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { acknowledge, alertsQuery, type DeskFilter, openCases, patchAlert, rankingQuery } from '../queries.ts';

/** The desk: open cases on the left, the most urgent first, the chosen one on the right. */
export function Component() {
  const id = Number(useParams().id ?? Number.NaN);
  const chosen = Number.isSafeInteger(id) ? id : null;
  const [filter, setFilter] = useState<DeskFilter>(openCases);
  const alerts = useInfiniteQuery(alertsQuery(filter));
  const [order, setOrder] = useState<Order>('urgent');
  const now = useNow();
  const listed = useMemo(() => alerts.data?.pages.flatMap((page) => page.rows) ?? [], [alerts.data]);
  const ranking = useQuery({ ...rankingQuery, enabled: order === 'ranked' && filter.open }).data?.rows;
  const ranked = order === 'ranked' && filter.open ? ranking : undefined;
  const rows = useMemo(() => {
    if (ranked !== undefined) return orderRows(listed, ranked);
    return order === 'urgent' && filter.open ? listed.toSorted(byUrgency(now)) : listed;
  }, [listed, ranked, order, filter.open, now]);
  const verdicts = useMemo(() => new Map<number, Ranked>(ranked?.map((row) => [row.id, row])), [ranked]);
  const { fresh, lookedAt } = useLive();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    if (chosen !== null) lookedAt(chosen);
  }, [chosen, lookedAt]);
  useDesk(rows, list, chosen);

  return (
    <div className={chosen === null ? 'desk' : 'desk desk-chosen'}>
      <section className="desk-list" aria-label="预警提示列表">
        <Filters filter={filter} onChange={setFilter} order={order} onOrder={setOrder} />
        {alerts.isPending ? <Loading /> : null}
        {alerts.isError && rows.length === 0 ? <Fault error={alerts.error} retry={() => void alerts.refetch()} /> : null}
        {alerts.isSuccess && rows.length === 0 ? <EmptyDesk filter={filter} clear={() => setFilter(openCases)} /> : null}
        <ul ref={list}>
          {rows.map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              chosen={alert.id === chosen}
              fresh={fresh.has(alert.id)}
              verdict={verdicts.get(alert.id) ?? null}
            />
          ))}
        </ul>
        {alerts.hasNextPage ? (
          <Button block loading={alerts.isFetchingNextPage} onClick={() => void alerts.fetchNextPage()}>
            更早的
          </Button>
        ) : null}
        <p className="keys quiet" aria-hidden="true">
          <kbd>j</kbd> <kbd>k</kbd> 移动 <kbd>Enter</kbd> 打开 <kbd>a</kbd> 签收
        </p>
      </section>
      <section className="desk-case" aria-label="预警详情">
        {chosen === null ? (
          <Nothing title={alerts.isSuccess && rows.length === 0 ? '没有要处理的预警提示' : '选一条预警提示查看'}>
            <p className="quiet">级别由规则提出，由您核实确认。</p>
          </Nothing>
        ) : (
          <AlertCase key={chosen} id={chosen} />
        )}
      </section>
    </div>
  );
}

/** Keyboard for the desk: the row with the focus, else the open case, is what `a` acknowledges. */
function useDesk(rows: readonly AlertView[], list: React.RefObject<HTMLUListElement | null>, chosen: number | null): void {
  const client = useQueryClient();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: (alert: AlertView) => acknowledge(alert.id),
    onSuccess: (detail) => {
      client.setQueryData(['alert', detail.id], detail);
      patchAlert(client, detail);
      void message.success(`已签收：${detail.title}`);
    },
    onError: (error) => void message.error(sentence(error)),
  });
  const { mutate, isPending } = take;
  const onAcknowledge = useCallback(
    (id: number) => {
      const alert = rows.find((row) => row.id === id);
      if (!alert || isPending) return;
      if (alert.state === 'firing') mutate(alert);
      else void message.info('这条预警提示已经签收过了');
    },
    [rows, mutate, isPending, message],
  );
  const onLeave = useCallback(() => void navigate('/alerts'), [navigate]);
  useDeskKeys({ list, chosen, onAcknowledge, onLeave });
}

const levelChoices: { value: Level; label: string }[] = [
  { value: 'none', label: '全部级别' },
  { value: 'III', label: '较大及以上' },
  { value: 'II', label: '重大及以上' },
  { value: 'I', label: '特别重大' },
];

/** Newest first, or what most deserves the first look by what outcomes have taught. */
type Order = 'urgent' | 'new' | 'ranked';

interface FiltersProps {
  filter: DeskFilter;
  onChange: (filter: DeskFilter) => void;
  order: Order;
  onOrder: (order: Order) => void;
}

function Filters({ filter, onChange, order, onOrder }: FiltersProps) {
  return (
    <div className="filters">
      <Select
        aria-label="按处理状态筛选"
        value={filter.open ? 'open' : 'closed'}
        options={[
          { value: 'open', label: '未办结' },
          { value: 'closed', label: '已办结' },
        ]}
        onChange={(value) => onChange({ ...filter, open: value === 'open' })}
      />
      <Select
        aria-label="按级别筛选"
        value={filter.level ?? 'none'}
        options={levelChoices}
        onChange={(value) => onChange({ ...filter, level: value === 'none' ? null : value })}
      />
      <Select<CategoryId | 'all'>
        aria-label="按类别筛选"
        value={filter.category ?? 'all'}
        options={[{ value: 'all', label: '全部类别' }, ...categories.map((c) => ({ value: c.id, label: c.title }))]}
        onChange={(value) => onChange({ ...filter, category: value === 'all' ? null : value })}
      />
      {filter.open ? (
        <Select<Order>
          aria-label="排列先后"
          value={order}
          options={[
            { value: 'urgent', label: '紧急的在前' },
            { value: 'new', label: '新的在前' },
            { value: 'ranked', label: '研判排序' },
          ]}
          onChange={onOrder}
        />
      ) : null}
    </div>
  );
}

function EmptyDesk({ filter, clear }: { filter: DeskFilter; clear: () => void }) {
  if (filter.level !== null || filter.category !== null) {
    return (
      <Nothing title="没有符合条件的预警提示">
        <Button onClick={clear}>清除筛选</Button>
      </Nothing>
    );
  }
  if (!filter.open) return <Nothing title="还没有办结的预警提示" />;
  return (
    <Nothing title="现在没有未办结的预警提示">
      <p className="quiet">新的会自动出现在这里。如果一直没有，请看看信息源是否正常。</p>
      <Link to="/sources">查看信息源</Link>
    </Nothing>
  );
}
