import type { LedgerRow } from '@guanlan/contracts';
import { carriageTitles, type NotificationState } from '@guanlan/domain';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Select } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { sentState, stateTitles } from '../alert/alert-ledger.tsx';
import { ledgerQuery, resend } from '../alerting.ts';
import { sentence } from '../client.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { LevelTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import '../style/duty.css';

const states: NotificationState[] = ['dead', 'pending', 'delivered', 'folded'];

/** The ledger: every message that was ever written, to whom, why, and what became of it. Dead letters can be sent again. */
export function Component() {
  const [params, setParams] = useSearchParams();
  const state = states.find((one) => one === params.get('state'));
  const ledger = useInfiniteQuery(ledgerQuery(state === undefined ? {} : { state }));
  const rows = ledger.data?.pages.flatMap((page) => page.rows) ?? [];
  const sums = ledger.data?.pages[0]?.sums;
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>通知台账</h1>
        {sums ? (
          <p className="quiet">
            共 {sums.total} 条：送达 {sums.delivered}，并入汇总送达 {sums.carried}，待发 {sums.waiting}，
            {sums.dead > 0 ? <strong className="fault">未送达 {sums.dead}</strong> : '未送达 0'}
          </p>
        ) : null}
        <div className="page-tools">
          <Select
            aria-label="按状态筛选"
            value={state ?? 'all'}
            options={[{ value: 'all', label: '全部状态' }, ...states.map((value) => ({ value, label: stateTitles[value] }))]}
            onChange={(value) => setParams(value === 'all' ? {} : { state: value }, { replace: true })}
          />
        </div>
      </div>
      {ledger.isPending ? <Loading /> : null}
      {ledger.isError && rows.length === 0 ? <Fault error={ledger.error} retry={() => void ledger.refetch()} /> : null}
      {ledger.isSuccess && rows.length === 0 ? <Nothing title={state === 'dead' ? '没有未送达的通知' : '还没有通知'} /> : null}
      <ul className="lines">
        {rows.map((row) => (
          <Line key={row.id} row={row} />
        ))}
      </ul>
      {ledger.hasNextPage ? (
        <Button block loading={ledger.isFetchingNextPage} onClick={() => void ledger.fetchNextPage()}>
          更早的
        </Button>
      ) : null}
    </div>
  );
}

function Line({ row }: { row: LedgerRow }) {
  const { state, words } = sentState(row);
  return (
    <li className={`line line-${state}`}>
      <div className="line-head">
        {row.level === 'none' ? null : <LevelTag level={row.confirmedLevel ?? row.level} confirmed={row.confirmedLevel !== null} />}
        <strong>{row.channel.name}</strong>
        {row.receiver === null ? null : <span>{row.receiver}</span>}
        <span className={`sent sent-${state}`}>{words}</span>
        <span className="line-when">
          <Moment at={row.deliveredAt ?? row.createdAt} both />
        </span>
      </div>
      {row.title === row.reason ? null : (
        <p className="line-title">{row.alertId === null ? row.title : <Link to={`/alerts/${row.alertId}`}>{row.title}</Link>}</p>
      )}
      <p className="line-reason">{row.carries === null ? row.reason : `${carriageTitles[row.carries]}，含 ${row.folded} 条`}</p>
      <Tries row={row} />
    </li>
  );
}

function Tries({ row }: { row: LedgerRow }) {
  const { act } = useAllowed();
  const client = useQueryClient();
  const { message } = App.useApp();
  const again = useMutation({
    mutationFn: () => resend(row.id),
    onSuccess: () => void message.success('已安排重发'),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: ['notifications'] }),
  });
  const last = row.tries.at(-1);
  if (row.carrier !== null) return null;
  return (
    <div className="line-foot">
      <span className="quiet">
        编号 {row.id} · 尝试 {row.tries.length} 次
        {last === undefined
          ? ''
          : ` · 对方答复：${[last.status === null ? '' : `HTTP ${last.status}`, last.response].filter(Boolean).join('，') || '（空）'}`}
        {row.fallbackOf === null ? '' : ` · 接替通知 ${row.fallbackOf}`}
      </span>
      {act && row.state === 'dead' ? (
        <Button size="small" type="primary" loading={again.isPending} onClick={() => again.mutate()}>
          重发
        </Button>
      ) : null}
    </div>
  );
}
