import type { InhibitionView, SilenceView } from '@guanlan/contracts';
import { type CategoryId, categoryInfo, levelInfo } from '@guanlan/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { endInhibition, endSilence, inhibitionsQuery, silencesQuery } from '../alerting.ts';
import { sentence } from '../client.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { SilenceForm } from '../silence/silence-form.tsx';
import '../style/duty.css';

const stateTitles: Record<SilenceView['state'], string> = { ahead: '未开始', active: '生效中', over: '已结束' };

/** What is muted, until when, why, and by whom. */
export function Component() {
  const silences = useQuery(silencesQuery);
  const inhibitions = useQuery(inhibitionsQuery);
  const { act, manage } = useAllowed();
  const [adding, setAdding] = useState(false);
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>静默与抑制</h1>
        <p className="quiet">预警提示照常生成并留痕，只是不发通知；特别重大（I 级）不受影响。</p>
        <div className="page-tools">
          {act ? (
            <Button type="primary" onClick={() => setAdding(true)}>
              新建静默
            </Button>
          ) : null}
        </div>
      </div>
      {silences.isPending ? <Loading /> : null}
      {silences.isError && !silences.data ? <Fault error={silences.error} retry={() => void silences.refetch()} /> : null}
      <section className="block" aria-labelledby="silences">
        <h2 id="silences">静默</h2>
        {silences.data?.rows.length === 0 ? <p className="quiet">没有静默。</p> : null}
        <ul className="lines">
          {silences.data?.rows.map((row) => (
            <Line
              key={row.id}
              row={row}
              title={`${levelInfo[row.maxLevel].title}及以下，${about(row.categories, row.places)}`}
              end={act ? endSilence : null}
            />
          ))}
        </ul>
      </section>
      <section className="block" aria-labelledby="inhibitions">
        <h2 id="inhibitions">抑制规则</h2>
        <ul className="lines">
          {inhibitions.data?.rows.map((row) => (
            <Line
              key={row.id}
              row={row}
              title={`${levelInfo[row.minLevel].title}及以上的预警打开后 ${row.minutes} 分钟内，同一地点的低级别不再另行通知，${about(row.categories, [])}`}
              end={manage ? endInhibition : null}
            />
          ))}
        </ul>
      </section>
      <SilenceForm open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}

function about(categories: readonly CategoryId[], places: readonly string[]): string {
  const what = categories.length === 0 ? '全部类别' : categories.map((id) => categoryInfo(id).title).join('、');
  return places.length === 0 ? what : `${what}，${places.join('、')}`;
}

interface LineProps {
  row: SilenceView | InhibitionView;
  title: string;
  end: ((id: number) => Promise<unknown>) | null;
}

function Line({ row, title, end }: LineProps) {
  const client = useQueryClient();
  const { message } = App.useApp();
  const over = useMutation({
    mutationFn: () => end?.(row.id) ?? Promise.resolve(),
    onSuccess: () => void message.success('已结束'),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries(),
  });
  return (
    <li className={`line line-${row.state}`}>
      <div className="line-head">
        <span className={`tag tag-${row.state}`}>{stateTitles[row.state]}</span>
        <strong>{title}</strong>
        {end !== null && row.state !== 'over' ? (
          <span className="line-when">
            <Popconfirm title="现在结束？" okText="结束" onConfirm={() => over.mutate()}>
              <Button size="small" loading={over.isPending}>
                结束
              </Button>
            </Popconfirm>
          </span>
        ) : null}
      </div>
      <p className="line-reason">理由：{row.reason}</p>
      <p className="quiet">
        {row.actor} · <Moment at={row.startsAt} both /> 起，
        {row.endedAt !== null ? (
          <>
            {row.endedBy} <Moment at={row.endedAt} both /> 结束
          </>
        ) : row.endsAt === null ? (
          '长期有效'
        ) : (
          <>
            至 <Moment at={row.endsAt} both />
          </>
        )}
      </p>
    </li>
  );
}
