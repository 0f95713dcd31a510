import type { SourceList, SourceView } from '@guanlan/contracts';
import { standingStates } from '@guanlan/domain';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Select } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { sourcesQuery } from '../queries.ts';
import { SourceCase } from '../source/source-case.tsx';
import { SourceForm } from '../source/source-form.tsx';
import { SourceRow } from '../source/source-row.tsx';
import { percent } from '../source/words.ts';
import '../style/source.css';

type Order = 'health' | 'name' | 'news' | 'items' | 'coverage';

const orders: { value: Order; label: string }[] = [
  { value: 'health', label: '不正常的在前' },
  { value: 'news', label: '最近有新信息的在前' },
  { value: 'items', label: '带来信息多的在前' },
  { value: 'coverage', label: '覆盖率低的在前' },
  { value: 'name', label: '按名称' },
];

/** Where items come from, and whether they still do; what needs somebody stands on top, with what to do about it. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(sourcesQuery);
  const id = Number(useParams().id ?? Number.NaN);
  const navigate = useNavigate();
  const { manage } = useAllowed();
  const [adding, setAdding] = useState(false);
  const [order, setOrder] = useState<Order>('health');
  const rows = data?.rows.toSorted(compare(order)) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>信息源</h1>
        {data ? <Tallies list={data} /> : null}
        <div className="page-tools">
          <Select aria-label="排序" value={order} options={orders} onChange={setOrder} popupMatchSelectWidth={false} />
          {manage ? (
            <Button type="primary" onClick={() => setAdding(true)}>
              添加信息源
            </Button>
          ) : null}
        </div>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data && rows.length === 0 ? (
        <Nothing title="还没有信息源">
          <p className="quiet">{manage ? '添加公开网站的订阅源或列表页后，信息会自动采集。' : '请管理员添加信息源。'}</p>
        </Nothing>
      ) : null}
      {data?.canary ? <p className={data.canary.state === 'late' ? 'canary fault' : 'canary quiet'}>{data.canary.sentence}</p> : null}
      <ul className="sources">
        {rows.map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </ul>
      <Drawer title={`信息源 ${id}`} open={Number.isSafeInteger(id)} size={720} onClose={() => void navigate('/sources')} destroyOnHidden>
        {Number.isSafeInteger(id) ? <SourceCase id={id} /> : null}
      </Drawer>
      <SourceForm open={adding} source={null} onClose={() => setAdding(false)} />
    </div>
  );
}

function compare(order: Order): (a: SourceView, b: SourceView) => number {
  const byName = (a: SourceView, b: SourceView) => a.name.localeCompare(b.name, 'zh-CN');
  const by = (value: (source: SourceView) => number) => (a: SourceView, b: SourceView) => value(a) - value(b) || byName(a, b);
  if (order === 'name') return byName;
  if (order === 'news') return by(({ lastNewItemAt }) => (lastNewItemAt === null ? 0 : -Date.parse(lastNewItemAt)));
  if (order === 'items') return by(({ items }) => -items);
  if (order === 'coverage') return by(({ coverage }) => coverage ?? 2);
  return by(({ health }) => standingStates.indexOf(health.state));
}

function Tallies({ list: { rows, coverage } }: { list: SourceList }) {
  const count = (...states: SourceView['health']['state'][]) => rows.filter((row) => states.includes(row.health.state)).length;
  const ill = rows.filter((row) => row.health.advice !== null).length;
  return (
    <p className="quiet">
      共 {rows.length} 个，{ill > 0 ? <strong className="fault">不正常 {ill}</strong> : '不正常 0'}，正常 {count('healthy')}，暂停{' '}
      {count('paused')}
      {coverage.score === null ? null : (
        <span title={`近 ${coverage.days} 天应到的信息中，有检查在看着的份额；共 ${coverage.sources} 个信息源`}>
          ；覆盖率 {percent(coverage.score)}
        </span>
      )}
    </p>
  );
}
