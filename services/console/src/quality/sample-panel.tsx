import type { QualityView, SampleItems, SampleItemView, SampleView } from '@guanlan/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Segmented } from 'antd';
import { useState } from 'react';
import { sentence } from '../client.ts';
import { LevelTag } from '../parts/level-tag.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import { judgeSample, sampleQuery } from './quality-queries.ts';

type Estimate = NonNullable<QualityView['missed']>;

const strata = { local: '涉及本县或来自本县信息源', other: '其他' } as const;

/** What made no alert: each week some of it is drawn for a person to look at, and what was missed is estimated. */
export function SamplePanel({ samples, missed }: Pick<QualityView, 'samples' | 'missed'>) {
  const [week, setWeek] = useState<string | null>(null);
  return (
    <section className="block" aria-labelledby="quality-samples">
      <h2 id="quality-samples">
        有没有漏报 <span className="quiet">每周从没有形成预警的信息里随机抽一些，由人来看</span>
      </h2>
      {missed === null ? null : (
        <p role="status">
          近 {samples.length} 周看过的 {missed.judged} 条推算：没有形成预警的 {missed.population} 条里，约有{' '}
          <EstimateWords estimate={missed} /> 应当预警。
        </p>
      )}
      {samples.length === 0 ? (
        <Nothing title="还没有样本">
          <p className="quiet">一周结束后（周一起）自动抽取上一周的样本。</p>
        </Nothing>
      ) : (
        <div className="scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">周</th>
                <th scope="col">未预警</th>
                <th scope="col">抽取与判断</th>
                <th scope="col">估计漏报（95% 区间）</th>
                <th scope="col">
                  <span className="sr">操作</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {samples.map((sample) => (
                <Week key={sample.week} sample={sample} onOpen={() => setWeek(sample.week)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Drawer title={`${week ?? ''} 未预警信息抽样`} open={week !== null} size={760} onClose={() => setWeek(null)} destroyOnHidden>
        {week === null ? null : <Sample week={week} />}
      </Drawer>
    </section>
  );
}

function Week({ sample, onOpen }: { sample: SampleView; onOpen: () => void }) {
  const sum = (pick: (one: SampleView['strata'][number]) => number) => sample.strata.reduce((total, one) => total + pick(one), 0);
  const [drawn, judged] = [sum((one) => one.drawn), sum((one) => one.judged)];
  return (
    <tr>
      <td className="nowrap">{sample.week}</td>
      <td>
        {sample.strata.map((one) => (
          <div key={one.stratum}>
            {strata[one.stratum]} {one.population} 条
          </div>
        ))}
      </td>
      <td className="nowrap">
        抽 {drawn} 条，已判断 {judged} 条，其中应当预警 {sum((one) => one.missed)} 条
      </td>
      <td>{sample.missed === null ? <span className="quiet">两部分都有判断后给出</span> : <EstimateWords estimate={sample.missed} />}</td>
      <td>
        <Button size="small" type={judged < drawn ? 'primary' : 'default'} disabled={drawn === 0} onClick={onOpen}>
          {judged < drawn ? '去判断' : '查看'}
        </Button>
      </td>
    </tr>
  );
}

function EstimateWords({ estimate }: { estimate: Estimate }) {
  const round = (value: number) => Math.round(value).toLocaleString('en-US');
  return (
    <>
      <strong>{round(estimate.value)}</strong> 条
      <span className="quiet">
        （{round(estimate.low)}–{round(estimate.high)}）
      </span>
    </>
  );
}

function Sample({ week }: { week: string }) {
  const { data, isPending, error, refetch } = useQuery(sampleQuery(week));
  const [left, setLeft] = useState(true);
  // What is judged here stays where it is until the drawer is opened again.
  const [begun, setBegun] = useState<ReadonlySet<number>>(new Set());
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} retry={() => void refetch()} />;
  const rows = left ? data.rows.filter((row) => row.verdict === null || begun.has(row.itemId)) : data.rows;
  return (
    <div className="sample">
      <p className="quiet">只看内容：如果当时知道，值班员应不应当收到预警？这些判断只用来估计漏报，不改变信息的级别。</p>
      <Segmented
        aria-label="看哪些"
        value={left}
        onChange={setLeft}
        options={[
          { value: true, label: `待判断 ${data.rows.filter((row) => row.verdict === null).length}` },
          { value: false, label: `全部 ${data.rows.length}` },
        ]}
      />
      {rows.length === 0 ? <Nothing title="这一周都判断过了" /> : null}
      {rows.map((row) => (
        <Judged key={row.itemId} week={week} row={row} onJudged={() => setBegun((now) => new Set(now).add(row.itemId))} />
      ))}
    </div>
  );
}

function Judged({ week, row, onJudged }: { week: string; row: SampleItemView; onJudged: () => void }) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const allowed = useAllowed();
  const judge = useMutation({
    mutationFn: (verdict: 'missed' | 'fine') => judgeSample(week, row.itemId, { verdict }),
    onSuccess: (item) => {
      onJudged();
      client.setQueryData<SampleItems>(sampleQuery(week).queryKey, (held) => {
        return held && { ...held, rows: held.rows.map((one) => (one.itemId === item.itemId ? item : one)) };
      });
      void client.invalidateQueries({ queryKey: ['quality'] });
    },
    onError: (error) => void message.error(sentence(error)),
  });
  return (
    <article className="block sample-item" aria-label={row.title || `信息 ${row.itemId}`}>
      <h3>{row.title || '（无标题）'}</h3>
      <p className="item-meta">
        <LevelTag level={row.level} />
        <span>{row.source}</span>
        <Moment at={row.collectedAt} both />
        <span>{strata[row.stratum]}</span>
        {row.url === null ? null : (
          <a href={row.url} target="_blank" rel="noopener noreferrer">
            原文
          </a>
        )}
      </p>
      <p className="sample-text">{row.text}</p>
      <div className="rule-tools">
        {allowed.act ? (
          <>
            <Button
              type={row.verdict === 'fine' ? 'primary' : 'default'}
              aria-pressed={row.verdict === 'fine'}
              disabled={judge.isPending}
              onClick={() => judge.mutate('fine')}
            >
              不必预警
            </Button>
            <Button
              danger
              type={row.verdict === 'missed' ? 'primary' : 'default'}
              aria-pressed={row.verdict === 'missed'}
              disabled={judge.isPending}
              onClick={() => judge.mutate('missed')}
            >
              应当预警（漏报）
            </Button>
          </>
        ) : null}
        {row.judgedBy === null ? null : <span className="quiet">{row.judgedBy} 判断</span>}
      </div>
    </article>
  );
}
