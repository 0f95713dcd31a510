import type { ProgressView } from '@guanlan/contracts';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useAllowed } from '../parts/role.ts';
import { Fault, Loading } from '../parts/states.tsx';
import { trainingsQuery } from '../queries.ts';
import { TrainingForm } from './training-form.tsx';

/** The two yearly training targets, and the ledger behind them. */
export function Trainings({ progress }: { progress: ProgressView }) {
  const ledger = useQuery(trainingsQuery(progress.year));
  const [adding, setAdding] = useState(false);
  const { act } = useAllowed();
  return (
    <section className="block" aria-labelledby="trainings">
      <div className="block-head">
        <h2 id="trainings">培训</h2>
        {act ? (
          <Button size="small" onClick={() => setAdding(true)}>
            登记培训
          </Button>
        ) : null}
      </div>
      <div className="training-pair">
        {progress.trainings.map((training) => (
          <div key={training.kind} className="training">
            <h3>{training.title}</h3>
            <p className="figure figure-small">
              {training.held}
              <span className="quiet"> / {training.target} 次</span>
            </p>
            <Pips held={training.held} target={training.target} />
            <p className="quiet">累计 {training.people} 人次</p>
          </div>
        ))}
      </div>
      {ledger.isPending ? <Loading /> : null}
      {ledger.isError ? <Fault error={ledger.error} retry={() => void ledger.refetch()} /> : null}
      {ledger.data?.rows.length === 0 ? (
        <p className="quiet">台账还是空的：每办一次培训，在这里登记一次，附上签到表或通知的文号。</p>
      ) : null}
      {ledger.data && ledger.data.rows.length > 0 ? (
        <div className="scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">日期</th>
                <th scope="col">类别</th>
                <th scope="col">主题</th>
                <th scope="col" className="number">
                  人数
                </th>
                <th scope="col">佐证</th>
              </tr>
            </thead>
            <tbody>
              {ledger.data.rows.map((row) => (
                <tr key={row.id}>
                  <td className="nowrap">{row.heldOn}</td>
                  <td>{row.title}</td>
                  <td>{row.topic}</td>
                  <td className="number">{row.people}</td>
                  <td>{row.evidence ?? <span className="lack">未附</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {adding ? <TrainingForm onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

function Pips({ held, target }: { held: number; target: number }) {
  return (
    <div className="pips" role="img" aria-label={`已办 ${held} 次，目标 ${target} 次`}>
      {Array.from({ length: Math.max(target, held) }, (_, index) => (
        <span key={index} className={index < held ? 'pip pip-held' : 'pip'} />
      ))}
    </div>
  );
}
