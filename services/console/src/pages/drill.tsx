import type { DrillView } from '@guanlan/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { drillReportQuery, drillsQuery, endDrill, startDrill } from '../alerting.ts';
import { sentence } from '../client.ts';
import { DutyNav } from '../parts/duty-nav.tsx';
import { Moment } from '../parts/moment.tsx';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading, Nothing } from '../parts/states.tsx';
import '../style/duty.css';

/** Drills: begin one, and see how long each step of the last ones took. */
export function Component() {
  const { data, isPending, error, refetch } = useQuery(drillsQuery);
  const under = data?.rows.find(({ endedAt }) => endedAt === null);
  return (
    <div className="page">
      <DutyNav />
      <div className="page-head">
        <h1>演练</h1>
        <p className="quiet">投放一起虚构事件，走完全部环节并计时。全程标明“演练”，不计入监测数量、会商材料和质量统计。</p>
      </div>
      {isPending ? <Loading /> : null}
      {!data && error ? <Fault error={error} retry={() => void refetch()} /> : null}
      {data ? (
        <section className="block" aria-labelledby="scripts">
          <h2 id="scripts">脚本</h2>
          <ul className="lines">
            {data.scripts.map((script) => (
              <Script key={script.id} script={script} busy={under !== undefined} />
            ))}
          </ul>
        </section>
      ) : null}
      {data?.rows.length === 0 ? <Nothing title="还没有演练过" /> : null}
      {data?.rows.map((drill, index) => (
        <Drill key={drill.id} drill={drill} shown={index === 0} />
      ))}
    </div>
  );
}

function useDrillAct(done: string) {
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: () => void message.success(done),
    onError: (error) => void message.error(sentence(error)),
    onSettled: () => void client.invalidateQueries({ queryKey: drillsQuery.queryKey }),
  });
}

function Script({ script, busy }: { script: { id: string; title: string; aim: string; steps: number }; busy: boolean }) {
  const { act } = useAllowed();
  const start = useDrillAct('演练已开始，请按真实流程处置');
  return (
    <li className="line">
      <div className="line-head">
        <strong>{script.title}</strong>
        <span className="quiet">{script.steps} 步</span>
        {act ? (
          <span className="line-when">
            <Popconfirm
              title={`开始演练“${script.title}”？`}
              description="值班员会收到标明“演练”的通知。"
              okText="开始演练"
              onConfirm={() => start.mutate(() => startDrill(script.id))}
            >
              <Button size="small" type="primary" disabled={busy} loading={start.isPending}>
                开始演练
              </Button>
            </Popconfirm>
          </span>
        ) : null}
      </div>
      <p className="line-reason">{script.aim}</p>
    </li>
  );
}

function Drill({ drill, shown }: { drill: DrillView; shown: boolean }) {
  const [open, setOpen] = useState(shown);
  const { act } = useAllowed();
  const end = useDrillAct('演练已结束');
  return (
    <section className="block" aria-label={`演练 ${drill.id}`}>
      <div className="block-head">
        <h2>
          {drill.title} <span className="quiet">演练 {drill.id}</span>
        </h2>
        <span className={drill.endedAt === null ? 'tag tag-active' : 'tag'}>{drill.endedAt === null ? '进行中' : '已结束'}</span>
        <span className="quiet">
          {drill.actor} 发起，
          <Moment at={drill.startedAt} both />
        </span>
        {drill.alertIds.map((id) => (
          <Link key={id} to={`/alerts/${id}`}>
            预警 {id}
          </Link>
        ))}
        {act && drill.endedAt === null ? (
          <Button size="small" loading={end.isPending} onClick={() => end.mutate(() => endDrill(drill.id))}>
            结束演练
          </Button>
        ) : null}
        <Button size="small" type="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? '收起报告' : '看报告'}
        </Button>
      </div>
      {open ? <Report id={drill.id} /> : null}
    </section>
  );
}

function Report({ id }: { id: number }) {
  const { data, isPending, error } = useQuery(drillReportQuery(id));
  if (isPending) return <Loading />;
  if (!data) return <Fault error={error} />;
  return (
    <>
      <div className="scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">步骤</th>
              <th scope="col">时间</th>
              <th scope="col" className="number">
                距上一步
              </th>
              <th scope="col" className="number">
                距投放
              </th>
            </tr>
          </thead>
          <tbody>
            {data.lines.map((line) => (
              <tr key={line.title}>
                <td>{line.title}</td>
                <td>{line.at === null ? <span className="quiet">未进行</span> : <Moment at={line.at} both />}</td>
                <td className="number">{span(line.sinceLastMs)}</td>
                <td className="number">{span(line.sinceStartMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="findings">
        {data.findings.map((finding) => (
          <li key={finding}>{finding}</li>
        ))}
      </ul>
    </>
  );
}

function span(ms: number | null): string {
  if (ms === null) return '—';
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} 秒` : `${Math.floor(ms / 60_000)} 分 ${Math.round((ms % 60_000) / 1_000)} 秒`;
}
