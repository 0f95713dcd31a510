import type { ProgressView } from '@guanlan/contracts';
import { useQuery } from '@tanstack/react-query';
import { Fault, Loading } from '../parts/states.tsx';
import { trainingsQuery } from '../queries.ts';

/** The two yearly training targets, and the ledger behind them. */
export function Trainings({ progress }: { progress: ProgressView }) {
  const ledger = useQuery(trainingsQuery(progress.year));
  return (
    <section className="block" aria-labelledby="trainings">
      <h2 id="trainings">培训</h2>
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
        <p className="quiet">
          台账还是空的。用命令 <code>guanlan training add --kind business --date 日期 --topic 主题 --people 人数</code> 登记。
        </p>
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
