import type { SourceDetail } from '@guanlan/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { sentence } from '../client.ts';
import { Fact, Facts as FactList } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { removeSource, sourceKindsQuery, sourceQuery, sourcesQuery, trySource } from '../queries.ts';
import { SourceActs } from './source-acts.tsx';
import { SourceForm } from './source-form.tsx';
import { Health, Trouble } from './source-row.tsx';
import { Trial } from './source-trial.tsx';
import { broughtBy, isFree, percent, rhythm } from './words.ts';

/** One source: how it stands and why, what to do, how the last checks went, and what was the matter before. */
export function SourceCase({ id }: { id: number }) {
  const { data, isPending, error, refetch } = useQuery(sourceQuery(id));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  const brought = broughtBy(data);
  return (
    <article className="case source-case">
      <h1>{data.name}</h1>
      <p>
        <Health health={data.health} /> {data.conditions.length === 0 ? data.health.sentence : null}
      </p>
      {data.conditions.map((condition) => (
        <Trouble key={condition.kind} sentence={condition.sentence} advice={condition.advice} />
      ))}
      {data.conditions.length === 0 && data.health.advice !== null ? (
        <p className="advice">
          <strong>怎么办</strong> {data.health.advice}
        </p>
      ) : null}
      <Facts source={data} brought={brought} />
      {brought === null ? <Tools source={data} /> : null}
      {brought === null ? <Checks checks={data.checks} /> : null}
      <Past source={data} />
    </article>
  );
}

function Facts({ source, brought }: { source: SourceDetail; brought: string | null }) {
  const kinds = useQuery(sourceKindsQuery).data?.rows;
  const paused = source.health.state === 'paused';
  return (
    <FactList>
      <Fact name="网址">
        {brought ?? (
          <a href={source.url} target="_blank" rel="noopener noreferrer">
            {source.url}
          </a>
        )}
      </Fact>
      <Fact name="种类">{kinds?.find(({ kind }) => kind === source.kind)?.title ?? brought ?? source.kind}</Fact>
      <Fact name="带来信息">
        <Link to={`/items?source=${source.id}`}>{source.items} 条</Link>
      </Fact>
      <Fact name="最近新信息">
        <Moment at={source.lastNewItemAt} both />
      </Fact>
      {brought === null ? (
        <>
          <Fact name="检查">
            {paused ? '—' : rhythm(source)}
            {isFree(source) ? '（按更新快慢自动调整）' : ''}
          </Fact>
          <Fact name="下次检查">{source.state === 'paused' ? '—' : <Moment at={source.nextCheckAt} both />}</Fact>
          <Fact name="覆盖率（近 7 天）">{source.coverage === null ? '—' : percent(source.coverage)}</Fact>
          <Fact name="内网地址">{source.allowPrivate ? '准许访问' : '不准访问'}</Fact>
        </>
      ) : null}
      <Fact name="算作本县">{source.local ? '是，它的内容都算涉及本县' : '否，看内容'}</Fact>
    </FactList>
  );
}

function Tools({ source }: { source: SourceDetail }) {
  const { manage } = useAllowed();
  const { message } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const trial = useMutation({ mutationFn: () => trySource(source.id, {}) });
  const leave = useMutation({
    mutationFn: () => removeSource(source.id),
    onSuccess: () => {
      void message.success(`已移除：${source.name}`);
      void client.invalidateQueries({ queryKey: sourcesQuery.queryKey, exact: true });
    },
    onError: (error) => void message.error(sentence(error)),
  });
  // Whoever has gone elsewhere meanwhile stays there.
  const goBack = async () => {
    await navigate('/sources');
    client.removeQueries({ queryKey: sourceQuery(source.id).queryKey });
  };
  return (
    <section className="block">
      <div className="source-tools">
        <SourceActs source={source} />
        {manage ? (
          <>
            <Button loading={trial.isPending} onClick={() => trial.mutate()}>
              试抓
            </Button>
            <Button onClick={() => setEditing(true)}>编辑</Button>
            <Popconfirm
              title={`移除“${source.name}”？`}
              description="不再监测，已有的信息保留。"
              okText="移除"
              okButtonProps={{ danger: true }}
              onConfirm={() => leave.mutate(undefined, { onSuccess: goBack })}
            >
              <Button danger disabled={leave.isPending}>
                移除
              </Button>
            </Popconfirm>
          </>
        ) : null}
      </div>
      <Trial trial={trial} />
      <SourceForm open={editing} source={source} onClose={() => setEditing(false)} />
    </section>
  );
}

function Checks({ checks }: { checks: SourceDetail['checks'] }) {
  return (
    <section className="block" aria-labelledby="source-checks">
      <h2 id="source-checks">最近的检查</h2>
      {checks.length === 0 ? <p className="quiet">还没有检查过。</p> : null}
      <ul className="checks">
        {checks.map((check) => (
          <li key={check.at}>
            <Moment at={check.at} both />
            {check.fault === null ? (
              <span>{check.unchanged ? '网站说没有变化' : `读到 ${check.entries} 条，新 ${check.fresh} 条`}</span>
            ) : (
              <span className="fault">{check.fault}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Past({ source: { past, entries } }: { source: SourceDetail }) {
  if (past.length === 0 && entries.length === 0) return null;
  return (
    <section className="block" aria-labelledby="source-past">
      <h2 id="source-past">过去</h2>
      <ul className="checks">
        {past.map((condition) => (
          <li key={`${condition.kind} ${condition.since}`}>
            <Moment at={condition.since} both />
            <span>
              <strong>{condition.title}</strong> 至 <Moment at={condition.resolvedAt} both />
            </span>
          </li>
        ))}
        {entries.map((entry) => (
          <li key={`${entry.kind} ${entry.at}`}>
            <Moment at={entry.at} both />
            <span>
              <strong>{entry.title}</strong> {entry.note}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
