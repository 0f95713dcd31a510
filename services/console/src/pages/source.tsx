import type { SourceView } from '@guanlan/contracts';
import { type BroughtKind, type ErrorCode, errorTable, isBrought } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { sentence } from '../client.ts';
import { Moment } from '../parts/moment.tsx';
import { useNow } from '../parts/now.ts';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { checkSource, pauseSource, resumeSource, sourcesQuery } from '../queries.ts';
import { SourceForm } from '../source/source-form.tsx';
import { duration } from '../time.ts';

const broughtBy: Record<BroughtKind, string> = {
  intake: '由其他系统通过接口推送',
  import: '由文件导入',
  report: '由直报单位上报',
  drill: '演练投放，不计入统计',
};
const stateTitles: Record<SourceView['state'], string> = { new: '待首次检查', healthy: '正常', failing: '失败', paused: '已暂停' };
const order: Record<SourceView['state'], number> = { failing: 0, new: 1, healthy: 2, paused: 3 };

/** Where items come from, and whether they still do; what fails stands on top. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(sourcesQuery);
  const { manage } = useAllowed();
  const [adding, setAdding] = useState(false);
  const rows = data?.rows.toSorted((a, b) => order[a.state] - order[b.state] || a.name.localeCompare(b.name, 'zh-CN')) ?? [];
  return (
    <div className="page">
      <div className="page-head">
        <h1>信息源</h1>
        {data ? <Tallies rows={rows} /> : null}
        <div className="page-tools">
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
      <ul className="sources">
        {rows.map((source) => (
          <Source key={source.id} source={source} />
        ))}
      </ul>
      <SourceForm open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}

function Tallies({ rows }: { rows: readonly SourceView[] }) {
  const count = (state: SourceView['state']) => rows.filter((row) => row.state === state).length;
  const failing = count('failing');
  return (
    <p className="quiet">
      共 {rows.length} 个，正常 {count('healthy')}，{failing > 0 ? <strong className="fault">失败 {failing}</strong> : '失败 0'}，暂停{' '}
      {count('paused')}
    </p>
  );
}

function Source({ source }: { source: SourceView }) {
  return (
    <li className={`source source-${source.state}`}>
      <div className="source-name">
        <p>
          <span className={`health health-${source.state}`}>{stateTitles[source.state]}</span>
          <strong>{source.name}</strong>
          {source.local ? <span className="term">本地</span> : null}
        </p>
        {pushed(source) ? (
          <span className="source-url">{broughtBy[source.kind as BroughtKind]}</span>
        ) : (
          <a className="source-url" href={source.url} target="_blank" rel="noopener noreferrer">
            {source.url}
          </a>
        )}
      </div>
      <dl className="source-facts">
        <Fact name="最近成功">
          <Moment at={source.lastSuccessAt} />
        </Fact>
        <Fact name="最近新信息">
          <Moment at={source.lastNewItemAt} />
        </Fact>
        <Fact name="带来信息">
          <Link to={`/items?source=${source.id}`}>{source.items} 条</Link>
        </Fact>
        <Fact name="间隔">{pushed(source) ? '—' : interval(source.everySeconds)}</Fact>
      </dl>
      {pushed(source) ? <span /> : <SourceActs source={source} />}
      {source.fault === null ? null : <Trouble source={source} fault={source.fault} />}
    </li>
  );
}

function interval(seconds: number): string {
  return seconds < 60 ? `${seconds} 秒` : duration(seconds * 1_000);
}

/** Other systems, files and units bring these; there is nothing to fetch, to pause or to check. */
function pushed(source: SourceView): boolean {
  return isBrought(source.kind);
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Trouble({ source, fault }: { source: SourceView; fault: NonNullable<SourceView['fault']> }) {
  const now = useNow();
  const title = Object.hasOwn(errorTable, fault.code) ? errorTable[fault.code as ErrorCode].title : '读取失败';
  const since = source.failingSince === null ? '' : `，已持续 ${duration(now.getTime() - new Date(source.failingSince).getTime())}`;
  return (
    <p className="trouble">
      <strong>{title}</strong>：{fault.message}
      <span className="quiet">
        （连续 {source.failures} 次{since}
        {source.state === 'paused' ? '' : '，下次检查 '}
        {source.state === 'paused' ? null : <Moment at={source.nextCheckAt} />}）
      </span>
    </p>
  );
}

function SourceActs({ source }: { source: SourceView }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const { act, manage } = useAllowed();
  const change = useMutation({
    mutationFn: ({ run }: { run: (id: number) => Promise<unknown>; done: string }) => run(source.id),
    onSuccess: (_, { done }) => void message.success(`${done}：${source.name}`),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
  });
  return (
    <div className="source-acts">
      {act && source.state !== 'paused' ? (
        <Button disabled={change.isPending} onClick={() => change.mutate({ run: checkSource, done: '已安排立即检查' })}>
          立即检查
        </Button>
      ) : null}
      {manage && source.state === 'paused' ? (
        <Button disabled={change.isPending} onClick={() => change.mutate({ run: resumeSource, done: '已恢复' })}>
          恢复
        </Button>
      ) : null}
      {manage && source.state !== 'paused' ? (
        <Popconfirm
          title={`暂停“${source.name}”？`}
          description="暂停后不再采集，随时可以恢复。"
          okText="暂停"
          onConfirm={() => change.mutate({ run: pauseSource, done: '已暂停' })}
        >
          <Button disabled={change.isPending}>暂停</Button>
        </Popconfirm>
      ) : null}
    </div>
  );
}
